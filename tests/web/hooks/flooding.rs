//! Many calls at once: those of a provider, and those of anybody.

use super::Told;
use crate::stage::{Answer, Stage};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use chrono::Duration;
use redress_model::delivery::event::EventKind;
use serde_json::json;
use std::net::{IpAddr, SocketAddr};

/// What one client may send without a signature, at once.
const BURST: usize = 100;

const ONE: &str = "192.0.2.1";
const OTHER: &str = "192.0.2.2";

async fn call_from(stage: &Stage, socket: &str, headers: &[(&str, String)], body: &str) -> Answer {
    let address: IpAddr = socket.parse().expect("an address");
    let mut request = Request::post("/hooks/sendgrid")
        .header("host", "petition.example")
        .header("content-type", "application/json")
        .extension(ConnectInfo(SocketAddr::from((address, 4000))));
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let request = request.body(Body::from(body.to_owned()));
    stage.ask(request.expect("a request")).await
}

#[tokio::test]
async fn a_providers_burst_is_never_turned_away() {
    let told = Told::new().await;
    let body = json!([told.sendgrid_event("e-1", "bounce")]).to_string();
    let headers = told.keys.sendgrid("1772447400", &body);
    for _ in 0..BURST * 3 {
        let answer = call_from(&told.stage, ONE, &headers, &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    assert_eq!(told.kinds().await, [EventKind::Passing]);
    // What is signed and makes no sense costs nothing either.
    let odd = told.keys.sendgrid("1", "{}");
    for _ in 0..=BURST {
        let answer = call_from(&told.stage, ONE, &odd, "{}").await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn a_flood_without_signatures_is_told_to_wait_before_it_is_read() {
    let told = Told::new().await;
    let body = json!([told.sendgrid_event("e-1", "bounce")]).to_string();
    let long = format!("[\"{}\"]", "a".repeat(1024 * 1024));
    let forged = told.keys.sendgrid("1", "[]");
    let none: [(&str, String); 0] = [];
    let answer = call_from(&told.stage, ONE, &[], &long).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    for call in 1..BURST {
        let (headers, status) = match call % 2 {
            0 => (&forged[..], StatusCode::FORBIDDEN),
            _ => (&none[..], StatusCode::UNAUTHORIZED),
        };
        let answer = call_from(&told.stage, ONE, headers, &body).await;
        assert_eq!(answer.status, status, "{call}");
    }
    for body in [&body, &long] {
        let answer = call_from(&told.stage, ONE, &forged, body).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        let after: u64 = answer.header("retry-after").parse().expect("seconds");
        assert_eq!(after, 1);
    }
    assert_eq!(told.kinds().await, []);

    // Nobody else waits for that, and it passes.
    let headers = told.keys.sendgrid("1772447400", &body);
    let answer = call_from(&told.stage, OTHER, &headers, &body).await;
    assert_eq!(answer.status, StatusCode::OK);
    told.stage.clock.pass(Duration::seconds(1));
    for _ in 0..5 {
        let answer = call_from(&told.stage, ONE, &forged, &body).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    let answer = call_from(&told.stage, ONE, &forged, &body).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
}
