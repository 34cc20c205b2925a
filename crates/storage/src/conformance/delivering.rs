//! Letters on their way.

use super::freezing::{compose, frozen, letter, springfield};
use super::scene::Scene;
use crate::breakers::Heed;
use crate::deliveries::{AttemptOutcome, Claimed, Delivery, DeliveryFilter, Envelope};
use crate::signatures::EraseOutcome;
use chrono::Duration;
use redress_model::delivery::AttemptStage;
use redress_model::delivery::state::{DeliveryState, TRANSITIONS};
use redress_model::id::{DeliveryId, PetitionId};
use redress_model::petition::Confirmation as Mode;
use uuid::Uuid;

pub(super) const TOKEN: Uuid = Uuid::from_u128(1);
pub(super) const OTHER: Uuid = Uuid::from_u128(2);

/// A petition whose one letter with an address is approved.
pub(super) async fn approved(scene: &mut Scene) -> (PetitionId, DeliveryId) {
    let (petition, batch) = frozen(scene, 2).await;
    let deed = scene.deed("delivery.approve");
    scene
        .store
        .batches
        .approve_batch(batch.batch.id, &deed)
        .await
        .expect("approved");
    (petition, batch.deliveries[0].id)
}

pub(super) async fn claim(scene: &Scene, token: Uuid) -> Vec<Claimed> {
    scene
        .store
        .deliveries
        .claim_deliveries(
            scene.at,
            scene.at + Duration::minutes(5),
            token,
            10,
            Heed::All.into(),
        )
        .await
        .expect("claimed")
}

pub(super) fn envelope(scene: &Scene) -> Envelope {
    Envelope {
        recipient: "mayor@springfield.example".to_owned(),
        message_id: "<1@petition.example>".to_owned(),
        dated_at: scene.at,
        sha256: [9; 32],
        signatures: String::new(),
    }
}

pub(super) fn outcome(scene: &Scene, state: DeliveryState, code: Option<u16>) -> AttemptOutcome {
    AttemptOutcome {
        state,
        stage: AttemptStage::Dot,
        reply: code.map(|code| (code, "2.0.0 queued as 1".to_owned())),
        queue_id: code.map(|_| "1".to_owned()),
        due_at: (state == DeliveryState::Deferred).then_some(scene.at + Duration::minutes(6)),
        at: scene.at,
    }
}

/// Claims the letter, settles its envelope and records the intent.
pub(super) async fn send(scene: &Scene, id: DeliveryId) {
    let deliveries = &scene.store.deliveries;
    assert_eq!(claim(scene, TOKEN).await.len(), 1);
    let envelope = envelope(scene);
    assert!(
        deliveries
            .settle_envelope(id, TOKEN, &envelope, scene.at)
            .await
            .expect("settled")
    );
    assert!(
        deliveries
            .record_intent(id, TOKEN, scene.at)
            .await
            .expect("recorded")
    );
}

pub(super) async fn find(scene: &Scene, id: DeliveryId) -> Delivery {
    let found = scene.store.deliveries.find_delivery(id).await;
    found.expect("found").expect("there")
}

/// Nothing leaves before.
pub async fn letters_are_queued_by_approval(scene: &mut Scene) {
    let (petition, batch) = frozen(scene, 2).await;
    assert_eq!(claim(scene, TOKEN).await, []);
    let deed = scene.deed("delivery.approve");
    scene
        .store
        .batches
        .approve_batch(batch.batch.id, &deed)
        .await
        .expect("approved");
    let claimed = claim(scene, TOKEN).await;
    assert_eq!(claimed.len(), 1);
    assert_eq!(
        (claimed[0].delivery.id, claimed[0].sealed_letter.as_slice()),
        (batch.deliveries[0].id, b"sealed letter".as_slice())
    );
    let buckets = scene.store.deliveries.count_buckets(petition).await;
    let buckets = buckets.expect("counted");
    assert_eq!(buckets.deliveries.len(), DeliveryState::ALL.len());
    let count = |state| {
        buckets
            .deliveries
            .iter()
            .find(|(one, _)| *one == state)
            .map(|(_, count)| *count)
    };
    assert_eq!(count(DeliveryState::Leased), Some(1));
    assert_eq!(count(DeliveryState::NoContact), Some(1));
    assert_eq!(count(DeliveryState::Accepted), Some(0));
}

/// Of an approved batch it is queued, of another it waits.
pub async fn a_letter_without_contact_waits_for_one(scene: &mut Scene) {
    let (petition, batch) = frozen(scene, 1).await;
    let id = batch.deliveries[1].id;
    let deed = scene.deed("delivery.contact");
    let found = letter(scene, "3972000/clerk", Some("clerk@springfield.example"));
    let deliveries = scene.store.deliveries.clone();
    assert!(
        deliveries
            .record_contact(id, &found.addressee, b"new", &deed)
            .await
            .expect("recorded")
    );
    let now = find(scene, id).await;
    assert_eq!(
        (now.state, now.addressee),
        (DeliveryState::Waiting, found.addressee.clone())
    );
    assert!(
        !deliveries
            .record_contact(id, &found.addressee, b"new", &deed)
            .await
            .expect("recorded")
    );
    scene
        .store
        .batches
        .approve_batch(batch.batch.id, &deed)
        .await
        .expect("approved");
    assert_eq!(claim(scene, TOKEN).await.len(), 2);
    let thread = deliveries.list_thread(petition, "3972000/clerk").await;
    assert_eq!(thread.expect("listed").len(), 1);

    let (_, batch) = frozen(scene, 1).await;
    scene
        .store
        .batches
        .approve_batch(batch.batch.id, &deed)
        .await
        .expect("approved");
    let id = batch.deliveries[1].id;
    assert!(
        deliveries
            .record_contact(id, &found.addressee, b"new", &deed)
            .await
            .expect("recorded")
    );
    assert_eq!(find(scene, id).await.state, DeliveryState::Queued);
}

