//! Slips in an e-mail address: asked about before anything is saved, and mended after.

use crate::stage::{Known, Stage};
use axum::http::StatusCode;
use chrono::Duration;
use redress_storage::secrets::TokenPurpose;

// A slip of the finger, and what was meant. No test writes to either.
const SLIP: &str = concat!("ana", "@", "gmial.com");
const MEANT: &str = concat!("ana", "@", "gmail.com");

fn form<'a>(known: &'a Known, email: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("name", "Ana Ruiz"),
        ("email", email),
        ("street", known.street.as_str()),
        ("city", known.city.as_str()),
        ("state", known.state.as_str()),
        ("zip", known.zip.as_str()),
        ("comment", "Enough."),
        ("list_name", "on"),
    ]
}

fn handle(page: &str) -> String {
    let handle = page.split("name=\"handle\" value=\"").nth(1);
    let handle = handle.and_then(|rest| rest.split('"').next());
    handle.expect("a handle").to_owned()
}

#[tokio::test]
async fn a_near_miss_is_asked_about_beside_its_field() {
    let stage = Stage::open().await;
    let known = stage.known().await;
    let asked = stage
        .post_form("/p/forbid-it/sign", &form(&known, SLIP))
        .await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    let button = format!("name=\"email_suggested\" value=\"{MEANT}\"");
    assert!(asked.text.contains(&button), "{}", asked.text);
    assert!(asked.text.contains("value=\"Ana Ruiz\"") && asked.text.contains("Enough."));
    assert!(stage.mails().await.is_empty(), "nothing is saved yet");
}

#[tokio::test]
async fn one_click_takes_what_was_meant() {
    let stage = Stage::open().await;
    let known = stage.known().await;
    let mut fields = form(&known, SLIP);
    fields.push(("email_kept", SLIP));
    fields.push(("email_suggested", MEANT));
    let signed = stage.post_form("/p/forbid-it/sign", &fields).await;
    assert_eq!(signed.status, StatusCode::OK, "{}", signed.text);
    assert!(signed.text.contains(MEANT) && !signed.text.contains(SLIP));
    assert_eq!(stage.mails().await.len(), 1);
}

#[tokio::test]
async fn who_sends_again_keeps_what_was_typed() {
    let stage = Stage::open().await;
    let known = stage.known().await;
    let mut fields = form(&known, SLIP);
    fields.push(("email_kept", SLIP));
    let signed = stage.post_form("/p/forbid-it/sign", &fields).await;
    assert_eq!(signed.status, StatusCode::OK, "{}", signed.text);
    assert!(signed.text.contains(SLIP));
}

#[tokio::test]
async fn a_program_is_told_what_was_probably_meant_and_not_held_up() {
    let stage = Stage::open().await;
    let slip = stage.signer("Ana Ruiz", SLIP).await;
    let answer = stage.sign(&slip).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    assert_eq!(answer.json()["did_you_mean"]["email"], MEANT);
    let right = stage.signer("Ana Ruiz", "ana@example.org").await;
    assert!(stage.sign(&right).await.json()["did_you_mean"].is_null());
}

#[tokio::test]
async fn another_address_takes_the_place_of_a_mistyped_one_and_the_old_link_ends() {
    let stage = Stage::open().await;
    let known = stage.known().await;
    let signed = stage
        .post_form("/p/forbid-it/sign", &form(&known, "anna@example.org"))
        .await;
    let old = stage.mails().await.remove(0);
    let fields = [
        ("handle", handle(&signed.text)),
        ("email", "ana@example.org".to_owned()),
    ];
    let fields = fields.each_ref().map(|(name, text)| (*name, text.as_str()));
    stage.clock.pass(Duration::minutes(2));
    let changed = stage.post_form("/confirm/email", &fields).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
    assert!(changed.text.contains("ana@example.org"));
    let mails = stage.mails().await;
    assert_eq!(mails.len(), 1);
    assert_ne!(mails[0].signature_id, old.signature_id);

    let link = format!("/confirm/{}", stage.token(&old, TokenPurpose::Confirm));
    let over = stage.post_form(&link, &[]).await;
    assert_eq!(over.status, StatusCode::SEE_OTHER, "{}", over.text);
    assert_eq!(stage.count().await, 0);
    let code = stage.code(&mails[0]);
    let new_handle = handle(&changed.text);
    let fields = [("handle", new_handle.as_str()), ("code", code.as_str())];
    let done = stage.post_form("/confirm", &fields).await;
    assert!(done.text.contains("You are number 1"), "{}", done.text);
    assert_eq!(stage.count().await, 1);
    let receipt = format!("/r/{}", stage.token(&mails[0], TokenPurpose::Receipt));
    assert_eq!(stage.get(&receipt).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_wrong_new_address_is_told_and_the_old_one_still_waits() {
    let stage = Stage::open().await;
    let known = stage.known().await;
    let signed = stage
        .post_form("/p/forbid-it/sign", &form(&known, "ana@example.org"))
        .await;
    let mail = stage.mails().await.remove(0);
    let handle = handle(&signed.text);
    for (email, said) in [
        ("nobody", "the part after the @ is not a domain"),
        (SLIP, "Did you mean"),
    ] {
        let fields = [("handle", handle.as_str()), ("email", email)];
        let page = stage.post_form("/confirm/email", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text.contains(said), "{}", page.text);
    }
    assert!(stage.mails().await.is_empty());
    let link = format!("/confirm/{}", stage.token(&mail, TokenPurpose::Confirm));
    assert_eq!(stage.post_form(&link, &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_confirmed_is_changed_no_more_and_mail_has_its_limit() {
    let stage = Stage::open().await;
    let known = stage.known().await;
    let page = stage
        .post_form("/p/forbid-it/sign", &form(&known, "a@example.org"))
        .await;
    let mut mails = stage.mails().await.len();
    let mut handle = handle(&page.text);
    for number in 0..12 {
        let email = ["b@example.org", "a@example.org"][number % 2];
        let fields = [("handle", handle.as_str()), ("email", email)];
        let page = stage.post_form("/confirm/email", &fields).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        handle = self::handle(&page.text);
        mails += stage.mails().await.len();
    }
    assert!(mails <= 10, "{mails} mails to two addresses");

    let signed = stage
        .post_form("/p/forbid-it/sign", &form(&known, "c@example.org"))
        .await;
    let handle = self::handle(&signed.text);
    let mail = stage.mails().await.remove(0);
    let link = format!("/confirm/{}", stage.token(&mail, TokenPurpose::Confirm));
    stage.post_form(&link, &[]).await;
    let fields = [("handle", handle.as_str()), ("email", "d@example.org")];
    stage.post_form("/confirm/email", &fields).await;
    assert!(stage.mails().await.is_empty());
    assert_eq!(stage.count().await, 1);
}
