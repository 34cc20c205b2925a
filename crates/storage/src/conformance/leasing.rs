//! Letters in a mailer's hands: who may write, and what became of each try.

use super::delivering::{OTHER, TOKEN, approved, claim, envelope, find, outcome, send};
use super::scene::Scene;
use crate::StorageError;
use crate::breakers::Heed;
use chrono::Duration;
use redress_model::delivery::state::DeliveryState;

/// However often both ask.
pub async fn a_delivery_is_claimed_by_one_of_two_processes(scene: &mut Scene) {
    let (_, id) = approved(scene).await;
    let until_at = scene.at + Duration::minutes(5);
    let (one, other) = tokio::join!(
        scene
            .store
            .deliveries
            .claim_deliveries(scene.at, until_at, TOKEN, 10, Heed::All.into()),
        scene
            .other
            .deliveries
            .claim_deliveries(scene.at, until_at, OTHER, 10, Heed::All.into()),
    );
    let (one, other) = (one.expect("claimed"), other.expect("claimed"));
    assert_eq!(one.len() + other.len(), 1);
    assert!(
        one.iter()
            .chain(&other)
            .all(|claimed| claimed.delivery.id == id)
    );
}

/// Whoever waited too long drops the connection.
pub async fn a_stale_lease_writes_neither_intent_nor_outcome(scene: &mut Scene) {
    let (_, id) = approved(scene).await;
    claim(scene, TOKEN).await;
    let deliveries = scene.store.deliveries.clone();
    let envelope = envelope(scene);
    deliveries
        .settle_envelope(id, TOKEN, &envelope, scene.at)
        .await
        .expect("settled");
    scene.wait(Duration::minutes(6));
    assert!(
        !deliveries
            .record_intent(id, TOKEN, scene.at)
            .await
            .expect("asked")
    );
    let recovered = scene.other.deliveries.recover_deliveries(scene.at).await;
    assert_eq!(recovered.expect("recovered").requeued, 1);
    assert_eq!(claim(scene, OTHER).await.len(), 1);
    let accepted = outcome(scene, DeliveryState::Refused, Some(550));
    assert!(
        !deliveries
            .record_outcome(id, TOKEN, &accepted)
            .await
            .expect("asked")
    );
    assert!(
        !deliveries
            .return_lease(id, TOKEN, scene.at)
            .await
            .expect("asked")
    );
    assert_eq!(find(scene, id).await.state, DeliveryState::Leased);
}

/// Every try sends the same bytes.
pub async fn an_envelope_is_settled_once(scene: &mut Scene) {
    let (_, id) = approved(scene).await;
    claim(scene, TOKEN).await;
    let deliveries = scene.store.deliveries.clone();
    let first = envelope(scene);
    let mut second = first.clone();
    second.sha256 = [8; 32];
    assert!(
        deliveries
            .settle_envelope(id, TOKEN, &first, scene.at)
            .await
            .expect("settled")
    );
    assert!(
        !deliveries
            .settle_envelope(id, TOKEN, &second, scene.at)
            .await
            .expect("asked")
    );
    assert!(
        deliveries
            .return_lease(id, TOKEN, scene.at)
            .await
            .expect("returned")
    );
    let claimed = claim(scene, OTHER).await;
    assert_eq!(claimed[0].delivery.envelope.as_ref(), Some(&first));
    assert_eq!(claimed[0].delivery.attempts, 1);
}

/// With the reply, and a row for the try.
pub async fn an_answer_to_the_dot_is_kept(scene: &mut Scene) {
    let (_, id) = approved(scene).await;
    send(scene, id).await;
    let deliveries = scene.store.deliveries.clone();
    let greylisted = outcome(scene, DeliveryState::Deferred, Some(451));
    assert!(
        deliveries
            .record_outcome(id, TOKEN, &greylisted)
            .await
            .expect("recorded")
    );
    assert_eq!(claim(scene, TOKEN).await, []);
    scene.wait(Duration::minutes(6));
    let recovered = deliveries
        .recover_deliveries(scene.at)
        .await
        .expect("recovered");
    assert_eq!(recovered.due, 1);
    assert_eq!(claim(scene, TOKEN).await.len(), 1);
    assert!(
        deliveries
            .record_intent(id, TOKEN, scene.at)
            .await
            .expect("recorded")
    );
    let accepted = outcome(scene, DeliveryState::Accepted, Some(250));
    assert!(
        deliveries
            .record_outcome(id, TOKEN, &accepted)
            .await
            .expect("recorded")
    );
    let now = find(scene, id).await;
    assert_eq!(
        (now.state, now.reply, now.accepted_at),
        (
            DeliveryState::Accepted,
            accepted.reply.clone(),
            Some(scene.at)
        )
    );
    let attempts = deliveries.list_attempts(id).await.expect("listed");
    assert_eq!(
        attempts
            .into_iter()
            .map(|attempt| attempt.outcome)
            .collect::<Vec<_>>(),
        [greylisted, accepted]
    );
    scene.wait(Duration::hours(72));
    let recovered = deliveries
        .recover_deliveries(scene.at)
        .await
        .expect("recovered");
    assert_eq!(recovered.presumed, 1);
    let dropped = scene.store.batches.drop_attachments(scene.at, 10).await;
    assert_eq!(dropped.expect("dropped"), 0, "the clerk has no contact yet");
}

/// Nobody sends it again by themselves.
pub async fn an_intent_without_an_answer_becomes_uncertain(scene: &mut Scene) {
    let (_, id) = approved(scene).await;
    send(scene, id).await;
    scene.wait(Duration::minutes(14));
    let deliveries = scene.other.deliveries.clone();
    let recovered = deliveries
        .recover_deliveries(scene.at)
        .await
        .expect("recovered");
    assert_eq!((recovered.requeued, recovered.uncertain), (0, 0));
    scene.wait(Duration::minutes(2));
    let recovered = deliveries
        .recover_deliveries(scene.at)
        .await
        .expect("recovered");
    assert_eq!((recovered.requeued, recovered.uncertain), (0, 1));
    scene.wait(Duration::days(30));
    deliveries
        .recover_deliveries(scene.at)
        .await
        .expect("recovered");
    assert_eq!(claim(scene, OTHER).await, []);

    let deed = scene.deed("delivery.resolve");
    let (from, to) = (DeliveryState::Uncertain, DeliveryState::Queued);
    deliveries
        .decide_delivery(id, from, to, Some("the clerk says it never came"), &deed)
        .await
        .expect("decided");
    assert_eq!(claim(scene, OTHER).await.len(), 1);
    let again = deliveries.decide_delivery(id, from, to, None, &deed).await;
    assert!(
        matches!(again, Err(StorageError::Stale("delivery"))),
        "{again:?}"
    );
}

/// Not `accepted` without a yes of the server or a person's word for it.
pub async fn nothing_is_accepted_without_evidence(scene: &mut Scene) {
    let (_, id) = approved(scene).await;
    send(scene, id).await;
    let silent = outcome(scene, DeliveryState::Accepted, None);
    let refused = scene
        .store
        .deliveries
        .record_outcome(id, TOKEN, &silent)
        .await;
    assert!(refused.is_err(), "{refused:?}");
    assert_eq!(find(scene, id).await.state, DeliveryState::DataSent);
}
