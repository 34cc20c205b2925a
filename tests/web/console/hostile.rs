//! Requests that no page of the console sends.

use super::office::encoded;
use crate::stage::Stage;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use redress_model::role::MemberRole;

const PAGES: [&str; 16] = [
    "/console",
    "/console/account",
    "/console/audit",
    "/console/p/new",
    "/console/p/forbid-it",
    "/console/p/forbid-it/places",
    "/console/p/forbid-it/districts",
    "/console/p/forbid-it/edit",
    "/console/p/forbid-it/letters",
    "/console/p/forbid-it/deliveries",
    "/console/p/forbid-it/statuses",
    "/console/p/forbid-it/signatures",
    "/console/p/forbid-it/comments",
    "/console/p/forbid-it/abuse",
    "/console/p/forbid-it/sweeps",
    "/console/officials",
];
const FORMS: [&str; 14] = [
    "/console/logout",
    "/console/account/password",
    "/console/p/new",
    "/console/p/forbid-it/state",
    "/console/p/forbid-it/edit",
    "/console/p/forbid-it/statuses",
    "/console/p/forbid-it/signatures",
    "/console/p/forbid-it/signatures/search",
    "/console/p/forbid-it/comments",
    "/console/p/forbid-it/abuse",
    "/console/p/forbid-it/sweeps",
    "/console/p/forbid-it/letters/freeze",
    "/console/p/forbid-it/letters/1/approve",
    "/console/p/forbid-it/letters/1/cancel",
];

#[tokio::test]
async fn every_page_has_its_policy_is_kept_by_nobody_and_needs_no_script() {
    let mut stage = Stage::open().await;
    let ana = stage.organizer(MemberRole::Owner).await;
    let mut pages = vec![stage.get("/console/login").await];
    for path in PAGES {
        pages.push(stage.visit(&ana, path).await);
    }
    pages.push(stage.visit(&ana, "/console/p/nowhere").await);
    for page in pages {
        assert!(!page.text.contains("<script") && !page.text.contains(" style="));
        let policy = page.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("referrer-policy"), "same-origin");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert!(page.text.contains("/assets/console-"), "{}", page.text);
    }
}

#[tokio::test]
async fn every_page_and_form_asks_for_a_login() {
    let stage = Stage::open().await;
    for path in PAGES.into_iter().chain(["/console/p/forbid-it/counts.csv"]) {
        let answer = stage.get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(
            answer
                .header("location")
                .starts_with("/console/login?next=")
        );
    }
    for path in FORMS {
        let answer = stage.post_form(path, &[("to", "closed")]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(answer.header("location"), "/console/login");
    }
}

#[tokio::test]
async fn a_form_without_the_token_of_its_session_changes_nothing() {
    let mut stage = Stage::open().await;
    let ana = stage.organizer(MemberRole::Owner).await;
    let other = stage.log_in("owner@example.org").await;
    let close = [("from", "open"), ("to", "closed")];
    for path in FORMS {
        for token in [
            None,
            Some(""),
            Some("00"),
            Some(&*other.token),
            Some(&*ana.cookie),
        ] {
            let mut body = encoded(&close);
            if let Some(token) = token {
                body.push_str(&encoded(&[("token", token)]));
            }
            let answer = stage.ask_with(&ana.cookie, Method::POST, path, body).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {token:?}");
            assert!(answer.text.contains("reload the page"), "{}", answer.text);
        }
    }
    let page = stage.get("/p/forbid-it").await;
    assert!(page.text.contains("Sign the petition"));
    assert_eq!(stage.visit(&ana, "/console").await.status, StatusCode::OK);
}

#[tokio::test]
async fn another_site_cannot_send_a_form_even_with_the_cookie_and_the_token() {
    let mut stage = Stage::open().await;
    let ana = stage.organizer(MemberRole::Owner).await;
    let body = encoded(&[("token", &ana.token), ("from", "open"), ("to", "closed")]);
    for (name, value) in [
        ("origin", "https://other.example"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let request = Request::post("/console/p/forbid-it/state")
            .header("host", "petition.example")
            .header("cookie", &ana.cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .header(name, value)
            .body(Body::from(body.clone()));
        let answer = stage.ask(request.expect("a request")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}");
    }
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_never_our_fault() {
    let mut stage = Stage::open().await;
    let ana = stage.organizer(MemberRole::Owner).await;
    let token = encoded(&[("token", &ana.token)]);
    for path in FORMS.into_iter().chain(["/console/login"]) {
        for (body, status) in [
            (format!("{token}title={}", "a".repeat(70_000)), 413),
            (format!("{token}title=%ff"), 400),
            (format!("{token}title=%00"), 400),
            (format!("{token}title=\0"), 400),
        ] {
            let answer = stage.ask_with(&ana.cookie, Method::POST, path, body).await;
            assert_eq!(answer.status.as_u16(), status, "{path}");
        }
        let kind = "application/json";
        let answer = stage.send(Method::POST, path, kind, "{}").await;
        assert!(!answer.status.is_server_error() && answer.status != StatusCode::OK);
    }
    let gone = stage.visit(&ana, "/console").await;
    assert_eq!(gone.status, StatusCode::OK, "nothing of it was a logout");
}

#[tokio::test]
async fn odd_paths_of_the_console_end_on_a_page_with_the_way_out() {
    let mut stage = Stage::open().await;
    let ana = stage.organizer(MemberRole::Owner).await;
    for path in [
        "/console/nothing",
        "/console/p/forbid-it/letters/1",
        "/console/p/forbid-it/letters/x",
        "/console/p/forbid-it/letters?before=x",
        "/console/p/forbid-it/deliveries?state=lost",
        "/console/p/forbid-it/comments?review=liked",
        "/console/p/forbid-it/comments?after=x",
        "/console/officials/0",
        "/console?after=x",
    ] {
        let page = stage.visit(&ana, path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(
            page.text.contains("To the petitions"),
            "{path}: {}",
            page.text
        );
    }
}
