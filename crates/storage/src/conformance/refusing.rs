//! Addresses whose servers say at once that nobody is there.

use super::delivering::{TOKEN, approved, claim};
use super::returning::{contact, with_clerk};
use super::scene::Scene;
use crate::deliveries::AttemptOutcome;
use redress_model::contact_state::ContactState;
use redress_model::delivery::AttemptStage;
use redress_model::delivery::event::TaskKind;
use redress_model::delivery::state::DeliveryState;

fn outcome(scene: &Scene, state: DeliveryState, reply: (u16, &str)) -> AttemptOutcome {
    AttemptOutcome {
        state,
        stage: AttemptStage::Recipient,
        reply: Some((reply.0, reply.1.to_owned())),
        queue_id: None,
        due_at: (state == DeliveryState::Deferred).then_some(scene.at),
        at: scene.at,
    }
}

/// Whether it is said at once or in a bounce makes no difference to whoever looks for another way.
pub async fn an_address_that_is_refused_is_flagged_and_the_clerk_is_named(scene: &mut Scene) {
    with_clerk(scene).await;
    let (petition, id) = approved(scene).await;
    assert_eq!(claim(scene, TOKEN).await.len(), 1);
    let refused = outcome(scene, DeliveryState::Refused, (550, "5.1.1 nobody"));
    let recorded = scene.store.deliveries.record_outcome(id, TOKEN, &refused);
    assert!(recorded.await.expect("recorded"));
    assert_eq!(contact(scene).await, Some(ContactState::Refused));
    let events = &scene.other.events;
    let tasks = events.list_tasks(petition, true, None, 10).await;
    let tasks = tasks.expect("listed");
    let seen: Vec<_> = tasks
        .iter()
        .map(|task| {
            (
                task.kind,
                task.delivery_id,
                task.fallback_post_id.as_deref(),
            )
        })
        .collect();
    assert_eq!(seen, [(TaskKind::Bounced, id, Some("3972000/clerk"))]);
    let again = scene.store.deliveries.record_outcome(id, TOKEN, &refused);
    assert!(!again.await.expect("answered"), "it is settled");
}

/// They are no word about the address.
pub async fn an_address_that_is_put_off_or_held_is_not_flagged(scene: &mut Scene) {
    for (state, reply) in [
        (DeliveryState::Deferred, (451, "4.7.1 later")),
        (DeliveryState::Held, (554, "5.7.1 blocked")),
    ] {
        let (petition, id) = approved(scene).await;
        assert_eq!(claim(scene, TOKEN).await.len(), 1);
        let put_off = outcome(scene, state, reply);
        let recorded = scene.store.deliveries.record_outcome(id, TOKEN, &put_off);
        assert!(recorded.await.expect("recorded"));
        assert_eq!(contact(scene).await, None);
        let events = &scene.other.events;
        let tasks = events.list_tasks(petition, true, None, 10).await;
        assert_eq!(tasks.expect("listed"), []);
    }
}
