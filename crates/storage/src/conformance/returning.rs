//! What comes back about letters.

use super::delivering::{TOKEN, accept, approved, claim, find, outcome, send};
use super::directory;
use super::scene::Scene;
use crate::events::{EventOutcome, NewEvent};
use chrono::Duration;
use redress_model::clock::FixedClock;
use redress_model::contact_state::{ContactRecord, ContactState};
use redress_model::delivery::event::{EventKind, TaskKind};
use redress_model::delivery::state::DeliveryState;
use redress_model::id::{DeliveryId, new_uuid};
use redress_model::official::{Role, Seat};

const MAYOR: &str = "mayor@springfield.example";

/// A message about a letter; each call another one.
pub(super) fn heard(scene: &mut Scene, delivery: DeliveryId, kind: EventKind) -> NewEvent {
    let id = new_uuid(&FixedClock(scene.at), &mut scene.random);
    let mut digest = [0; 32];
    digest[..16].copy_from_slice(id.as_bytes());
    NewEvent {
        id,
        digest,
        delivery_id: delivery,
        kind,
        status: Some("5.1.1".to_owned()),
        diagnostic: Some("550 5.1.1 nobody".to_owned()),
        remote_mta: Some("mx.springfield.example".to_owned()),
        sealed_answer: (kind == EventKind::Reply).then(|| b"sealed answer".to_vec()),
        received_at: scene.at,
    }
}

pub(super) async fn record(scene: &Scene, event: &NewEvent) -> EventOutcome {
    let recorded = scene.store.events.record_event(event).await;
    recorded.expect("recorded")
}

pub(super) async fn hear(
    scene: &mut Scene,
    delivery: DeliveryId,
    kind: EventKind,
) -> DeliveryState {
    let event = heard(scene, delivery, kind);
    match record(scene, &event).await {
        EventOutcome::Recorded { state, .. } => state,
        EventOutcome::Repeated => panic!("it is new"),
    }
}

/// Springfield with a mayor, a ward and a clerk.
pub(super) async fn with_clerk(scene: &Scene) {
    let mut listed = directory::springfield("Maria Ruiz");
    let mut clerk = listed.jurisdiction.posts[0].clone();
    "3972000/clerk".clone_into(&mut clerk.id);
    clerk.role = Role::Clerk;
    "Clerk".clone_into(&mut clerk.title);
    clerk.seat = Seat::AtLarge;
    listed.jurisdiction.posts.push(clerk);
    let deed = scene.deed("officials.import");
    let recorded = scene
        .store
        .officials
        .record_directory(std::slice::from_ref(&listed), &deed)
        .await;
    recorded.expect("recorded");
}

pub(super) async fn contact(scene: &Scene) -> Option<ContactState> {
    let named = [MAYOR.to_owned()];
    let known = scene.store.officials.list_named_contacts(&named);
    known.await.expect("listed").first().map(|it| it.state)
}

/// And an organizer is asked.
pub async fn a_bad_address_is_flagged_and_the_clerk_is_named(scene: &mut Scene) {
    with_clerk(scene).await;
    let (petition, id) = approved(scene).await;
    accept(scene, id).await;
    assert_eq!(contact(scene).await, None);
    let state = hear(scene, id, EventKind::BadAddress).await;
    assert_eq!(state, DeliveryState::BouncedHard);
    assert_eq!(contact(scene).await, Some(ContactState::Bounced));
    let tasks = scene
        .other
        .events
        .list_tasks(petition, true, None, 10)
        .await;
    let tasks = tasks.expect("listed");
    assert_eq!(tasks.len(), 1);
    assert_eq!(
        (
            tasks[0].kind,
            tasks[0].delivery_id,
            tasks[0].post_id.as_str()
        ),
        (TaskKind::Bounced, id, "3972000/mayor")
    );
    assert_eq!(tasks[0].fallback_post_id.as_deref(), Some("3972000/clerk"));
    assert_eq!((tasks[0].opened_at, tasks[0].done_at), (scene.at, None));
}

