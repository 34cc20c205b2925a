//! What an organizer is asked to do about letters that came back.

use super::delivering::{TOKEN, accept, approved, claim, find};
use super::freezing::letter;
use super::returning::hear;
use super::scene::Scene;
use crate::StorageError;
use chrono::Duration;
use redress_model::delivery::event::EventKind;
use redress_model::delivery::state::DeliveryState;
use redress_model::id::TaskId;

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
