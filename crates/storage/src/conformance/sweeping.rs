//! Sweeps: counted, run, cancelled, undone.

use super::scene::Scene;
use crate::StorageError;
use crate::sweeps::{Sweep, SweepPage};
use chrono::Duration;
use redress_model::abuse::sweep::SweepState::{
    self, Cancelled, Counted, Counting, Done, Running, Undoing, Undone,
};
use redress_model::clock::FixedClock;
use redress_model::id::{PetitionId, SignatureId, SweepId};
use redress_model::petition::Confirmation as Mode;
use redress_model::signature::RejectionReason;

async fn begin(scene: &mut Scene, petition_id: PetitionId) -> Sweep {
    scene.wait(Duration::seconds(1));
    let sweep = Sweep {
        id: SweepId::new(&FixedClock(scene.at), &mut scene.random),
        petition_id,
        state: Counting,
        sealed_condition: vec![7],
        reason: RejectionReason::NotGenuine,
        reached: None,
        looked_at: 0,
        matched: 0,
        rejected: 0,
        back: 0,
        created_at: scene.at,
    };
    let deed = scene.deed("sweep.count");
    let recorded = scene.store.sweeps.record_sweep(&sweep, &deed).await;
    recorded.expect("recorded");
    let found = scene.other.sweeps.find_sweep(sweep.id).await;
    assert_eq!(found.expect("read"), Some(sweep.clone()));
    sweep
}

async fn change(scene: &Scene, id: SweepId, from: SweepState, to: SweepState) {
    let deed = scene.deed("sweep.change");
    let changed = scene.store.sweeps.change_sweep(id, from, to, &deed).await;
    changed.expect("changed");
}

async fn find(scene: &Scene, id: SweepId) -> Sweep {
    let found = scene.store.sweeps.find_sweep(id).await;
    found.expect("read").expect("there")
}

/// Four signatures, of which the third waits.
async fn people(scene: &mut Scene, petition: PetitionId) -> Vec<SignatureId> {
    let mut ids = Vec::new();
    for person in ["ana", "ben", "cid", "dot"] {
        scene.wait(Duration::seconds(1));
        let email = format!("{person}@example.org");
        let new = scene.signer(petition, &email, person, "45001");
        scene.sign(&new).await;
        if person != "cid" {
            scene.confirm(new.id).await;
        }
        ids.push(new.id);
    }
    scene.take_mails().await;
    ids
}

async fn numbers(scene: &Scene, ids: &[SignatureId]) -> Vec<(String, Option<i64>)> {
    let mut all = Vec::new();
    for id in ids {
        let row = scene.store.signatures.find_signature(*id).await;
        let row = row.expect("read").expect("there");
        all.push((row.state.to_string(), row.number));
    }
    all
}

fn page(from: Option<SignatureId>, ids: &[SignatureId], is_last: bool) -> SweepPage<'_> {
    SweepPage {
        from,
        to: ids.last().copied().or(from),
        looked_at: u32::try_from(ids.len()).expect("few"),
        matches: ids,
        is_last,
    }
}

/// The count changes nothing; the undo gives back states and numbers.
pub async fn a_sweep_is_counted_run_and_undone_with_the_same_numbers(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ids = people(scene, petition).await;
    let before = numbers(scene, &ids).await;
    let sweep = begin(scene, petition).await;
    let sweeps = scene.store.sweeps.clone();
    let all = page(None, &ids, true);
    let written = sweeps.write_sweep_page(&sweep, &all, scene.at);
    assert!(written.await.expect("written"));
    let sweep = find(scene, sweep.id).await;
    assert_eq!(
        (sweep.state, sweep.matched, sweep.rejected),
        (Counted, 4, 0)
    );
    assert_eq!(numbers(scene, &ids).await, before);

    change(scene, sweep.id, Counted, Running).await;
    let sweep = find(scene, sweep.id).await;
    let first = page(None, &ids[..2], false);
    assert!(
        sweeps
            .write_sweep_page(&sweep, &first, scene.at)
            .await
            .expect("written")
    );
    assert!(
        !sweeps
            .write_sweep_page(&sweep, &first, scene.at)
            .await
            .expect("asked"),
        "a second worker has the same page"
    );
    let sweep = find(scene, sweep.id).await;
    assert_eq!((sweep.reached, sweep.looked_at), (Some(ids[1]), 2));
    let rest = page(sweep.reached, &ids[2..], true);
    assert!(
        sweeps
            .write_sweep_page(&sweep, &rest, scene.at)
            .await
            .expect("written")
    );
    let sweep = find(scene, sweep.id).await;
    assert_eq!((sweep.state, sweep.rejected), (Done, 4));
    assert_eq!(
        (scene.counted(petition).await, scene.waiting(petition).await),
        (0, 0)
    );
    scene.assert_counts_hold(petition).await;

    change(scene, sweep.id, Done, Undoing).await;
    while sweeps
        .put_back_swept(sweep.id, 3, scene.at, &mut scene.random)
        .await
        .expect("put back")
    {}
    let sweep = find(scene, sweep.id).await;
    assert_eq!((sweep.state, sweep.back), (Undone, 4));
    assert_eq!(numbers(scene, &ids).await, before);
    assert_eq!(
        (scene.counted(petition).await, scene.waiting(petition).await),
        (3, 1)
    );
    scene.assert_counts_hold(petition).await;
    let again = sweeps.put_back_swept(sweep.id, 3, scene.at, &mut scene.random);
    assert!(!again.await.expect("asked"));
}