/// An office that asked not to be written to did not ask for a better address.
pub async fn a_wish_of_the_office_outlives_a_bounce(scene: &mut Scene) {
    let (_, id) = approved(scene).await;
    accept(scene, id).await;
    let stopped = ContactRecord {
        address: MAYOR.to_owned(),
        state: ContactState::Stopped,
        note: None,
        since_at: scene.at - Duration::days(1),
    };
    let recorded = scene.store.officials.record_contacts(&[stopped]).await;
    recorded.expect("recorded");
    hear(scene, id, EventKind::BadAddress).await;
    assert_eq!(contact(scene).await, Some(ContactState::Stopped));
}

/// A rule is no dead address.
pub async fn a_letter_that_a_rule_turned_away_leaves_its_address_alone(scene: &mut Scene) {
    let (petition, id) = approved(scene).await;
    accept(scene, id).await;
    let state = hear(scene, id, EventKind::Rejected).await;
    assert_eq!(state, DeliveryState::BouncedHard);
    assert_eq!(contact(scene).await, None);
    let tasks = scene
        .store
        .events
        .list_tasks(petition, true, None, 10)
        .await;
    let kinds: Vec<_> = tasks.expect("listed").iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [TaskKind::Rejected]);
}

/// At its time, and not for ever.
pub async fn what_came_back_for_now_goes_again_as_it_was(scene: &mut Scene) {
    let (_, id) = approved(scene).await;
    accept(scene, id).await;
    let before = find(scene, id).await;
    assert_eq!(
        hear(scene, id, EventKind::Passing).await,
        DeliveryState::BouncedSoft
    );
    scene.wait(Duration::hours(5));
    scene
        .store
        .deliveries
        .recover_deliveries(scene.at)
        .await
        .expect("recovered");
    assert_eq!(find(scene, id).await.state, DeliveryState::BouncedSoft);
    scene.wait(Duration::hours(1));
    scene
        .store
        .deliveries
        .recover_deliveries(scene.at)
        .await
        .expect("recovered");
    let now = find(scene, id).await;
    assert_eq!(
        (now.state, &now.envelope),
        (DeliveryState::Queued, &before.envelope)
    );
    // A second report of the first sending changes nothing.
    assert_eq!(
        hear(scene, id, EventKind::Passing).await,
        DeliveryState::Queued
    );
    assert_eq!(claim(scene, TOKEN).await.len(), 1);
    let deliveries = scene.store.deliveries.clone();
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
    assert_eq!(find(scene, id).await.state, DeliveryState::Accepted);
    hear(scene, id, EventKind::Passing).await;
    scene.wait(Duration::days(5));
    let recovered = deliveries
        .recover_deliveries(scene.at)
        .await
        .expect("recovered");
    assert_eq!(
        (recovered.expired, find(scene, id).await.state),
        (1, DeliveryState::Expired)
    );
}

/// A bounce may be faster than our own record of the yes.
pub async fn what_comes_before_the_answer_to_the_dot_waits_for_it(scene: &mut Scene) {
    let (petition, id) = approved(scene).await;
    send(scene, id).await;
    assert_eq!(
        hear(scene, id, EventKind::Delivered).await,
        DeliveryState::DataSent
    );
    assert_eq!(
        hear(scene, id, EventKind::BadAddress).await,
        DeliveryState::DataSent
    );
    assert_eq!(contact(scene).await, None);
    let accepted = outcome(scene, DeliveryState::Accepted, Some(250));
    let deliveries = scene.store.deliveries.clone();
    assert!(
        deliveries
            .record_outcome(id, TOKEN, &accepted)
            .await
            .expect("recorded")
    );
    assert_eq!(find(scene, id).await.state, DeliveryState::BouncedHard);
    assert_eq!(contact(scene).await, Some(ContactState::Bounced));
    let tasks = scene
        .store
        .events
        .list_tasks(petition, true, None, 10)
        .await;
    assert_eq!(tasks.expect("listed").len(), 1);

    // Where no answer ever came, what waited is the evidence.
    let (_, id) = approved(scene).await;
    send(scene, id).await;
    assert_eq!(
        hear(scene, id, EventKind::Reply).await,
        DeliveryState::DataSent
    );
    scene.wait(Duration::hours(1));
    deliveries
        .recover_deliveries(scene.at)
        .await
        .expect("recovered");
    assert_eq!(find(scene, id).await.state, DeliveryState::Accepted);
}

