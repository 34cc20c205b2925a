//! Letters that are too large as they are.

use super::delivering::{TOKEN, accept, approved, find, outcome, send};
use super::freezing::letter;
use super::returning::{heard, record};
use super::scene::Scene;
use crate::deliveries::NewDelivery;
use redress_model::delivery::LetterVariant;
use redress_model::delivery::event::EventKind;
use redress_model::delivery::state::DeliveryState;
use redress_model::id::DeliveryId;

async fn listed(scene: &Scene) -> Vec<DeliveryId> {
    let listed = scene.other.deliveries.list_too_large(None, 10).await;
    listed.expect("listed").iter().map(|it| it.id).collect()
}

/// The server will not have it at this size.
async fn turn_away(scene: &Scene, id: DeliveryId) {
    send(scene, id).await;
    let too_large = outcome(scene, DeliveryState::TooLarge, Some(552));
    let deliveries = &scene.store.deliveries;
    let recorded = deliveries.record_outcome(id, TOKEN, &too_large).await;
    assert!(recorded.expect("recorded"));
}

/// Puts the variant with a link in the place of a letter.
async fn shrink(scene: &mut Scene, id: DeliveryId) -> DeliveryId {
    let from = find(scene, id).await.state;
    let new = NewDelivery {
        variant: LetterVariant::Link,
        ..letter(scene, "3972000/mayor", Some("mayor@springfield.example"))
    };
    let deed = scene.deed("delivery.link");
    let deliveries = &scene.store.deliveries;
    let superseded = deliveries.supersede_delivery(id, from, &new, "too large", &deed);
    superseded.await.expect("superseded");
    new.id
}

/// And the smaller one is the last.
pub async fn a_letter_that_is_too_large_is_listed_until_a_smaller_one_takes_its_place(
    scene: &mut Scene,
) {
    let (_, id) = approved(scene).await;
    assert_eq!(listed(scene).await, []);
    turn_away(scene, id).await;
    assert_eq!(listed(scene).await, [id]);
    let after = scene.store.deliveries.list_too_large(Some(id), 10).await;
    assert_eq!(after.expect("listed"), []);

    let smaller = shrink(scene, id).await;

    assert_eq!(listed(scene).await, []);
    let (old, new) = (find(scene, id).await, find(scene, smaller).await);
    assert_eq!(
        (old.state, new.state),
        (DeliveryState::Superseded, DeliveryState::Queued)
    );
    assert_eq!(new.variant, LetterVariant::Link);
    turn_away(scene, smaller).await;
    assert_eq!(listed(scene).await, []);
    assert_eq!(find(scene, smaller).await.state, DeliveryState::TooLarge);
}

/// A relay takes what a server further on does not.
pub async fn a_bounce_that_names_the_size_is_listed_too(scene: &mut Scene) {
    for (status, is_listed) in [
        (Some("5.3.4"), true),
        (Some("5.2.3"), true),
        (Some("5.7.1"), false),
        (None, false),
    ] {
        let (petition, id) = approved(scene).await;
        accept(scene, id).await;
        let mut event = heard(scene, id, EventKind::Rejected);
        event.status = status.map(str::to_owned);
        record(scene, &event).await;
        let state = find(scene, id).await.state;
        assert_eq!(state, DeliveryState::BouncedHard);
        let found = listed(scene).await;
        assert_eq!(found.contains(&id), is_listed, "{status:?}");
        if is_listed {
            let smaller = shrink(scene, id).await;
            assert_eq!(listed(scene).await, []);
            // What an organizer was asked about it is done.
            let tasks = scene.store.events.list_tasks(petition, true, None, 10);
            assert_eq!(tasks.await.expect("listed"), []);
            accept(scene, smaller).await;
        }
    }
}
