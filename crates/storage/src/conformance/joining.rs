//! One letter to the whole body.

use super::delivering::{OTHER, TOKEN, accept, claim, find, outcome, send};
use super::freezing::{compose, freeze, letter, springfield};
use super::returning::heard;
use super::scene::Scene;
use super::wishing::{close, tasks, wish};
use crate::batches::{FrozenBatch, JointLetter};
use crate::deliveries::Delivery;
use crate::office_wishes::Said;
use crate::responses::{NewResponse, ResponseFilter};
use crate::{Constraint, StorageError};
use chrono::Duration;
use redress_model::clock::FixedClock;
use redress_model::delivery::event::{EventKind, TaskKind};
use redress_model::delivery::state::DeliveryState;
use redress_model::id::{DeliveryId, PetitionId, ResponseId};
use redress_model::office_wish::{Closure, LetterPace, Whither};
use redress_model::petition::Confirmation as Mode;
use redress_model::response::{Position, ResponseText};

const MAYOR: &str = "3972000/mayor";
const WARD: &str = "3972000/ward/1";
const CLERK: &str = "clerk@springfield.example";

/// What would be frozen now: one letter of the mayor and the member of ward 1, by way of the clerk, and a seat that nothing reaches.
async fn compose_together(scene: &mut Scene, petition: PetitionId) -> FrozenBatch {
    let email = format!("signer{}@example.org", scene.below(u32::MAX));
    scene
        .sign_and_confirm(petition, &email, "ana", "45001")
        .await;
    let mut batch = compose(scene, petition).await;
    let mut ward = letter(scene, WARD, Some(CLERK));
    ward.addressee.person = Some("Sam Okafor".to_owned());
    batch.deliveries[0].addressee.email = Some(CLERK.to_owned());
    batch.joint = Some(JointLetter {
        carrier: batch.deliveries[0].id,
        joined: vec![ward.id],
        sealed_letter: b"joint letter".to_vec(),
    });
    batch.deliveries.push(ward);
    batch
}

async fn approve(scene: &Scene, batch: &FrozenBatch) {
    let deed = scene.deed("delivery.approve");
    let approved = scene.store.batches.approve_batch(batch.batch.id, &deed);
    approved.await.expect("approved");
}

/// A petition with one letter to the whole body; the mayor's delivery, and the ward's.
async fn together(scene: &mut Scene) -> (PetitionId, FrozenBatch, [DeliveryId; 2]) {
    let petition = scene.petition(Mode::Email).await;
    let batch = compose_together(scene, petition).await;
    freeze(scene, &batch).await.expect("frozen");
    let ids = [batch.deliveries[0].id, batch.deliveries[2].id];
    (petition, batch, ids)
}

async fn words(scene: &Scene, id: DeliveryId) -> Vec<u8> {
    let found = scene.other.deliveries.find_letter(id).await;
    found.expect("found").expect("there")
}

fn ids(deliveries: &[Delivery]) -> Vec<DeliveryId> {
    deliveries.iter().map(|it| it.id).collect()
}

/// The last word counts.
pub async fn a_wish_for_one_letter_to_the_whole_body_is_kept(scene: &mut Scene) {
    let (petition, _, [mayor, _]) = together(scene).await;
    for whither in [Whither::WholeBody, Whither::Clerk, Whither::Own] {
        let pace = LetterPace::AtThreshold;
        wish(scene, mayor, Said::Ways { pace, whither }).await;
        let wishes = &scene.other.office_wishes;
        let kept = wishes.find_office_wish(petition, MAYOR).await;
        assert_eq!(kept.expect("found").expect("kept").whither, whither);
        let listed = wishes.list_office_wishes(petition, None).await;
        assert_eq!(listed.expect("listed")[0].whither, whither);
    }
}

