//! Sweeps in the console: a count first, then the word, then the undo.

use crate::stage::Stage;
use axum::http::StatusCode;
use redress_model::abuse::sweep::SweepState::Cancelled;
use redress_model::role::MemberRole::Reviewer;
use redress_model::signature::state::SignatureState::{Confirmed, Pending, Rejected};
use redress_web::work_off_sweep;

const SWEEPS: &str = "/console/p/forbid-it/sweeps";

async fn work(stage: &Stage) {
    while work_off_sweep(&stage.state)
        .await
        .expect("the worker works")
    {
        // A lease is over once time has passed.
        stage.clock.pass(chrono::Duration::seconds(16));
    }
}

#[tokio::test]
async fn a_sweep_counts_rejects_and_puts_back() {
    let mut stage = Stage::open().await;
    let rita = stage.organizer(Reviewer).await;
    for (name, email) in [
        ("Ana Ruiz", "ana@one.example.org"),
        ("Ben Ives", "ben@two.example.org"),
    ] {
        stage.sign_and_confirm(name, email).await;
    }
    let waiting = stage.signer("Cid Ives", "cid@two.example.org").await;
    stage.sign(&waiting).await;
    stage.clock.pass(chrono::Duration::seconds(1));
    let before = stage.signatures().await;

    let asked = [("domain", "two.example.org"), ("reason", "not_genuine")];
    let begun = stage.submit(&rita, SWEEPS, &asked).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.text);
    let path = begun.header("location").to_owned();
    stage.clock.pass(chrono::Duration::seconds(1));
    let late = stage.signer("Dot Ives", "dot@two.example.org").await;
    stage.sign(&late).await;
    work(&stage).await;
    let page = stage.visit(&rita, &path).await.text;
    assert!(
        page.contains("<dt>Found by the count</dt><dd>2</dd>"),
        "{page}"
    );
    assert!(page.contains("two.example.org"), "{page}");
    assert_eq!(stage.count().await, 2, "a count changes nothing");

    let start = [("from", "counted"), ("to", "running")];
    let started = stage.submit(&rita, &path, &start).await;
    assert_eq!(started.status, StatusCode::SEE_OTHER, "{}", started.text);
    work(&stage).await;
    let states: Vec<_> = stage.signatures().await.iter().map(|it| it.state).collect();
    assert_eq!(states, [Confirmed, Rejected, Rejected, Pending]);
    assert_eq!(stage.count().await, 1);
    let again = stage.submit(&rita, &path, &start).await;
    assert_eq!(again.status, StatusCode::CONFLICT);

    let undo = [("from", "done"), ("to", "undoing")];
    stage.submit(&rita, &path, &undo).await;
    work(&stage).await;
    let after = stage.signatures().await;
    let told = |rows: &[redress_storage::signatures::Signature]| {
        let rows = rows.iter().map(|it| (it.id, it.state, it.number));
        rows.collect::<Vec<_>>()
    };
    assert_eq!(told(&after[..3]), told(&before));
    assert_eq!(stage.count().await, 2);
    let page = stage.visit(&rita, &path).await.text;
    assert!(page.contains("They are back"), "{page}");
    let petition = stage.found("forbid-it").await;
    let differences = stage.store.tallies.recount(petition.id).await;
    assert!(differences.expect("recounted").is_empty());
    let deeds = stage.deeds().await.join("\n");
    for action in ["sweep.count", "sweep.start", "sweep.undo"] {
        assert!(deeds.contains(action), "{deeds}");
    }
    assert!(!deeds.contains("two.example.org"), "{deeds}");
}

#[tokio::test]
async fn a_sweep_over_everybody_is_refused_and_one_that_is_cancelled_changes_nothing() {
    let mut stage = Stage::open().await;
    let rita = stage.organizer(Reviewer).await;
    stage.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
    let refused = stage
        .submit(&rita, SWEEPS, &[("reason", "duplicate")])
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("a sweep over everybody is none"),
        "{}",
        refused.text
    );

    stage.clock.pass(chrono::Duration::seconds(1));
    let asked = [("name", "Ana*"), ("reason", "duplicate")];
    let begun = stage.submit(&rita, SWEEPS, &asked).await;
    let path = begun.header("location").to_owned();
    let cancel = [("from", "counting"), ("to", "cancelled")];
    let cancelled = stage.submit(&rita, &path, &cancel).await;
    assert_eq!(
        cancelled.status,
        StatusCode::SEE_OTHER,
        "{}",
        cancelled.text
    );
    work(&stage).await;
    assert_eq!(stage.count().await, 1);
    let page = stage.visit(&rita, &path).await.text;
    assert!(page.contains("Stopped by a person"), "{page}");
}

#[tokio::test]
async fn a_sweep_over_a_petition_whose_key_is_gone_ends() {
    let mut stage = Stage::open().await;
    let rita = stage.organizer(Reviewer).await;
    let asked = [("name", "Ana*"), ("reason", "duplicate")];
    stage.submit(&rita, SWEEPS, &asked).await;
    let petition = stage.found("forbid-it").await;
    let destroyed = stage.vault.destroy(petition.id).await;
    assert!(destroyed.expect("destroyed"));
    work(&stage).await;
    let sweeps = stage.store.sweeps.list_sweeps(petition.id, 10).await;
    assert_eq!(sweeps.expect("listed")[0].state, Cancelled);
}