/// What was rejected until then can be undone all the same.
pub async fn a_cancelled_sweep_stops_where_it_is(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ids = people(scene, petition).await;
    let sweep = begin(scene, petition).await;
    let sweeps = scene.store.sweeps.clone();
    let all = page(None, &ids, true);
    let counted = sweeps.write_sweep_page(&sweep, &all, scene.at);
    counted.await.expect("written");
    change(scene, sweep.id, Counted, Running).await;
    let running = find(scene, sweep.id).await;
    let first = page(None, &ids[..1], false);
    sweeps
        .write_sweep_page(&running, &first, scene.at)
        .await
        .expect("written");
    let running = find(scene, sweep.id).await;
    change(scene, sweep.id, Running, Cancelled).await;
    let next = page(running.reached, &ids[1..], true);
    assert!(
        !sweeps
            .write_sweep_page(&running, &next, scene.at)
            .await
            .expect("asked")
    );
    assert_eq!(scene.counted(petition).await, 2);
    scene.assert_counts_hold(petition).await;
    change(scene, sweep.id, Cancelled, Undoing).await;
    let back = sweeps.put_back_swept(sweep.id, 10, scene.at, &mut scene.random);
    assert!(back.await.expect("put back"));
    assert_eq!(scene.counted(petition).await, 3);
    scene.assert_counts_hold(petition).await;
}

/// A worker that died loses its claim, and the next goes on where it was.
pub async fn a_sweep_is_claimed_by_one_worker_and_taken_up_by_the_next(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ids = people(scene, petition).await;
    let sweep = begin(scene, petition).await;
    let until_at = scene.at + Duration::seconds(60);
    let claimed = scene.store.sweeps.claim_sweep(scene.at, until_at).await;
    assert_eq!(claimed.expect("claimed").map(|it| it.id), Some(sweep.id));
    let none = scene.other.sweeps.claim_sweep(scene.at, until_at).await;
    assert_eq!(none.expect("asked"), None);
    let first = page(None, &ids[..2], false);
    let written = scene
        .store
        .sweeps
        .write_sweep_page(&sweep, &first, scene.at);
    assert!(written.await.expect("written"));
    scene.wait(Duration::seconds(61));
    let until_at = scene.at + Duration::seconds(60);
    let claimed = scene.other.sweeps.claim_sweep(scene.at, until_at).await;
    let claimed = claimed.expect("claimed").expect("one");
    assert_eq!((claimed.reached, claimed.matched), (Some(ids[1]), 2));
    let listed = scene.other.sweeps.list_sweeps(petition, 10).await;
    assert_eq!(listed.expect("listed"), [claimed]);
}

/// In the model and in the database.
pub async fn a_sweep_takes_only_legal_steps(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let sweep = begin(scene, petition).await;
    let deed = scene.deed("sweep.change");
    let sweeps = &scene.store.sweeps;
    for &next in SweepState::ALL {
        if next != Counting && !Counting.may_become(next) {
            let refused = sweeps.change_sweep(sweep.id, Counting, next, &deed).await;
            assert!(
                matches!(refused, Err(StorageError::Refused(_))),
                "{next}: {refused:?}"
            );
        }
    }
    let stale = sweeps.change_sweep(sweep.id, Done, Undoing, &deed).await;
    assert!(matches!(stale, Err(StorageError::Stale(_))));
    change(scene, sweep.id, Counting, Cancelled).await;
    let at_work = scene.store.sweeps.claim_sweep(scene.at, scene.at).await;
    assert_eq!(at_work.expect("asked"), None);
}
