//! Comments: what a reviewer says of them, and what of that the database holds.

use super::freezing::{compose, freeze};
use super::scene::Scene;
use crate::StorageError;
use crate::signatures::{Signature, Withdrawal};
use chrono::Duration;
use redress_model::comment::CommentReview::{self, Passed, Refused, Unseen};
use redress_model::id::{PetitionId, SignatureId};
use redress_model::petition::Confirmation as Mode;

/// Somebody who signs with words of their own, confirms, and agrees to show them or does not.
async fn says(scene: &mut Scene, petition: PetitionId, name: &str, agrees: bool) -> SignatureId {
    scene.wait(Duration::seconds(1));
    let mut new = scene.signer(petition, &format!("{name}@example.org"), name, "45001");
    new.sealed.comment = Some(format!("words of {name}").into_bytes());
    new.wishes.shares_comment = agrees;
    scene.sign(&new).await;
    scene.confirm(new.id).await;
    new.id
}

async fn review(
    scene: &Scene,
    petition: PetitionId,
    ids: &[SignatureId],
    review: CommentReview,
) -> Vec<SignatureId> {
    let deed = scene.deed("comment.review");
    let comments = &scene.store.comments;
    let changed = comments.review_comments(petition, ids, review, &deed).await;
    changed.expect("reviewed")
}

async fn listed(scene: &Scene, petition: PetitionId, review: CommentReview) -> Vec<SignatureId> {
    let comments = &scene.other.comments;
    let listed = comments.list_comments(petition, review, None, 100).await;
    let listed = listed.expect("listed");
    let count = comments.count_comments(petition, review).await;
    assert_eq!(count.expect("counted"), listed.len() as u64);
    listed.into_iter().map(|row| row.id).collect()
}

async fn row(scene: &Scene, id: SignatureId) -> Signature {
    let found = scene.store.signatures.find_signature(id).await;
    found.expect("read").expect("there")
}

async fn reviews(scene: &Scene) -> usize {
    let deeds = scene.store.audit.list_deeds(0, 1_000).await;
    let deeds = deeds.expect("read");
    deeds
        .iter()
        .filter(|deed| deed.action == "comment.review")
        .count()
}

/// Only of who agreed and counts.
pub async fn a_comment_waits_until_a_reviewer_decides(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ana = says(scene, petition, "ana", true).await;
    let ben = says(scene, petition, "ben", true).await;
    let quiet = says(scene, petition, "cid", false).await;
    let wordless = scene
        .sign_and_confirm(petition, "dee@example.org", "dee", "45001")
        .await;
    let mut waiting = scene.signer(petition, "eve@example.org", "eve", "45001");
    waiting.sealed.comment = Some(b"words".to_vec());
    waiting.wishes.shares_comment = true;
    scene.sign(&waiting).await;
    assert_eq!(listed(scene, petition, Unseen).await, [ana, ben]);
    assert_eq!(row(scene, wordless).await.review, None);
    assert_eq!(
        row(scene, quiet).await.review.map(|it| it.state),
        Some(Unseen)
    );
    assert!(!row(scene, ana).await.shows_comment());

    assert_eq!(
        review(scene, petition, &[ben, ana, wordless], Passed).await,
        [ana, ben]
    );
    assert_eq!(review(scene, petition, &[ben], Refused).await, [ben]);

    assert_eq!(listed(scene, petition, Unseen).await, []);
    assert_eq!(listed(scene, petition, Passed).await, [ana]);
    assert_eq!(listed(scene, petition, Refused).await, [ben]);
    let found = row(scene, ana).await;
    let decided = Some(("command_line".to_owned(), scene.at));
    assert_eq!(found.review.as_ref().expect("there").decided, decided);
    assert!(found.shows_comment() && !row(scene, ben).await.shows_comment());
    // Who does not agree is shown to nobody, whatever is said of the words.
    review(scene, petition, &[quiet], Passed).await;
    assert!(!row(scene, quiet).await.shows_comment());
    let all = [ana, ben, quiet, wordless, waiting.id];
    let shown = scene.other.comments.list_shown(&all).await;
    assert_eq!(shown.expect("listed"), [ana]);
    scene.confirm(waiting.id).await;
    assert_eq!(listed(scene, petition, Unseen).await, [waiting.id]);
}

