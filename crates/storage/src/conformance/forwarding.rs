//! Answers that go on to organizers, and what providers sign once.

use super::delivering::{accept, approved};
use super::returning::heard;
use super::scene::Scene;
use crate::forwards::Forward;
use crate::hooks::HookToken;
use chrono::Duration;
use redress_model::delivery::event::EventKind;

async fn claim(scene: &Scene) -> Vec<Forward> {
    let forwards = &scene.store.forwards;
    let until_at = scene.at + Duration::minutes(30);
    let claimed = forwards.claim_forwards(scene.at, until_at, 10).await;
    claimed.expect("claimed")
}

async fn waiting(scene: &Scene) -> u64 {
    scene
        .other
        .forwards
        .count_forwards()
        .await
        .expect("counted")
}

/// Of everything that comes back.
pub async fn only_a_persons_answer_goes_on(scene: &mut Scene) {
    let (_, id) = approved(scene).await;
    accept(scene, id).await;
    for kind in EventKind::ALL {
        let event = heard(scene, id, *kind);
        for _ in 0..2 {
            let recorded = scene.store.events.record_event(&event).await;
            recorded.expect("recorded");
        }
    }
    assert_eq!(waiting(scene).await, 1);
    let claimed = claim(scene).await;
    assert_eq!((claimed.len(), claimed[0].delivery_id), (1, id));
    assert_eq!(claim(scene).await, [], "it is somebody's");
}

/// Whoever is late finds that it is gone.
pub async fn an_answer_passes_its_fence_once(scene: &mut Scene) {
    let (_, id) = approved(scene).await;
    accept(scene, id).await;
    let event = heard(scene, id, EventKind::Reply);
    let recorded = scene.store.events.record_event(&event).await;
    recorded.expect("recorded");
    let late = claim(scene).await.remove(0);
    scene.wait(Duration::minutes(31));
    let forwards = scene.store.forwards.clone();
    let passes = async |forward: &Forward, at| {
        let passed = forwards.pass_forward(forward, at).await;
        passed.expect("answered")
    };
    assert!(!passes(&late, scene.at).await, "its time is over");
    let mine = claim(scene).await.remove(0);
    assert_eq!((mine.event_id, mine.attempts), (event.id, 2));
    assert!(!passes(&late, scene.at).await);
    assert!(passes(&mine, scene.at).await);
    assert!(!passes(&mine, scene.at).await);
    // Whoever has lost it changes nothing any more.
    forwards
        .defer_forward(&late, scene.at)
        .await
        .expect("answered");
    forwards
        .drop_forward(&late, scene.at)
        .await
        .expect("answered");
    assert_eq!((waiting(scene).await, claim(scene).await), (0, vec![]));
    // The other side said no to the dot: it did not arrive.
    let again_at = scene.at + Duration::minutes(6);
    forwards
        .defer_forward(&mine, again_at)
        .await
        .expect("deferred");
    assert_eq!(claim(scene).await, []);
    scene.wait(Duration::minutes(6));
    let again = claim(scene).await.remove(0);
    forwards
        .drop_forward(&again, scene.at)
        .await
        .expect("dropped");
    assert_eq!(waiting(scene).await, 0);
}

/// The same call once more is a repetition, another one is forged.
pub async fn what_a_provider_signed_is_good_for_one_message(scene: &mut Scene) {
    let token = |digest| HookToken {
        provider: "mailgun",
        token: [1; 32],
        digest: [digest; 32],
        expires_at: scene.at + Duration::minutes(30),
    };
    let (first, other) = (token(7), token(8));
    let hooks = scene.store.hooks.clone();
    let remember = async |token: &HookToken, at| {
        let known = hooks.remember_hook_token(token, at).await;
        known.expect("remembered")
    };
    assert!(remember(&first, scene.at).await);
    assert!(remember(&first, scene.at).await);
    assert!(!remember(&other, scene.at).await);
    scene.wait(Duration::minutes(31));
    assert!(remember(&other, scene.at).await, "it is forgotten");
}

/// And only when it names one.
pub async fn a_letter_is_found_by_its_servers_word_for_it(scene: &mut Scene) {
    let (_, id) = approved(scene).await;
    let named = ["0".to_owned(), "1".to_owned()];
    let hooks = scene.store.hooks.clone();
    let found = hooks.find_queued_as(&named).await;
    assert_eq!(found.expect("asked"), None);
    accept(scene, id).await;
    let found = hooks.find_queued_as(&named).await;
    assert_eq!(found.expect("asked"), Some(id));
    let found = hooks.find_queued_as(&named[..1]).await;
    assert_eq!(found.expect("asked"), None);
    let (_, other) = approved(scene).await;
    scene.wait(Duration::days(2));
    accept(scene, other).await;
    let found = hooks.find_queued_as(&named).await;
    assert_eq!(found.expect("asked"), None, "two letters have that word");
}
