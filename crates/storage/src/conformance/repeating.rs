//! What programs send twice.

use super::scene::{Scene, fingerprint};
use crate::submission_keys::{KEPT, SubmissionKey};
use chrono::Duration;
use redress_model::id::SignatureId;
use redress_model::petition::Confirmation as Mode;
use uuid::Uuid;

async fn key(scene: &mut Scene, key: &str, body: &str, id: u128) -> SubmissionKey {
    SubmissionKey {
        petition_id: scene.petition(Mode::Email).await,
        key_hash: fingerprint(key),
        body_hash: fingerprint(body),
        signature_id: SignatureId(Uuid::from_u128(id)),
        claimed_at: scene.at,
    }
}

/// The first has it; the second is told whose it is and what was sent.
pub async fn a_key_stands_for_the_first_that_was_sent_under_it(scene: &mut Scene) {
    let first = key(scene, "k", "a", 1).await;
    let keys = scene.store.submission_keys.clone();
    let (petition, hash) = (first.petition_id, first.key_hash);
    let none = keys.find_submission_key(petition, hash, scene.at).await;
    assert_eq!(none.expect("asked"), None);
    let claimed = keys.claim_submission_key(&first).await.expect("claimed");
    assert_eq!(claimed.signature_id, first.signature_id);
    assert!(!claimed.is_done);
    keys.finish_submission_key(petition, hash)
        .await
        .expect("done");

    scene.wait(Duration::hours(1));
    let second = SubmissionKey {
        body_hash: fingerprint("b"),
        signature_id: SignatureId(Uuid::from_u128(2)),
        claimed_at: scene.at,
        ..first
    };
    let other = scene.other.submission_keys.clone();
    let claimed = other.claim_submission_key(&second).await.expect("claimed");
    assert_eq!(claimed.signature_id, first.signature_id);
    assert_eq!(claimed.body_hash, first.body_hash);
    assert_eq!(claimed.claimed_at, first.claimed_at);
    assert!(claimed.is_done);
    let found = other.find_submission_key(petition, hash, scene.at).await;
    assert_eq!(found.expect("asked"), Some(claimed));

    let elsewhere = key(scene, "k", "b", 3).await;
    let claimed = keys.claim_submission_key(&elsewhere).await;
    assert_eq!(
        claimed.expect("claimed").signature_id,
        elsewhere.signature_id
    );
}

/// Then it is free again, and upkeep erases it.
pub async fn a_key_is_over_after_a_day(scene: &mut Scene) {
    let first = key(scene, "k", "a", 1).await;
    let keys = scene.store.submission_keys.clone();
    keys.claim_submission_key(&first).await.expect("claimed");
    keys.finish_submission_key(first.petition_id, first.key_hash)
        .await
        .expect("done");
    let kept = keys.erase_submission_keys(scene.at, 10).await;
    assert_eq!(kept.expect("erased"), 0);

    scene.wait(KEPT);
    let over = keys
        .find_submission_key(first.petition_id, first.key_hash, scene.at)
        .await;
    assert_eq!(over.expect("asked"), None);
    let next = SubmissionKey {
        signature_id: SignatureId(Uuid::from_u128(2)),
        claimed_at: scene.at,
        ..first
    };
    let claimed = keys.claim_submission_key(&next).await.expect("claimed");
    assert_eq!(claimed.signature_id, next.signature_id);
    assert!(!claimed.is_done);

    scene.wait(KEPT);
    let erased = keys.erase_submission_keys(scene.at, 10).await;
    assert_eq!(erased.expect("erased"), 1);
}

/// On two processes too.
pub async fn of_two_requests_at_once_one_has_the_key(scene: &mut Scene) {
    for round in 0..20 {
        let one = key(scene, "k", "a", 100 + round).await;
        let other = SubmissionKey {
            signature_id: SignatureId(Uuid::from_u128(200 + round)),
            ..one
        };
        let (a, b) = tokio::join!(
            scene.store.submission_keys.claim_submission_key(&one),
            scene.other.submission_keys.claim_submission_key(&other)
        );
        assert_eq!(a.expect("claimed"), b.expect("claimed"));
    }
}