/// Whatever shows that the office's server took the letter.
pub async fn what_comes_back_ends_uncertainty(scene: &mut Scene) {
    for (kind, end) in [
        (EventKind::Delivered, DeliveryState::Accepted),
        (EventKind::Reply, DeliveryState::Accepted),
        (EventKind::AutoReply, DeliveryState::Accepted),
        (EventKind::Complaint, DeliveryState::Accepted),
        (EventKind::Passing, DeliveryState::BouncedSoft),
        (EventKind::BadAddress, DeliveryState::BouncedHard),
        (EventKind::Rejected, DeliveryState::BouncedHard),
        (EventKind::Delayed, DeliveryState::Uncertain),
        (EventKind::Challenge, DeliveryState::Uncertain),
    ] {
        let (_, id) = approved(scene).await;
        send(scene, id).await;
        scene.wait(Duration::minutes(20));
        scene
            .store
            .deliveries
            .recover_deliveries(scene.at)
            .await
            .expect("recovered");
        assert_eq!(find(scene, id).await.state, DeliveryState::Uncertain);
        assert_eq!(hear(scene, id, kind).await, end, "{kind}");
        let now = find(scene, id).await;
        assert_eq!(now.state, end, "{kind}");
        let was_taken = end != DeliveryState::Uncertain;
        assert_eq!(
            (now.note.is_some(), now.accepted_at.is_some()),
            (was_taken, was_taken),
            "{kind}"
        );
    }
}

/// They are facts, and no more.
pub async fn a_delay_and_a_challenge_change_no_state(scene: &mut Scene) {
    let (petition, id) = approved(scene).await;
    accept(scene, id).await;
    assert_eq!(
        hear(scene, id, EventKind::Delayed).await,
        DeliveryState::Accepted
    );
    assert_eq!(
        hear(scene, id, EventKind::Challenge).await,
        DeliveryState::Accepted
    );
    scene.wait(Duration::hours(72));
    let recovered = scene.store.deliveries.recover_deliveries(scene.at).await;
    assert_eq!(recovered.expect("recovered").presumed, 1);
    // A challenge is for a person to answer.
    let tasks = scene
        .store
        .events
        .list_tasks(petition, true, None, 10)
        .await;
    let kinds: Vec<_> = tasks.expect("listed").iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [TaskKind::Challenge]);
    assert_eq!(
        hear(scene, id, EventKind::BadAddress).await,
        DeliveryState::BouncedHard
    );
}

/// Nor on when the answer to the dot is written down.
pub async fn the_end_does_not_depend_on_the_order_of_what_comes(scene: &mut Scene) {
    let kinds = [
        EventKind::Passing,
        EventKind::BadAddress,
        EventKind::Delivered,
    ];
    for order in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        for answered_at in 0..=3 {
            let (_, id) = approved(scene).await;
            send(scene, id).await;
            for place in 0..=3 {
                if place == answered_at {
                    let accepted = outcome(scene, DeliveryState::Accepted, Some(250));
                    let deliveries = &scene.store.deliveries;
                    deliveries
                        .record_outcome(id, TOKEN, &accepted)
                        .await
                        .expect("recorded");
                }
                if let Some(kind) = order.get(place) {
                    hear(scene, id, kinds[*kind]).await;
                }
            }
            let state = find(scene, id).await.state;
            assert_eq!(state, DeliveryState::BouncedHard, "{order:?} {answered_at}");
        }
    }
}