/// It counts for each of them, wherever letters are counted.
pub async fn one_letter_goes_to_the_whole_body_and_every_office_is_in_it(scene: &mut Scene) {
    let (petition, batch, [mayor, ward]) = together(scene).await;
    let deliveries = scene.store.deliveries.clone();
    let (carrier, joined) = (find(scene, mayor).await, find(scene, ward).await);
    assert_eq!(
        (carrier.state, carrier.carries, carrier.joined_id),
        (DeliveryState::Waiting, 1, None)
    );
    assert!(carrier.is_partable && carrier.is_joint());
    assert_eq!(
        (joined.state, joined.carries, joined.joined_id),
        (DeliveryState::Suppressed, 0, Some(mayor))
    );
    assert!(joined.is_joint() && joined.carrier() == mayor);
    let listed = deliveries.list_joined(mayor).await.expect("listed");
    assert_eq!(listed, [joined]);
    let buckets = deliveries.count_buckets(petition).await.expect("counted");
    let all: u64 = buckets.deliveries.iter().map(|(_, count)| count).sum();
    assert_eq!((all, buckets.joined), (3, 1), "one for each office");

    approve(scene, &batch).await;
    accept(scene, mayor).await;
    assert_eq!(claim(scene, TOKEN).await, [], "one letter for both");
    assert_eq!(words(scene, mayor).await, b"joint letter");
    let reached = deliveries.count_reached(petition).await.expect("counted");
    assert_eq!(reached, [(springfield(), 2)]);
    let id = batch.batch.id;
    let counted = deliveries.count_letters(&[id]).await.expect("counted");
    assert_eq!(
        counted,
        [
            (id, DeliveryState::Accepted, 2),
            (id, DeliveryState::NoContact, 1)
        ]
    );
    let counted = deliveries.count_joint(&[id]).await.expect("counted");
    assert_eq!(counted, [(id, 2)]);
    assert_eq!(deliveries.count_joint(&[]).await.expect("counted"), []);
    for post in [MAYOR, WARD] {
        let thread = deliveries.list_thread(petition, post).await;
        assert_eq!(ids(&thread.expect("listed")), [mayor], "{post}");
        let last = deliveries.find_last_letter(post).await.expect("found");
        assert_eq!(last, Some(scene.at), "{post}");
        let wishes = &scene.store.office_wishes;
        let last = wishes.find_last_letter_about(petition, post).await;
        assert_eq!(last.expect("found"), Some(scene.at), "{post}");
    }
}

/// Whoever still wants letters gets one, and the other none; whichever of them carried it.
pub async fn an_office_that_closes_before_the_letter_was_tried_takes_it_apart(scene: &mut Scene) {
    for (closing, is_approved) in [(0, false), (0, true), (1, false), (1, true)] {
        let (petition, batch, both) = together(scene).await;
        if is_approved {
            approve(scene, &batch).await;
        }
        let (closed, open) = (both[closing], both[1 - closing]);
        assert_eq!(close(scene, closed, Closure::Stopped).await, 1);
        let closed = find(scene, closed).await;
        assert_eq!(
            (closed.state, closed.joined_id, closed.carries),
            (DeliveryState::Suppressed, None, 0)
        );
        let state = if is_approved {
            DeliveryState::Queued
        } else {
            DeliveryState::Waiting
        };
        let now = find(scene, open).await;
        assert_eq!(
            (now.state, now.joined_id, now.carries, now.is_partable),
            (state, None, 0, false),
            "{closing}"
        );
        assert_eq!(words(scene, open).await, b"sealed letter", "its own");
        assert_eq!(words(scene, closed.id).await, b"sealed letter");
        let deliveries = &scene.store.deliveries;
        let counted = deliveries.count_joint(&[batch.batch.id]).await;
        assert_eq!(counted.expect("counted"), []);
        if !is_approved {
            approve(scene, &batch).await;
        }
        assert_eq!(find(scene, open).await.state, DeliveryState::Queued);
        assert_eq!(tasks(scene, petition).await, [TaskKind::Stopped]);
    }
}

