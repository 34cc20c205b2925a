//! Who cannot be served for now is told why, and loses nothing by it.

use crate::stage::{Beside, Stage};
use axum::http::StatusCode;
use redress_model::abuse::proof::ProofMode;
use serde_json::Value;
use std::time::Duration;

const SIGN: &str = "/api/v1/petitions/forbid-it/signatures";
const CROWD: [&str; 2] = [
    "many people are signing at once",
    "muchas personas firman a la vez",
];
const AWAY: [&str; 2] = [
    "we cannot look anything up or save it",
    "ahora no podemos consultar ni guardar",
];

/// Somebody takes the only place in the queue, and waits.
async fn fill(server: &Beside, signer: &Value) {
    let waiting = server.post_json(SIGN, signer, "en");
    let answer = tokio::time::timeout(Duration::from_millis(300), waiting).await;
    assert!(answer.is_err(), "nobody writes it");
}

async fn told(server: &Beside, signer: &Value, texts: [&str; 2]) {
    for (language, text) in ["en", "es"].into_iter().zip(texts) {
        let answer = server.post_json(SIGN, signer, language).await;
        assert_eq!(
            answer.status,
            StatusCode::SERVICE_UNAVAILABLE,
            "{}",
            answer.text
        );
        assert_eq!(answer.header("retry-after"), "2");
        assert!(answer.text.contains(text), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_crowd_is_told_of_the_crowd_and_who_meets_a_closed_door_is_not() {
    let stage = Stage::open().await;
    let mut server = stage.crowded();
    let ana = stage.signer("Ana Ruiz", "ana@example.org").await;
    let ben = stage.signer("Ben Lee", "ben@example.org").await;
    fill(&server, &ana).await;
    told(&server, &ben, CROWD).await;
    server.close();
    told(&server, &ben, AWAY).await;
}

#[tokio::test]
async fn while_the_database_is_away_nobody_is_told_of_a_crowd() {
    let stage = Stage::open().await;
    stage.lose_database().await;
    for (path, text) in ["/en/p/forbid-it", "/es/p/forbid-it"].into_iter().zip(AWAY) {
        let page = stage.get(path).await;
        assert_eq!(
            page.status,
            StatusCode::SERVICE_UNAVAILABLE,
            "{}",
            page.text
        );
        assert_eq!(page.header("retry-after"), "2");
        assert!(page.text.contains(text), "{}", page.text);
        for crowd in CROWD {
            assert!(!page.text.contains(crowd), "{}", page.text);
        }
    }
}

#[tokio::test]
async fn a_proof_that_met_a_full_queue_or_a_closed_door_is_good_again() {
    let stage = Stage::proving(ProofMode::On).await;
    let mut server = stage.crowded();
    let mut ana = stage.signer("Ana Ruiz", "ana@example.org").await;
    ana["altcha"] = stage.proof("forbid-it").await.into();
    fill(&server, &ana).await;
    let mut ben = stage.signer("Ben Lee", "ben@example.org").await;
    ben["altcha"] = stage.proof("forbid-it").await.into();
    told(&server, &ben, CROWD).await;
    server.close();
    told(&server, &ben, AWAY).await;
    let signed = stage.sign(&ben).await;
    assert_eq!(signed.status, StatusCode::ACCEPTED, "{}", signed.text);
    let mut again = stage.signer("Cleo Lee", "cleo@example.org").await;
    again["altcha"] = ben["altcha"].clone();
    let refused = stage.sign(&again).await;
    assert!(
        refused.text.contains("proof_spent"),
        "once it served: {}",
        refused.text
    );
}
