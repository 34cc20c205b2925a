//! Mail that waits.

use super::scene::Scene;
use crate::mails::MailKind;
use crate::signatures::{Refusal, SignOutcome};
use chrono::Duration;
use redress_model::id::MailId;
use redress_model::petition::Confirmation as Mode;

/// For one e-mail and petition, whatever is submitted; in any 24 hours.
pub async fn five_mails_at_most_in_24_hours(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let mut batch = Vec::new();
    for _ in 0..4 {
        batch.push(scene.signer(petition, "ana@example.org", "ana", "45001"));
    }
    scene
        .store
        .signatures
        .record_signatures(&batch)
        .await
        .expect("recorded");
    scene.wait(Duration::hours(23));
    for _ in 0..4 {
        let again = scene.signer(petition, "ana@example.org", "ana", "45001");
        scene.sign(&again).await;
    }
    assert_eq!(scene.take_mails().await.len(), 5);

    // Four of the five are a day old now, one is not.
    scene.wait(Duration::hours(2));
    for _ in 0..9 {
        let again = scene.signer(petition, "ana@example.org", "ana", "45001");
        scene.sign(&again).await;
    }
    assert_eq!(scene.take_mails().await.len(), 4);
    let elsewhere = scene.petition(Mode::Email).await;
    let other = scene.signer(elsewhere, "ana@example.org", "ana", "45001");
    scene.sign(&other).await;
    assert_eq!(scene.take_mails().await.len(), 1);
}

/// With the name typed this time.
pub async fn a_pending_signer_gets_the_mail_again_and_a_confirmed_one_a_notice(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ana = scene.signer(petition, "ana@example.org", "ana", "45001");
    let again = scene.signer(petition, "ana@example.org", "ana", "45001");
    scene.sign(&ana).await;
    let refusal = Refusal::Again(ana.id);
    assert_eq!(
        scene.sign(&again).await,
        SignOutcome::Refused {
            refusal,
            has_mail: true
        }
    );
    let mails = scene.take_mails().await;
    let facts =
        |mail: &crate::mails::Mail| (mail.kind, mail.signature_id, mail.sealed_signer.is_some());
    assert_eq!(
        mails.iter().map(facts).collect::<Vec<_>>(),
        [(MailKind::Confirm, ana.id, false); 2]
    );

    scene.confirm(ana.id).await;
    scene.wait(Duration::minutes(1));
    let third = scene.signer(petition, "ana@example.org", "ana", "45001");
    scene.sign(&third).await;
    let mails = scene.take_mails().await;
    assert_eq!(
        mails.iter().map(facts).collect::<Vec<_>>(),
        [(MailKind::AlreadySigned, ana.id, true)]
    );
    assert_eq!(mails[0].id, MailId(third.id.0));
}

/// Their links would lead nowhere.
pub async fn who_is_replaced_within_a_batch_gets_no_mail(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let stranger = scene.signer(petition, "ana@example.org", "stranger", "45999");
    let ana = scene.signer(petition, "ana@example.org", "ana", "45001");
    scene
        .store
        .signatures
        .record_signatures(&[stranger, ana.clone()])
        .await
        .expect("recorded");

    let mails = scene.take_mails().await;

    assert_eq!(
        mails
            .iter()
            .map(|mail| mail.signature_id)
            .collect::<Vec<_>>(),
        [ana.id]
    );
    scene.assert_counts_hold(petition).await;
}

/// Two mailers work on one queue.
pub async fn a_mail_is_claimed_once_until_its_claim_is_over(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let mut batch = Vec::new();
    for person in 0..30 {
        batch.push(scene.signer(petition, &format!("{person}@example.org"), "ana", "45001"));
    }
    scene
        .store
        .signatures
        .record_signatures(&batch)
        .await
        .expect("recorded");
    let (at, until_at) = (scene.at, scene.at + Duration::minutes(5));

    let (one, other) = tokio::join!(
        scene.store.mails.claim_mails(at, until_at, 20),
        scene.other.mails.claim_mails(at, until_at, 20)
    );
    let mut ids: Vec<_> = one
        .expect("claimed")
        .into_iter()
        .chain(other.expect("claimed"))
        .map(|mail| mail.id)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 30);
    assert!(
        scene
            .store
            .mails
            .claim_mails(at, until_at, 20)
            .await
            .expect("claimed")
            .is_empty()
    );

    scene
        .store
        .mails
        .finish_mails(&ids[..10])
        .await
        .expect("finished");
    scene
        .store
        .mails
        .defer_mails(&ids[10..15], at + Duration::days(1))
        .await
        .expect("deferred");
    let again = scene
        .store
        .mails
        .claim_mails(until_at, until_at + Duration::minutes(5), 100)
        .await
        .expect("claimed");
    assert_eq!(again.len(), 15);
    assert!(again.iter().all(|mail| mail.attempts == 2));
    assert_eq!(scene.store.mails.count_mails().await.expect("counted"), 20);
}

/// After two days, once.
pub async fn one_reminder_goes_out(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ana = scene.signer(petition, "ana@example.org", "ana", "45001");
    scene.sign(&ana).await;
    scene
        .sign_and_confirm(petition, "ben@example.org", "ben", "45001")
        .await;
    scene.take_mails().await;
    scene.wait(Duration::days(2) + Duration::minutes(1));
    let before_at = scene.at - Duration::days(2);

    for expected in [1, 0] {
        let reminded = scene
            .store
            .signatures
            .remind(before_at, scene.at, 100, &mut scene.random)
            .await;
        assert_eq!(reminded.expect("reminded"), expected);
    }
    let mails = scene.take_mails().await;
    assert_eq!(
        mails
            .iter()
            .map(|mail| (mail.kind, mail.signature_id))
            .collect::<Vec<_>>(),
        [(MailKind::Reminder, ana.id)]
    );
}

/// Its link and its mail end, the limit of its mailbox holds, and a day later it is gone.
pub async fn who_gave_another_address_is_retired(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ana = scene.signer(petition, "ana@example.org", "ana", "45001");
    scene.sign(&ana).await;
    let until_at = scene.at + Duration::hours(24);
    let signatures = scene.store.signatures.clone();
    assert!(signatures.retire(ana.id, until_at).await.expect("retired"));
    assert!(scene.take_mails().await.is_empty());
    let kept = signatures.find_signature(ana.id).await;
    let kept = kept.expect("read").expect("there");
    assert_eq!((kept.epoch, kept.confirm_by_at), (1, until_at));

    for number in 0..6 {
        let name = format!("ben {number}");
        let next = scene.signer(petition, "ana@example.org", &name, "45001");
        scene.sign(&next).await;
        signatures.retire(next.id, until_at).await.expect("retired");
    }
    let last = scene.signer(petition, "ana@example.org", "dot", "45001");
    scene.sign(&last).await;
    assert!(scene.take_mails().await.is_empty(), "five were counted");
    signatures.retire(last.id, until_at).await.expect("retired");

    scene.wait(Duration::hours(25));
    signatures
        .erase_expired(scene.at, 100)
        .await
        .expect("erased");
    let gone = signatures.find_signature(last.id).await;
    let gone = gone.expect("read").expect("there");
    assert!(gone.sealed.is_none());
    assert!(!signatures.retire(last.id, until_at).await.expect("asked"));
    scene.assert_counts_hold(petition).await;
}