/// And one that is taken back is as if nobody had looked.
pub async fn a_decision_made_twice_is_one_and_can_be_taken_back(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ana = says(scene, petition, "ana", true).await;
    let first = scene.at;
    review(scene, petition, &[ana], Passed).await;
    scene.wait(Duration::hours(1));
    assert_eq!(review(scene, petition, &[ana], Passed).await, []);
    let decided = row(scene, ana).await.review.expect("there").decided;
    assert_eq!(decided, Some(("command_line".to_owned(), first)));
    assert_eq!(reviews(scene).await, 1);

    assert_eq!(review(scene, petition, &[ana], Unseen).await, [ana]);
    let found = row(scene, ana).await.review.expect("there");
    assert_eq!((found.state, found.decided), (Unseen, None));
    assert_eq!(listed(scene, petition, Unseen).await, [ana]);
    assert_eq!(reviews(scene).await, 2);

    let deed = scene.deed("comment.review");
    let (one, other) = (&scene.store.comments, &scene.other.comments);
    let ids = [ana];
    let (one, other) = tokio::join!(
        one.review_comments(petition, &ids, Refused, &deed),
        other.review_comments(petition, &ids, Refused, &deed)
    );
    let changed = one.expect("reviewed").len() + other.expect("reviewed").len();
    assert_eq!((changed, reviews(scene).await), (1, 3));
    assert_eq!(
        scene.store.audit.find_broken_link().await.expect("read"),
        None
    );
}

/// Oldest first, of one petition.
pub async fn comments_are_listed_page_by_page_and_decided_in_their_petition(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let other = scene.petition(Mode::Email).await;
    let elsewhere = says(scene, other, "ana", true).await;
    let mut expected = Vec::new();
    for number in 0..25 {
        expected.push(says(scene, petition, &format!("signer{number}"), true).await);
    }
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let comments = &scene.store.comments;
        let page = comments.list_comments(petition, Unseen, after, 10).await;
        let page = page.expect("listed");
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        found.extend(page.iter().map(|row| row.id));
    }
    assert_eq!(found, expected);

    expected.push(elsewhere);
    let changed = review(scene, petition, &expected, Passed).await;
    assert_eq!(changed, expected[..25]);
    assert_eq!(listed(scene, other, Unseen).await, [elsewhere]);
    assert_eq!(reviews(scene).await, 1);
}

/// And who does not count any more is not asked about.
pub async fn erasing_takes_the_review_with_the_comment(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ana = says(scene, petition, "ana", true).await;
    let ben = says(scene, petition, "ben", true).await;
    review(scene, petition, &[ana, ben], Passed).await;
    let signatures = &scene.store.signatures;
    signatures.erase(ana, scene.at).await.expect("erased");
    let withdrawal = Withdrawal {
        id: ben,
        at: scene.at,
    };
    signatures.withdraw(&[withdrawal]).await.expect("withdrawn");

    assert_eq!(row(scene, ana).await.review, None);
    assert_eq!(listed(scene, petition, Passed).await, []);
    assert_eq!(review(scene, petition, &[ana], Refused).await, []);
    let shown = scene.store.comments.list_shown(&[ana]).await;
    assert_eq!(shown.expect("listed"), []);
}

/// Whoever writes past storage as well.
pub async fn the_database_holds_the_review_of_a_comment(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ana = says(scene, petition, "ana", true).await;
    let wordless = scene
        .sign_and_confirm(petition, "ben@example.org", "ben", "45001")
        .await;
    for (statement, id) in [
        (
            "update signature set comment_review = null where id = $1",
            ana,
        ),
        (
            "update signature set comment_review = 'liked' where id = $1",
            ana,
        ),
        (
            "update signature set comment_review = 'passed' where id = $1",
            ana,
        ),
        (
            "update signature set comment_reviewed_by = 'somebody' where id = $1",
            ana,
        ),
        (
            "update signature set comment_review = 'unseen' where id = $1",
            wordless,
        ),
        (
            "update signature set sealed_comment = sealed_signer where id = $1",
            wordless,
        ),
    ] {
        let refused = (scene.run)(statement, id).await;
        assert_eq!(
            refused,
            Err("signature_comment_review".into()),
            "{statement}"
        );
    }

    review(scene, petition, &[ana], Passed).await;
    let changed = "update signature set sealed_comment = sealed_signer where id = $1";
    assert_eq!((scene.run)(changed, ana).await, Ok(1));
    let found = row(scene, ana).await.review.expect("there");
    assert_eq!((found.state, found.decided), (Unseen, None));
}

/// It is composed again, without it.
pub async fn a_comment_refused_meanwhile_makes_a_batch_stale(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ana = says(scene, petition, "ana", true).await;
    let ben = says(scene, petition, "ben", true).await;
    review(scene, petition, &[ana, ben], Passed).await;
    let mut batch = compose(scene, petition).await;
    batch.printed_comments = vec![ana, ben];
    review(scene, petition, &[ben], Refused).await;

    let stale = freeze(scene, &batch).await;
    assert!(
        matches!(stale, Err(StorageError::Stale("comment"))),
        "{stale:?}"
    );
    assert_eq!(row(scene, ana).await.frozen_at, None);

    batch.printed_comments = vec![ana];
    freeze(scene, &batch).await.expect("frozen");
    assert_eq!(row(scene, ben).await.frozen_at, Some(scene.at));
}
