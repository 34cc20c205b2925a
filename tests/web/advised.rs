//! Looking up with second opinions, and signing without.

#![expect(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use crate::stage::Stage;
use axum::http::StatusCode;
use redress_civics::providers::{
    Panel, ProviderName, ProviderSettings, ProvidersSettings, Workshop,
};
use redress_model::clock::FixedClock;
use redress_tests::geocoder::{Geocoder, Says};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};

pub fn panel(geocoder: &Geocoder) -> Panel {
    patient(geocoder, 20_000)
}

/// With a deadline in milliseconds.
fn patient(geocoder: &Geocoder, deadline: u64) -> Panel {
    let settings = ProvidersSettings {
        enabled: vec![ProviderName::Census],
        census: ProviderSettings {
            url: geocoder.url.clone(),
            deadline,
            ..ProviderSettings::default()
        },
        ..ProvidersSettings::default()
    };
    let workshop = Workshop {
        clock: Arc::new(FixedClock("2026-03-02T10:30:00Z".parse().unwrap())),
        pause: Arc::new(|_| {}),
        variable: &|_| None,
    };
    Panel::new(&settings, &workshop).unwrap().unwrap()
}

/// What somebody signs with, and the answer that they get without second opinions.
async fn alone() -> (Value, Value) {
    let stage = Stage::open().await;
    let signer = stage.signer("Ana Ruiz", "ana@example.org").await;
    let answer = stage.post_json("/api/v1/lookup", &signer).await.json();
    assert_eq!(answer["level"], "exact");
    (signer, answer)
}

/// The fields of a form.
fn fields(signer: &Value) -> Vec<(&str, &str)> {
    let fields = signer.as_object().unwrap().iter();
    fields
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
        .collect()
}

#[tokio::test]
async fn an_opinion_that_agrees_changes_nothing_and_is_remembered() {
    let (signer, answer) = alone().await;
    let place = answer["place"]["geoid"].as_str().unwrap().to_owned();
    let geocoder = Geocoder::start(Says::Place(place));
    let stage = Stage::advised(panel(&geocoder)).await;
    for _ in 0..2 {
        let heard = stage.post_json("/api/v1/lookup", &signer).await.json();
        assert_eq!(heard, answer);
    }
    assert_eq!(geocoder.asked().len(), 1);
    assert!(
        !geocoder.asked()[0].contains("Ana"),
        "{:?}",
        geocoder.asked()
    );
}

#[tokio::test]
async fn an_opinion_that_differs_is_shown_and_changes_no_signature() {
    let (signer, answer) = alone().await;
    let geocoder = Geocoder::start(Says::Place("9999999".into()));
    let stage = Stage::advised(panel(&geocoder)).await;
    let heard = stage.post_json("/api/v1/lookup", &signer).await.json();
    assert_eq!(heard["level"], "candidates");
    assert!(heard["place"].is_null());
    assert!(
        heard["reasons"].to_string().contains("provider_disagrees"),
        "{heard}"
    );
    let page = stage
        .post_form("/p/forbid-it/officials", &fields(&signer))
        .await;
    assert!(
        page.text.contains("Sources differ about this address")
            && page.text.contains("It may be")
            && !page.text.contains("Which of these is your home?"),
        "{}",
        page.text
    );
    let asked = geocoder.asked().len();
    let received = stage.sign(&signer).await;
    assert_eq!(received.status, StatusCode::ACCEPTED, "{}", received.text);
    let resolution = &received.json()["resolution"];
    assert_eq!(resolution["level"], "exact");
    assert_eq!(resolution["place"], answer["place"]);
    assert_eq!(geocoder.asked().len(), asked, "signing asks nobody");
}

#[tokio::test]
async fn nobody_waits_for_a_provider_beyond_its_deadline() {
    let (signer, answer) = alone().await;
    let geocoder = Geocoder::start(Says::Nothing);
    let stage = Stage::advised(patient(&geocoder, 300)).await;
    let begun = Instant::now();
    let mut heard = stage.post_json("/api/v1/lookup", &signer).await.json();
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(heard["reasons"], json!(["provider_unavailable"]));
    heard["reasons"] = json!([]);
    assert_eq!(heard, answer, "and nothing else changes");
}

#[tokio::test]
async fn an_address_that_names_no_house_is_sent_to_nobody() {
    let geocoder = Geocoder::start(Says::Page);
    let stage = Stage::advised(panel(&geocoder)).await;
    for address in ["PO Box 12, Alder, ZZ 00501", "nowhere at all", "00501"] {
        let asked = json!({ "address": address });
        stage.post_json("/api/v1/lookup", &asked).await;
    }
    assert!(geocoder.asked().is_empty(), "{:?}", geocoder.asked());
}

#[tokio::test]
async fn pages_say_by_name_to_whom_addresses_are_sent() {
    let geocoder = Geocoder::start(Says::Page);
    let stage = Stage::advised(panel(&geocoder)).await;
    for path in ["/privacy", "/p/forbid-it"] {
        let page = stage.get(path).await.text;
        assert!(
            page.contains("the US Census Bureau\u{2019}s geocoder")
                && !page.contains("never leaves our server"),
            "{path}: {page}"
        );
    }
    let alone = Stage::open().await;
    for path in ["/privacy", "/p/forbid-it"] {
        let page = alone.get(path).await.text;
        assert!(
            page.contains("never leaves our server") && !page.contains("Census"),
            "{path}: {page}"
        );
    }
}
