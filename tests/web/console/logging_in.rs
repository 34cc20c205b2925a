//! Logging in and out, and for how long.

use super::office::PASSWORD;
use crate::stage::Stage;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode};
use chrono::Duration;
use redress_model::role::MemberRole;
use std::net::SocketAddr;

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn an_organizer_logs_in_sees_the_petitions_and_logs_out() {
    let mut stage = Stage::open().await;
    let outside = stage.get("/console").await;
    assert_eq!(outside.status, StatusCode::SEE_OTHER);
    assert_eq!(outside.header("location"), "/console/login?next=%2Fconsole");

    let ana = stage.organizer(MemberRole::Analyst).await;
    let page = stage.visit(&ana, "/console").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Forbid &#60;it&#62;"), "{}", page.text);

    let out = stage.submit(&ana, "/console/logout", &[]).await;
    assert_eq!(out.header("location"), "/console/login?note=out");
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    let after = stage.visit(&ana, "/console").await;
    assert_eq!(after.status, StatusCode::SEE_OTHER);
    let deeds = stage.deeds().await;
    let logins = deeds
        .iter()
        .filter(|deed| deed.starts_with("account.login"));
    assert_eq!(logins.count(), 1, "{deeds:?}");
    assert!(!deeds.join("\n").contains('@'), "{deeds:?}");
}

#[tokio::test]
async fn the_cookie_is_for_the_console_alone_over_tls_and_out_of_reach_of_scripts() {
    let mut stage = Stage::empty().await;
    stage
        .account("ana@example.org", "default", MemberRole::Owner)
        .await;
    let answer = stage.try_login("ANA@example.org", PASSWORD).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Secure-redress_session="), "{cookie}");
    for attribute in [
        "Path=/console",
        "Max-Age=43200",
        "HttpOnly",
        "SameSite=Lax",
        "Secure",
    ] {
        assert!(cookie.split("; ").any(|it| it == attribute), "{cookie}");
    }
}

#[tokio::test]
async fn nobody_learns_whether_an_account_exists() {
    let mut stage = Stage::empty().await;
    stage
        .account("ana@example.org", "default", MemberRole::Owner)
        .await;
    let closed = stage
        .account("old@example.org", "default", MemberRole::Owner)
        .await;
    let deed = stage.deed("account.disable", "old");
    let disabled = stage.store.accounts.disable_account(closed, &deed).await;
    disabled.expect("the account is closed");
    let wrong = stage
        .try_login("ana@example.org", "wrong horse battery")
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("do not open an account"));
    for (email, password) in [
        ("old@example.org", PASSWORD),
        ("nobody@example.org", PASSWORD),
        ("no e-mail at all", PASSWORD),
        ("nobody@example.org", ""),
    ] {
        let answer = stage.try_login(email, password).await;
        assert_eq!(answer.status, wrong.status, "{email}");
        let same = answer.text.replace(email, "ana@example.org");
        assert_eq!(same, wrong.text, "{email}");
        assert_eq!(answer.header("set-cookie"), "");
    }
}

#[tokio::test]
async fn a_session_ends_by_itself_after_twelve_hours() {
    let mut stage = Stage::empty().await;
    let ana = stage.organizer(MemberRole::Owner).await;
    stage.clock.pass(Duration::minutes(719));
    assert_eq!(stage.visit(&ana, "/console").await.status, StatusCode::OK);
    stage.clock.pass(Duration::minutes(1));
    let late = stage.visit(&ana, "/console/account").await;
    assert_eq!(
        late.header("location"),
        "/console/login?next=%2Fconsole%2Faccount"
    );
}

#[tokio::test]
async fn every_login_has_a_secret_of_its_own_and_ends_the_one_before() {
    let mut stage = Stage::empty().await;
    let first = stage.organizer(MemberRole::Owner).await;
    let fields = format!(
        "email=owner%40example.org&password={}",
        PASSWORD.replace(' ', "+")
    );
    let again = stage
        .ask_with(&first.cookie, Method::POST, "/console/login", fields)
        .await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.text);
    assert!(!again.header("set-cookie").starts_with(&first.cookie));
    let old = stage.visit(&first, "/console").await;
    assert_eq!(old.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_cookie_of_another_instance_opens_nothing() {
    let mut stage = Stage::empty().await;
    let mut other = Stage::empty().await;
    stage.organizer(MemberRole::Owner).await;
    // Both draw from the same seed; the second login of the other one is its own.
    other.organizer(MemberRole::Owner).await;
    let theirs = other.log_in("owner@example.org").await;
    for cookie in [
        theirs.cookie.as_str(),
        "__Secure-redress_session=",
        "__Secure-redress_session=00",
        "redress_session=%00",
    ] {
        let page = stage.ask_with(cookie, Method::GET, "/console", "").await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{cookie}");
    }
}

#[tokio::test]
async fn a_login_leads_to_the_page_asked_for_and_never_away() {
    let mut stage = Stage::open().await;
    stage
        .account("ana@example.org", "default", MemberRole::Owner)
        .await;
    let asked = stage.get("/console/p/forbid-it/places").await;
    let form = stage.get(asked.header("location")).await;
    assert!(
        form.text
            .contains("name=\"next\" value=\"/console/p/forbid-it/places\"")
    );
    for (next, location) in [
        ("/console/p/forbid-it/places", "/console/p/forbid-it/places"),
        ("https://other.example/", "/console"),
        ("//other.example/console", "/console"),
        ("/console/../../p/forbid-it", "/console"),
        ("/console\r\nx: y", "/console"),
    ] {
        let fields = [
            ("email", "ana@example.org"),
            ("password", PASSWORD),
            ("next", next),
        ];
        let answer = stage.post_form("/console/login", &fields).await;
        assert_eq!(answer.header("location"), location, "{next}");
    }
}

#[tokio::test]
async fn the_sixth_try_of_an_account_in_a_minute_waits() {
    let mut stage = Stage::empty().await;
    stage
        .account("ana@example.org", "default", MemberRole::Owner)
        .await;
    for _ in 0..5 {
        let wrong = stage
            .try_login("ana@example.org", "wrong horse battery")
            .await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let waits = stage.try_login("Ana@Example.org", PASSWORD).await;
    assert_eq!(waits.status, StatusCode::TOO_MANY_REQUESTS);
    let seconds: u64 = waits.header("retry-after").parse().expect("seconds");
    assert!((1..=13).contains(&seconds), "{seconds}");
    assert!(waits.text.contains("Too many tries"));
    // Nobody learns from it whether the account exists.
    for _ in 0..5 {
        stage.try_login("nobody@example.org", PASSWORD).await;
    }
    let unknown = stage.try_login("nobody@example.org", PASSWORD).await;
    assert_eq!(unknown.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn the_eleventh_try_of_a_client_in_a_minute_waits_whatever_the_account() {
    let stage = Stage::empty().await;
    let client: SocketAddr = "192.0.2.7:4000".parse().expect("an address");
    let mut last = StatusCode::OK;
    for number in 0..11 {
        let body = format!("email=a{number}%40example.org&password=wrong");
        let mut request = Request::post("/console/login")
            .header("host", "petition.example")
            .header("content-type", FORM)
            .body(Body::from(body))
            .expect("a request");
        request.extensions_mut().insert(ConnectInfo(client));
        last = stage.ask(request).await.status;
        let expected = if number < 10 { 422 } else { 429 };
        assert_eq!(last.as_u16(), expected, "try {number}");
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}