/// What is frozen heeds what was said until then.
pub async fn an_office_that_closes_while_the_letter_is_composed_is_not_in_it(scene: &mut Scene) {
    let (petition, _, [mayor, ward]) = together(scene).await;
    let next = compose_together(scene, petition).await;
    close(scene, ward, Closure::LeftOffice).await;
    freeze(scene, &next).await.expect("frozen");
    let (open, closed) = (next.deliveries[0].id, next.deliveries[2].id);
    let now = find(scene, open).await;
    assert_eq!((now.state, now.carries), (DeliveryState::Waiting, 0));
    assert_eq!(words(scene, open).await, b"sealed letter");
    let now = find(scene, closed).await;
    assert_eq!(
        (now.state, now.joined_id),
        (DeliveryState::Suppressed, None)
    );
    assert_eq!(find(scene, mayor).await.carries, 0, "the earlier one too");
}

/// Every holder is reached at the clerk's address.
pub async fn whoever_closes_by_way_of_the_clerk_does_not_close_for_the_next_holder(
    scene: &mut Scene,
) {
    let (petition, _, [_, ward]) = together(scene).await;
    let (pace, whither) = (LetterPace::AtThreshold, Whither::WholeBody);
    wish(scene, ward, Said::Ways { pace, whither }).await;
    assert_eq!(close(scene, ward, Closure::LeftOffice).await, 1);
    // Said again, it is as it was.
    assert_eq!(close(scene, ward, Closure::LeftOffice).await, 0);
    assert_eq!(tasks(scene, petition).await, [TaskKind::LeftOffice]);
    let next = compose_together(scene, petition).await;
    freeze(scene, &next).await.expect("frozen");
    let closed = find(scene, next.deliveries[2].id).await;
    assert_eq!(
        (closed.state, closed.joined_id),
        (DeliveryState::Suppressed, None)
    );
    let mut next = compose_together(scene, petition).await;
    next.deliveries[2].addressee.person = Some("Ana Lee".to_owned());
    freeze(scene, &next).await.expect("frozen");
    let joined = find(scene, next.deliveries[2].id).await;
    assert_eq!(joined.joined_id, Some(next.deliveries[0].id));
}

/// Its bytes are settled, and it is for them too.
pub async fn a_letter_that_was_tried_goes_on_for_the_others(scene: &mut Scene) {
    let (_, batch, [mayor, ward]) = together(scene).await;
    approve(scene, &batch).await;
    send(scene, mayor).await;
    let deferred = outcome(scene, DeliveryState::Deferred, Some(451));
    let recorded = scene
        .store
        .deliveries
        .record_outcome(mayor, TOKEN, &deferred);
    assert!(recorded.await.expect("recorded"));
    for closing in [ward, mayor] {
        assert_eq!(close(scene, closing, Closure::Stopped).await, 0);
        let carrier = find(scene, mayor).await;
        assert_eq!(
            (carrier.state, carrier.carries, carrier.is_partable),
            (DeliveryState::Deferred, 1, false)
        );
        assert_eq!(words(scene, mayor).await, b"joint letter");
        assert_eq!(find(scene, ward).await.joined_id, Some(mayor));
    }
}

/// Nobody takes it from under a mailer, and a mailer that has lost it takes nothing apart.
pub async fn a_joint_letter_in_a_mailers_hands_is_taken_apart_by_that_mailer_alone(
    scene: &mut Scene,
) {
    let (_, batch, [mayor, ward]) = together(scene).await;
    approve(scene, &batch).await;
    assert_eq!(claim(scene, TOKEN).await.len(), 1);
    assert_eq!(close(scene, ward, Closure::Stopped).await, 0);
    assert_eq!(find(scene, ward).await.joined_id, Some(mayor));
    let wishes = scene.store.office_wishes.clone();
    let strange = wishes.part_claimed(mayor, OTHER, scene.at).await;
    assert!(!strange.expect("answered"));
    assert_eq!(find(scene, mayor).await.state, DeliveryState::Leased);
    let own = wishes.part_claimed(mayor, TOKEN, scene.at).await;
    assert!(own.expect("answered"));
    for id in [mayor, ward] {
        let now = find(scene, id).await;
        // The closed one is left to whoever claims it, like any other of an office that has closed meanwhile.
        assert_eq!(
            (now.state, now.carries, now.joined_id, now.attempts),
            (DeliveryState::Queued, 0, None, 0)
        );
        assert_eq!(words(scene, id).await, b"sealed letter");
    }
}