/// The table in the database is the model's.
pub async fn the_database_holds_the_models_table_of_steps(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let id = scene
        .sign_and_confirm(petition, "ana@example.org", "ana", "45001")
        .await;
    let count = |condition: String| {
        let statement = format!(
            "update delivery_transition set to_state = to_state
            where {condition} and exists (select 1 from signature where id = $1)"
        );
        (scene.run)(statement.leak(), id)
    };
    for (from, to) in TRANSITIONS {
        let step = format!("from_state = '{from}' and to_state = '{to}'");
        assert_eq!(count(step).await, Ok(1), "{from} {to}");
    }
    let all = count("from_state <> ''".to_owned()).await;
    assert_eq!(all, Ok(TRANSITIONS.len() as u64));
}

/// Not before, and not while a letter is on its way.
pub async fn signatures_are_past_retention_once_delivered_long_ago(scene: &mut Scene) {
    let (_, id) = approved(scene).await;
    let days = Duration::days(180);
    let batches = scene.store.batches.clone();
    let past = |at| {
        let batches = batches.clone();
        async move { batches.list_past_retention(at, 10).await.expect("listed") }
    };
    assert_eq!(past(scene.at + days * 2).await, [], "the letter waits");
    send(scene, id).await;
    let accepted = outcome(scene, DeliveryState::Accepted, Some(250));
    scene
        .store
        .deliveries
        .record_outcome(id, TOKEN, &accepted)
        .await
        .expect("recorded");
    assert_eq!(past(scene.at + days - Duration::hours(1)).await, []);
    let members = past(scene.at + days).await;
    assert_eq!(members.len(), 2);
    for member in members {
        let erased = scene.store.signatures.erase(member, scene.at + days).await;
        assert_eq!(
            erased.expect("erased"),
            EraseOutcome::Erased { is_counted: true }
        );
    }
    assert_eq!(past(scene.at + days).await, []);
}

/// Page by page.
pub async fn deliveries_are_listed_by_batch_and_state(scene: &mut Scene) {
    let (petition, id) = approved(scene).await;
    let deliveries = &scene.store.deliveries;
    let all = deliveries
        .list_deliveries(petition, DeliveryFilter::default(), None, 1)
        .await
        .expect("listed");
    assert_eq!(all.len(), 1);
    let rest = deliveries
        .list_deliveries(petition, DeliveryFilter::default(), Some(all[0].id), 10)
        .await
        .expect("listed");
    assert_eq!(rest.len(), 1);
    let queued = DeliveryFilter {
        batch: Some(all[0].batch_id),
        state: Some(DeliveryState::Queued),
    };
    let queued = deliveries
        .list_deliveries(petition, queued, None, 10)
        .await
        .expect("listed");
    assert_eq!(queued.iter().map(|it| it.id).collect::<Vec<_>>(), [id]);
    assert_eq!(deliveries.count_due(scene.at).await.expect("counted"), 1);
}

/// And each letter is counted where it stands.
pub async fn an_office_is_reached_once_however_many_letters_came(scene: &mut Scene) {
    let (petition, first) = approved(scene).await;
    let deliveries = scene.store.deliveries.clone();
    assert_eq!(
        deliveries.count_reached(petition).await.expect("counted"),
        []
    );
    accept(scene, first).await;
    scene
        .sign_and_confirm(petition, "later@example.org", "ben", "45001")
        .await;
    let next = compose(scene, petition).await;
    let (batches, deed) = (scene.store.batches.clone(), scene.deed("delivery.approve"));
    batches
        .freeze_batches(std::slice::from_ref(&next), &deed)
        .await
        .expect("frozen");
    batches
        .approve_batch(next.batch.id, &deed)
        .await
        .expect("approved");
    accept(scene, next.deliveries[0].id).await;
    let (clerk, by_hand) = (next.deliveries[1].id, DeliveryState::DeliveredByHand);
    let reached = deliveries.count_reached(petition).await.expect("counted");
    assert_eq!(reached, [(springfield(), 1)], "the mayor, twice");
    deliveries
        .decide_delivery(
            clerk,
            DeliveryState::NoContact,
            by_hand,
            Some("at the counter"),
            &deed,
        )
        .await
        .expect("decided");
    let reached = deliveries.count_reached(petition).await.expect("counted");
    assert_eq!(reached, [(springfield(), 2)]);

    let counted = deliveries.count_letters(&[next.batch.id]).await;
    assert_eq!(
        counted.expect("counted"),
        [
            (next.batch.id, DeliveryState::Accepted, 1),
            (next.batch.id, by_hand, 1)
        ]
    );
    assert_eq!(deliveries.count_letters(&[]).await.expect("counted"), []);
}

/// The office's server takes it.
pub(super) async fn accept(scene: &Scene, id: DeliveryId) {
    send(scene, id).await;
    let accepted = outcome(scene, DeliveryState::Accepted, Some(250));
    assert!(
        scene
            .store
            .deliveries
            .record_outcome(id, TOKEN, &accepted)
            .await
            .expect("recorded")
    );
}
