//! What letters say of the addresses that they went to.

use super::delivering::{TOKEN, accept, approved, find, outcome, send};
use super::returning::{hear, heard, record};
use super::scene::Scene;
use crate::events::EventOutcome;
use chrono::{DateTime, Duration, Utc};
use redress_model::contact_state::{ContactRecord, ContactState};
use redress_model::delivery::event::EventKind;
use redress_model::delivery::state::DeliveryState;
use redress_model::id::DeliveryId;

const MAYOR: &str = "mayor@springfield.example";

/// What is known of the mayor's address, and since when.
async fn known(scene: &Scene) -> Option<(ContactState, DateTime<Utc>)> {
    let named = [MAYOR.to_owned()];
    let known = scene.other.officials.list_named_contacts(&named).await;
    let known = known.expect("listed");
    known.first().map(|it| (it.state, it.since_at))
}

/// A letter to the mayor that the office's server took.
async fn accepted(scene: &mut Scene) -> DeliveryId {
    let (_, id) = approved(scene).await;
    accept(scene, id).await;
    id
}

/// How many letters are presumed delivered by now.
async fn presumed(scene: &Scene) -> u32 {
    let deliveries = &scene.store.deliveries;
    let recovered = deliveries.recover_deliveries(scene.at).await;
    recovered.expect("recovered").presumed
}

/// From when its server took it.
pub async fn a_letter_of_which_nothing_came_back_speaks_for_its_address(scene: &mut Scene) {
    let id = accepted(scene).await;
    let accepted_at = scene.at;
    scene.wait(Duration::hours(71));
    assert_eq!(presumed(scene).await, 0);
    assert_eq!(known(scene).await, None);
    scene.wait(Duration::hours(1));
    assert_eq!(presumed(scene).await, 1);
    let state = find(scene, id).await.state;
    assert_eq!(state, DeliveryState::PresumedDelivered);
    let good = Some((ContactState::Good, accepted_at));
    assert_eq!(known(scene).await, good);
    // Once is enough.
    scene.wait(Duration::hours(1));
    assert_eq!(presumed(scene).await, 0);
    assert_eq!(known(scene).await, good);
}

/// A program may answer where nobody reads.
pub async fn a_person_and_a_server_speak_for_an_address_and_programs_do_not(scene: &mut Scene) {
    for kind in [
        EventKind::AutoReply,
        EventKind::Complaint,
        EventKind::Challenge,
        EventKind::Delayed,
        EventKind::Rejected,
    ] {
        let id = accepted(scene).await;
        hear(scene, id, kind).await;
        assert_eq!(known(scene).await, None, "{kind}");
    }
    for kind in [EventKind::Reply, EventKind::Delivered] {
        let id = accepted(scene).await;
        scene.wait(Duration::hours(1));
        hear(scene, id, kind).await;
        let good = Some((ContactState::Good, scene.at));
        assert_eq!(known(scene).await, good, "{kind}");
    }
}

/// Whichever comes on record first.
pub async fn what_was_heard_later_of_an_address_counts(scene: &mut Scene) {
    accepted(scene).await;
    scene.wait(Duration::days(1));
    let lost = accepted(scene).await;
    hear(scene, lost, EventKind::BadAddress).await;
    let bounced = Some((ContactState::Bounced, scene.at));
    assert_eq!(known(scene).await, bounced);
    // The first letter was taken before the second came back.
    scene.wait(Duration::days(2));
    assert_eq!(presumed(scene).await, 1);
    assert_eq!(known(scene).await, bounced);

    let answered = accepted(scene).await;
    hear(scene, answered, EventKind::Reply).await;
    let good = Some((ContactState::Good, scene.at));
    assert_eq!(known(scene).await, good);
    let other = accepted(scene).await;
    let mut late = heard(scene, other, EventKind::BadAddress);
    late.received_at -= Duration::hours(1);
    let outcome = record(scene, &late).await;
    let came_back = EventOutcome::Recorded {
        state: DeliveryState::BouncedHard,
        has_moved: true,
    };
    assert_eq!(outcome, came_back);
    assert_eq!(known(scene).await, good);

    scene.wait(Duration::hours(1));
    let third = accepted(scene).await;
    hear(scene, third, EventKind::BadAddress).await;
    let bounced = Some((ContactState::Bounced, scene.at));
    assert_eq!(known(scene).await, bounced);
}

/// A list may have given it to somebody, and not to whom it was for.
pub async fn a_letter_that_came_back_says_nothing_good_of_its_address(scene: &mut Scene) {
    let id = accepted(scene).await;
    hear(scene, id, EventKind::BadAddress).await;
    let bounced = Some((ContactState::Bounced, scene.at));
    for kind in [EventKind::Delivered, EventKind::Reply] {
        scene.wait(Duration::hours(1));
        let state = hear(scene, id, kind).await;
        assert_eq!(state, DeliveryState::BouncedHard, "{kind}");
        assert_eq!(known(scene).await, bounced, "{kind}");
    }
}

/// It did not say that its address is bad.
pub async fn an_office_that_asked_not_to_be_written_to_stays_so(scene: &mut Scene) {
    let stopped = ContactRecord {
        address: MAYOR.to_owned(),
        state: ContactState::Stopped,
        note: Some("by telephone".to_owned()),
        since_at: scene.at - Duration::days(1),
    };
    let one = std::slice::from_ref(&stopped);
    let recorded = scene.store.officials.record_contacts(one).await;
    recorded.expect("recorded");
    let id = accepted(scene).await;
    for kind in [EventKind::Reply, EventKind::Delivered] {
        hear(scene, id, kind).await;
    }
    scene.wait(Duration::hours(72));
    assert_eq!(presumed(scene).await, 1);
    let named = [MAYOR.to_owned()];
    let known = scene.other.officials.list_named_contacts(&named).await;
    assert_eq!(known.expect("listed"), [stopped]);
}

/// As everything else that follows from it.
pub async fn what_waits_for_the_answer_to_the_dot_says_nothing_yet(scene: &mut Scene) {
    let (_, id) = approved(scene).await;
    send(scene, id).await;
    hear(scene, id, EventKind::Delivered).await;
    assert_eq!(known(scene).await, None);
    let heard_at = scene.at;
    scene.wait(Duration::minutes(1));
    let taken = outcome(scene, DeliveryState::Accepted, Some(250));
    let deliveries = &scene.store.deliveries;
    let recorded = deliveries.record_outcome(id, TOKEN, &taken).await;
    assert!(recorded.expect("recorded"));
    assert_eq!(known(scene).await, Some((ContactState::Good, heard_at)));
}
