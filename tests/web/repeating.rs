//! A program that sends the same again, since it has not heard the answer.

use crate::stage::{Answer, Stage};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::Duration;
use redress_model::id::PetitionId;
use redress_model::petition::state::PetitionState;
use redress_model::slug::Slug;
use redress_storage::audit::{Actor, Deed};
use redress_storage::secrets::TokenPurpose;
use redress_storage::signatures::SignatureFilter;
use serde_json::Value;

async fn send(stage: &Stage, key: &str, body: &Value) -> Answer {
    let request = Request::post("/api/v1/petitions/forbid-it/signatures")
        .header("host", "petition.example")
        .header("content-type", "application/json")
        .header("idempotency-key", key)
        .body(Body::from(body.to_string()))
        .expect("a request");
    stage.ask(request).await
}

async fn petition(stage: &Stage) -> PetitionId {
    let slug = Slug::parse("forbid-it").expect("a slug");
    let found = stage.store.petitions.find_petition_by_slug(&slug).await;
    found.expect("asked").expect("there").id
}

async fn stored(stage: &Stage) -> usize {
    let filter = SignatureFilter::of(petition(stage).await);
    let found = stage
        .store
        .signatures
        .list_signatures(&filter, None, 10)
        .await;
    found.expect("listed").len()
}

#[tokio::test]
async fn the_same_key_and_body_are_one_signature_with_one_answer_and_one_mail() {
    let stage = Stage::open().await;
    let signer = stage.signer("Ana Ruiz", "ana@example.org").await;
    let first = send(&stage, "a-1", &signer).await;
    assert_eq!(first.status, StatusCode::ACCEPTED, "{}", first.text);
    let mails = stage.mails().await;
    stage.clock.pass(Duration::hours(23));
    let again = send(&stage, "a-1", &signer).await;
    assert_eq!(
        (again.status, &again.text),
        (StatusCode::ACCEPTED, &first.text)
    );
    assert!(stage.mails().await.is_empty(), "no second mail");
    assert_eq!(stored(&stage).await, 1);

    let token = stage.token(&mails[0], TokenPurpose::Confirm);
    stage.post_form(&format!("/confirm/{token}"), &[]).await;
    let counted = send(&stage, "a-1", &signer).await;
    assert_eq!(counted.text, first.text);
    assert!(stage.mails().await.is_empty(), "no word of having signed");
    assert_eq!(stage.count().await, 1);
}

#[tokio::test]
async fn another_body_under_a_key_is_refused_and_stores_nothing() {
    let stage = Stage::open().await;
    let ana = stage.signer("Ana Ruiz", "ana@example.org").await;
    let ben = stage.signer("Ben Ruiz", "ben@example.org").await;
    send(&stage, "a-1", &ana).await;
    stage.mails().await;
    let refused = send(&stage, "a-1", &ben).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let problem = refused.json();
    assert_eq!(problem["errors"][0]["code"], "idempotency_key_reused");
    assert!(stage.mails().await.is_empty());
    assert_eq!(stored(&stage).await, 1);
    let own = send(&stage, "b-1", &ben).await;
    assert_eq!(own.status, StatusCode::ACCEPTED);
    assert_eq!(stored(&stage).await, 2);
}

#[tokio::test]
async fn a_key_is_free_again_after_a_day() {
    let stage = Stage::open().await;
    let ana = stage.signer("Ana Ruiz", "ana@example.org").await;
    let ben = stage.signer("Ben Ruiz", "ben@example.org").await;
    send(&stage, "a-1", &ana).await;
    stage.clock.pass(Duration::hours(24));
    assert_eq!(send(&stage, "a-1", &ben).await.status, StatusCode::ACCEPTED);
    assert_eq!(stored(&stage).await, 2);
}

#[tokio::test]
async fn two_requests_at_once_under_one_key_save_one_signature() {
    let stage = Stage::open().await;
    let signer = stage.signer("Ana Ruiz", "ana@example.org").await;
    let once = || send(&stage, "a-1", &signer);
    let (first, second, third, fourth) = tokio::join!(once(), once(), once(), once());
    for answer in [&second, &third, &fourth] {
        assert_eq!((answer.status, &answer.text), (first.status, &first.text));
    }
    assert_eq!(first.status, StatusCode::ACCEPTED);
    assert_eq!(stored(&stage).await, 1);
    assert_eq!(stage.mails().await.len(), 1);
}

#[tokio::test]
async fn what_was_received_is_answered_again_after_the_petition_closed() {
    let stage = Stage::open().await;
    let signer = stage.signer("Ana Ruiz", "ana@example.org").await;
    let first = send(&stage, "a-1", &signer).await;
    let deed = Deed {
        actor: Actor::CommandLine,
        action: "petition.close",
        subject: "forbid-it".into(),
        details: Value::Null,
        at: stage.at,
    };
    let id = petition(&stage).await;
    let petitions = &stage.store.petitions;
    let closed = petitions
        .change_petition_state(id, PetitionState::Open, PetitionState::Closed, &deed)
        .await;
    closed.expect("closed");
    let again = send(&stage, "a-1", &signer).await;
    assert_eq!((again.status, again.text), (first.status, first.text));
    let other = send(&stage, "a-2", &signer).await;
    assert_eq!(other.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_key_that_is_none_is_told_so() {
    let stage = Stage::open().await;
    let signer = stage.signer("Ana Ruiz", "ana@example.org").await;
    for key in ["", &"k".repeat(256)] {
        let answer = send(&stage, key, &signer).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let code = &answer.json()["errors"][0]["code"];
        assert_eq!(code, "idempotency_key_malformed");
    }
}
