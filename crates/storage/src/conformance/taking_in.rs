//! Messages that come in about letters: each is taken once, for the letter that it is about.

use super::delivering::{accept, approved, send};
use super::returning::{heard, record};
use super::scene::Scene;
use crate::StorageError;
use crate::events::{EventOutcome, NewEvent};
use chrono::Duration;
use redress_model::clock::FixedClock;
use redress_model::delivery::event::{EventKind, StrayReason};
use redress_model::delivery::state::DeliveryState;
use redress_model::id::{DeliveryId, new_uuid};

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
