//! What is refused, and how it is said.

use crate::stage::Stage;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use redress_model::petition::state::PetitionState;
use serde_json::json;

const SIGN: &str = "/api/v1/petitions/forbid-it/signatures";

#[tokio::test]
async fn every_wrong_field_is_named_at_once_and_nothing_is_stored() {
    let stage = Stage::open().await;
    let wrong = json!({ "name": "=1+1", "email": "ana@localhost", "street": 5, "zip": "1" });
    let answer = stage.sign(&wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem = answer.json();
    let mut codes: Vec<_> = problem["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|error| format!("{} {}", error["field"], error["code"]).replace('"', ""))
        .collect();
    codes.sort();
    assert_eq!(
        codes,
        [
            "city city_empty",
            "email email_domain_dotless",
            "name name_leading_sign",
            "state state_empty",
            "street field_type",
            "zip zip_malformed"
        ]
    );
    assert!(stage.mails().await.is_empty());
}

#[tokio::test]
async fn a_wrong_form_comes_back_with_its_values_and_its_errors() {
    let stage = Stage::open().await;
    let fields = [("name", "Ana \"A\" Ruiz"), ("email", "nobody")];
    let page = stage.post_form("/p/forbid-it/sign", &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("the part after the @ is not a domain"));
    assert!(
        page.text.contains("value=\"Ana &#34;A&#34; Ruiz\""),
        "{}",
        page.text
    );
}

#[tokio::test]
async fn a_draft_is_unknown_and_a_closed_petition_conflicts() {
    let mut stage = Stage::open().await;
    stage.petition("written", PetitionState::Draft).await;
    stage.petition("over", PetitionState::Closed).await;
    let signer = stage.signer("Ana Ruiz", "ana@example.org").await;
    for (slug, status) in [
        ("written", StatusCode::NOT_FOUND),
        ("nowhere", StatusCode::NOT_FOUND),
        ("over", StatusCode::CONFLICT),
    ] {
        let path = format!("/api/v1/petitions/{slug}/signatures");
        assert_eq!(stage.post_json(&path, &signer).await.status, status);
        let path = format!("/p/{slug}/sign");
        assert_eq!(stage.post_form(&path, &[]).await.status, status);
    }
    assert_eq!(stage.get("/p/written").await.status, StatusCode::NOT_FOUND);
    assert!(stage.get("/p/over").await.text.contains("is closed"));
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_never_our_fault() {
    let stage = Stage::open().await;
    let json = "application/json";
    let form = "application/x-www-form-urlencoded";
    for (path, kind, body, status) in [
        (SIGN, "text/plain", b"{}".to_vec(), 415),
        (SIGN, json, b"{".to_vec(), 400),
        (SIGN, json, b"[]".to_vec(), 400),
        (SIGN, json, b"{\"name\":\"\xff\"}".to_vec(), 400),
        (SIGN, json, b"{\"name\":\"a\\u0000\"}".to_vec(), 400),
        (SIGN, json, vec![b' '; 70_000], 413),
        ("/p/forbid-it/sign", json, b"{}".to_vec(), 415),
        ("/p/forbid-it/sign", form, b"name=%ff".to_vec(), 400),
        ("/p/forbid-it/sign", form, b"name=a%00".to_vec(), 400),
        ("/p/forbid-it/sign", form, vec![b'a'; 70_000], 413),
    ] {
        let answer = stage.send(Method::POST, path, kind, body).await;
        assert_eq!(answer.status.as_u16(), status, "{path} {kind}");
    }
}

#[tokio::test]
async fn a_browser_on_another_site_cannot_sign_and_a_program_can() {
    let stage = Stage::open().await;
    let signer = stage
        .signer("Ana Ruiz", "ana@example.org")
        .await
        .to_string();
    let request = |origin: Option<&str>| {
        let request = Request::post(SIGN)
            .header("host", "petition.example")
            .header("content-type", "application/json");
        let request = match origin {
            Some(origin) => request.header("origin", origin),
            None => request,
        };
        request.body(Body::from(signer.clone())).expect("a request")
    };
    let foreign = stage.ask(request(Some("https://other.example"))).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    for origin in [None, Some("https://petition.example")] {
        assert_eq!(
            stage.ask(request(origin)).await.status,
            StatusCode::ACCEPTED
        );
    }
}
