//! What comes back about letters.

use super::delivering::{TOKEN, accept, approved, claim, find, outcome, send};
use super::directory;
use super::freezing::letter;
use super::scene::Scene;
use crate::StorageError;
use crate::events::{EventOutcome, NewEvent};
use chrono::Duration;
use redress_model::clock::FixedClock;
use redress_model::contact_state::{ContactRecord, ContactState};
use redress_model::delivery::event::{EventKind, StrayReason, TaskKind};
use redress_model::delivery::state::DeliveryState;
use redress_model::id::{DeliveryId, TaskId, new_uuid};
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

async fn record(scene: &Scene, event: &NewEvent) -> EventOutcome {
    let recorded = scene.store.events.record_event(event).await;
    recorded.expect("recorded")
}

async fn hear(scene: &mut Scene, delivery: DeliveryId, kind: EventKind) -> DeliveryState {
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

/// Whatever has happened since.
pub async fn a_message_that_is_handed_in_twice_is_taken_once(scene: &mut Scene) {
    let (_, id) = approved(scene).await;
    accept(scene, id).await;
    let event = heard(scene, id, EventKind::Passing);
    let first = record(scene, &event).await;
    let bounced = EventOutcome::Recorded {
        state: DeliveryState::BouncedSoft,
        has_moved: true,
    };
    assert_eq!(first, bounced);
    let again = NewEvent {
        id: new_uuid(&FixedClock(scene.at), &mut scene.random),
        ..event.clone()
    };
    assert_eq!(record(scene, &again).await, EventOutcome::Repeated);
    let kept = scene.other.events.list_events(id).await.expect("listed");
    assert_eq!(kept, [event]);
}

/// Each of which may have been handed it.
pub async fn two_processes_take_one_message_once(scene: &mut Scene) {
    let (_, id) = approved(scene).await;
    accept(scene, id).await;
    let event = heard(scene, id, EventKind::Reply);
    let same = NewEvent {
        id: new_uuid(&FixedClock(scene.at), &mut scene.random),
        ..event.clone()
    };
    let (one, other) = tokio::join!(
        scene.store.events.record_event(&event),
        scene.other.events.record_event(&same)
    );
    let repeated = [one.expect("recorded"), other.expect("recorded")]
        .into_iter()
        .filter(|outcome| *outcome == EventOutcome::Repeated)
        .count();
    assert_eq!(repeated, 1);
    let kept = scene.store.events.list_events(id).await.expect("listed");
    assert_eq!(kept.len(), 1);
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

/// And by nothing else.
pub async fn a_letter_is_found_by_what_it_was_settled_with(scene: &mut Scene) {
    let (_, id) = approved(scene).await;
    let events = scene.store.events.clone();
    let envelopes = [id];
    let by_envelope = || events.find_named_delivery(&envelopes, &[]);
    assert_eq!(by_envelope().await.expect("found"), None, "it never left");
    send(scene, id).await;
    assert_eq!(by_envelope().await.expect("found"), Some(id));
    let ids = [
        "<0@petition.example>".to_owned(),
        "<1@petition.example>".to_owned(),
    ];
    let by_message = events.find_named_delivery(&[], &ids).await;
    assert_eq!(by_message.expect("found"), Some(id));
    let nothing = events.find_named_delivery(&[], &ids[..1]).await;
    assert_eq!(nothing.expect("found"), None);
}

/// A foreign id is nobody's.
pub async fn an_event_of_no_letter_is_not_kept(scene: &mut Scene) {
    let nobody = DeliveryId::new(&FixedClock(scene.at), &mut scene.random);
    let event = heard(scene, nobody, EventKind::Reply);
    let refused = scene.store.events.record_event(&event).await;
    assert!(
        matches!(refused, Err(StorageError::Missing("delivery"))),
        "{refused:?}"
    );
    let kept = scene
        .store
        .events
        .list_events(nobody)
        .await
        .expect("listed");
    assert_eq!(kept, []);
}

/// And nothing else is kept of them.
pub async fn strays_are_counted_by_day(scene: &mut Scene) {
    let events = scene.store.events.clone();
    let day = scene.at.date_naive();
    for (reason, day) in [
        (StrayReason::Forged, day),
        (StrayReason::Forged, day),
        (StrayReason::Unmatched, day),
        (StrayReason::Unmatched, day - Duration::days(1)),
    ] {
        events.record_stray(reason, day).await.expect("recorded");
    }
    let counted = scene.other.events.count_strays(day).await.expect("counted");
    assert_eq!(
        counted,
        [(StrayReason::Forged, 2), (StrayReason::Unmatched, 1)]
    );
}

/// By somebody, of its own petition, with a deed.
pub async fn a_task_is_asked_for_once_and_done_once(scene: &mut Scene) {
    let (petition, id) = approved(scene).await;
    accept(scene, id).await;
    hear(scene, id, EventKind::Reply).await;
    hear(scene, id, EventKind::Reply).await;
    let events = scene.store.events.clone();
    let open = events
        .list_tasks(petition, true, None, 10)
        .await
        .expect("listed");
    assert_eq!(open.len(), 1);
    let (other, _) = approved(scene).await;
    let deed = scene.deed("task.finish");
    let wrong = events.finish_task(other, open[0].id, &deed).await;
    assert!(matches!(wrong, Err(StorageError::Stale("task"))));
    events
        .finish_task(petition, open[0].id, &deed)
        .await
        .expect("finished");
    let again = events.finish_task(petition, open[0].id, &deed).await;
    assert!(matches!(again, Err(StorageError::Stale("task"))));
    let done = events
        .list_tasks(petition, false, None, 10)
        .await
        .expect("listed");
    assert_eq!(done[0].done_by.as_deref(), Some("command_line"));
    assert_eq!(
        events
            .list_tasks(petition, true, None, 10)
            .await
            .expect("listed"),
        []
    );
    // What comes later is asked for again.
    scene.wait(Duration::hours(1));
    hear(scene, id, EventKind::Reply).await;
    let open = events
        .list_tasks(petition, true, Some(done[0].id), 10)
        .await;
    assert_eq!(open.expect("listed").len(), 1);
    let after = events
        .list_tasks(petition, false, Some(TaskId(uuid::Uuid::max())), 10)
        .await;
    assert_eq!(after.expect("listed"), []);
}

/// After a person decided; both stay on record.
pub async fn a_letter_to_the_clerk_takes_the_place_of_one_that_came_back(scene: &mut Scene) {
    let (petition, id) = approved(scene).await;
    accept(scene, id).await;
    let new = letter(scene, "3972000/mayor", Some("clerk@springfield.example"));
    let deed = scene.deed("delivery.fallback");
    let deliveries = scene.store.deliveries.clone();
    let bounced = DeliveryState::BouncedHard;
    let early = deliveries
        .supersede_delivery(id, bounced, &new, "to the clerk", &deed)
        .await;
    assert!(
        matches!(early, Err(StorageError::Stale("delivery"))),
        "{early:?}"
    );
    hear(scene, id, EventKind::BadAddress).await;
    deliveries
        .supersede_delivery(id, bounced, &new, "to the clerk", &deed)
        .await
        .expect("superseded");
    let (old, now) = (find(scene, id).await, find(scene, new.id).await);
    assert_eq!(
        (old.state, old.note.as_deref()),
        (DeliveryState::Superseded, Some("to the clerk"))
    );
    assert_eq!(
        (now.state, now.batch_id, now.addressee),
        (DeliveryState::Queued, old.batch_id, new.addressee.clone())
    );
    assert_eq!(now.envelope, None, "its bytes are its own");
    let tasks = scene
        .store
        .events
        .list_tasks(petition, true, None, 10)
        .await;
    assert_eq!(tasks.expect("listed"), []);
    let claimed = claim(scene, TOKEN).await;
    assert_eq!(
        claimed.iter().map(|it| it.delivery.id).collect::<Vec<_>>(),
        [new.id]
    );
    let again = deliveries
        .supersede_delivery(id, bounced, &new, "again", &deed)
        .await;
    assert!(again.is_err());
}