/// Such as one to another address of the clerk's.
pub async fn whoever_is_in_a_letter_that_came_back_is_in_the_one_that_takes_its_place(
    scene: &mut Scene,
) {
    let (petition, batch, [mayor, ward]) = together(scene).await;
    approve(scene, &batch).await;
    accept(scene, mayor).await;
    let event = heard(scene, mayor, EventKind::BadAddress);
    let recorded = scene.store.events.record_event(&event).await;
    recorded.expect("recorded");
    let new = letter(scene, MAYOR, Some("deputy@springfield.example"));
    let deed = scene.deed("delivery.fallback");
    let deliveries = scene.store.deliveries.clone();
    deliveries
        .supersede_delivery(
            mayor,
            DeliveryState::BouncedHard,
            &new,
            "by another way",
            &deed,
        )
        .await
        .expect("superseded");
    assert_eq!(find(scene, ward).await.joined_id, Some(new.id));
    let (old, now) = (find(scene, mayor).await, find(scene, new.id).await);
    assert_eq!((old.carries, now.carries), (0, 1));
    let thread = deliveries.list_thread(petition, WARD).await;
    assert_eq!(ids(&thread.expect("listed")), [new.id]);
    // It has no letters of their own to fall back to: it goes on for the other.
    assert_eq!(close(scene, ward, Closure::Stopped).await, 0);
    assert_eq!(close(scene, new.id, Closure::Stopped).await, 0);
    assert_eq!(find(scene, new.id).await.state, DeliveryState::Queued);
}

/// Whoever reads it says whose.
pub async fn an_answer_to_the_letter_to_the_whole_body_is_one_offices(scene: &mut Scene) {
    let (petition, batch, [mayor, ward]) = together(scene).await;
    approve(scene, &batch).await;
    accept(scene, mayor).await;
    let event = heard(scene, mayor, EventKind::Reply);
    let recorded = scene.store.events.record_event(&event).await;
    recorded.expect("recorded");
    assert_eq!(tasks(scene, petition).await, [TaskKind::Reply]);
    let new = NewResponse {
        id: ResponseId::new(&FixedClock(scene.at), &mut scene.random),
        delivery_id: ward,
        event_id: Some(event.id),
        position: Position::Support,
        text: ResponseText::parse("I am for it.").expect("a text"),
        responded_at: scene.at + Duration::minutes(1),
    };
    let deed = scene.deed("response.publish_reply");
    let responses = scene.store.responses.clone();
    responses
        .publish_reply(&new, &deed)
        .await
        .expect("published");
    assert_eq!(tasks(scene, petition).await, []);
    let all = responses
        .list_responses(petition, ResponseFilter::default(), 10)
        .await
        .expect("listed");
    let posts: Vec<&str> = all.iter().map(|it| it.post_id.as_str()).collect();
    assert_eq!(posts, [WARD]);
    let again = NewResponse {
        id: ResponseId::new(&FixedClock(scene.at), &mut scene.random),
        delivery_id: mayor,
        ..new
    };
    let again = responses.publish_reply(&again, &deed).await;
    assert!(
        matches!(again, Err(StorageError::Stale("answer"))),
        "{again:?}"
    );
}

/// Neither for an office that wishes for none, nor for one that is in another letter.
pub async fn nothing_else_leads_back_from_suppressed(scene: &mut Scene) {
    let (_, _, [_, joined]) = together(scene).await;
    let (_, _, [closed, _]) = together(scene).await;
    close(scene, closed, Closure::Stopped).await;
    let deliveries = scene.store.deliveries.clone();
    let deed = scene.deed("delivery.queue_again");
    let suppressed = DeliveryState::Suppressed;
    for to in [DeliveryState::Queued, DeliveryState::Waiting] {
        let done = deliveries
            .decide_delivery(joined, suppressed, to, None, &deed)
            .await;
        assert!(done.is_err(), "{to}");
        let done = deliveries
            .decide_delivery(closed, suppressed, to, None, &deed)
            .await;
        assert!(
            matches!(
                done,
                Err(StorageError::Refused(Constraint::DeliveryTransition))
            ),
            "{to}: {done:?}"
        );
    }
}
