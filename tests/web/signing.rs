//! Signing, by program and by form.

use crate::stage::Stage;
use axum::http::StatusCode;
use redress_model::slug::Slug;
use redress_storage::audit::{Actor, Deed};
use redress_storage::mails::MailKind;
use redress_storage::secrets::TokenPurpose;
use serde_json::{Value, json};

#[tokio::test]
async fn a_signature_counts_in_its_place_after_its_mail_was_answered() {
    let stage = Stage::open().await;
    let signer = stage.signer("Ana Ruiz", "ana@example.org").await;
    let answer = stage.sign(&signer).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    let received = answer.json();
    assert_eq!(received["status"], "received");
    assert_eq!(received["resolution"]["level"], "exact");
    assert!(received["resolution"]["point"].is_null());
    assert_eq!(stage.count().await, 0);

    let mails = stage.mails().await;
    assert_eq!(mails.len(), 1);
    let path = format!("/confirm/{}", stage.token(&mails[0], TokenPurpose::Confirm));
    let asked = stage.get(&path).await;
    assert!(asked.text.contains("Ana Ruiz"), "{}", asked.text);
    assert_eq!(stage.count().await, 0, "a look confirms nothing");
    let done = stage.post_form(&path, &[]).await;
    assert!(done.text.contains("You are number 1"), "{}", done.text);
    assert_eq!(stage.count().await, 1);

    let known = stage.known().await;
    let csv = stage
        .get("/api/v1/petitions/forbid-it/places.csv")
        .await
        .text;
    assert!(csv.starts_with("geoid,name,state,count,self_asserted,paper"));
    assert!(
        csv.lines()
            .nth(1)
            .is_some_and(|row| row.starts_with(&known.geoid))
    );
    assert_eq!(csv.lines().count(), 2, "{csv}");
    let path = format!(
        "/api/v1/petitions/forbid-it/districts?place={}",
        known.geoid
    );
    let districts = stage.get(&path).await.json();
    assert_eq!(
        districts["districts"][0]["district"],
        known.district.as_str()
    );
    assert_eq!(districts["districts"][0]["count"], 1);
}

#[tokio::test]
async fn nobody_learns_whether_an_address_is_new_waiting_or_counted() {
    let stage = Stage::open().await;
    let signer = stage.signer("Ana Ruiz", "ana@example.org").await;
    let new = stage.sign(&signer).await;
    let waiting = stage.sign(&signer).await;
    let mails = stage.mails().await;
    let token = stage.token(&mails[0], TokenPurpose::Confirm);
    stage.post_form(&format!("/confirm/{token}"), &[]).await;
    let counted = stage.sign(&signer).await;
    assert!(new.status == waiting.status && waiting.status == counted.status);
    assert!(new.text == waiting.text && waiting.text == counted.text);
    assert_eq!(stage.count().await, 1);
    let kinds: Vec<_> = stage.mails().await.iter().map(|mail| mail.kind).collect();
    assert_eq!(kinds, [MailKind::AlreadySigned]);
}

#[tokio::test]
async fn two_of_a_household_count_and_a_third_does_not() {
    let stage = Stage::open().await;
    for name in ["Ana Ruiz", "Ben Ruiz"] {
        stage.sign_and_confirm(name, "home@example.org").await;
    }
    let third = stage.signer("Cid Ruiz", "home@example.org").await;
    assert_eq!(stage.sign(&third).await.status, StatusCode::ACCEPTED);
    assert_eq!(stage.count().await, 2);
    let kinds: Vec<_> = stage.mails().await.iter().map(|mail| mail.kind).collect();
    assert_eq!(kinds, [MailKind::AlreadySigned]);
}

#[tokio::test]
async fn who_gets_this_is_told_before_signing() {
    let stage = Stage::open().await;
    let known = stage.known().await;
    let fields = [
        ("name", "Ana Ruiz"),
        ("street", known.street.as_str()),
        ("city", &known.city),
        ("state", &known.state),
        ("zip", &known.zip),
    ];
    let page = stage.post_form("/p/forbid-it/officials", &fields).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Mayor"), "{}", page.text);
    assert!(page.text.contains("value=\"Ana Ruiz\""), "values stay");
    assert!(stage.mails().await.is_empty());
}

#[tokio::test]
async fn a_form_is_signed_with_the_code_of_the_mail() {
    let stage = Stage::open().await;
    let known = stage.known().await;
    let fields = [
        ("name", "Ana Ruiz"),
        ("email", "ana@example.org"),
        ("street", known.street.as_str()),
        ("city", &known.city),
        ("state", &known.state),
        ("zip", &known.zip),
        ("list_name", "on"),
    ];
    let page = stage.post_form("/p/forbid-it/sign", &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let handle = page.text.split("name=\"handle\" value=\"").nth(1);
    let handle = handle
        .and_then(|rest| rest.split('"').next())
        .expect("a handle");
    let mail = stage.mails().await.remove(0);
    assert!(!handle.contains(&mail.signature_id.0.simple().to_string()));
    let wrong = [("handle", handle), ("code", "12")];
    let again = stage.post_form("/confirm", &wrong).await;
    assert!(
        again.text.contains("That code is not right"),
        "{}",
        again.text
    );
    let code = stage.code(&mail);
    let right = [("handle", handle), ("code", code.as_str())];
    let done = stage.post_form("/confirm", &right).await;
    assert!(done.text.contains("You are number 1"), "{}", done.text);
    assert_eq!(stage.count().await, 1);
}

#[tokio::test]
async fn a_robot_in_the_trap_sees_success_and_gets_no_mail() {
    let stage = Stage::open().await;
    let mut signer = stage.signer("Ana Ruiz", "ana@example.org").await;
    signer["company"] = "Acme".into();
    assert_eq!(stage.sign(&signer).await.status, StatusCode::ACCEPTED);
    assert!(stage.mails().await.is_empty());
}

#[tokio::test]
async fn a_street_address_is_kept_only_when_petition_and_signer_say_so() {
    let stage = Stage::open().await;
    let slug = Slug::parse("forbid-it").expect("a slug");
    let petitions = &stage.store.petitions;
    let found = petitions.find_petition_by_slug(&slug).await;
    let mut petition = found.expect("found").expect("there");
    let form = stage.get("/p/forbid-it").await.text;
    assert!(
        !form.contains("keep_address") && form.contains("then dropped"),
        "{form}"
    );
    let deed = Deed {
        actor: Actor::CommandLine,
        action: "petition.edit",
        subject: slug.to_string(),
        details: Value::Null,
        at: stage.at,
    };
    let mut number = 0;
    for (petition_asks, signer_agrees) in [(false, true), (true, false), (true, true)] {
        petition.terms.keeps_address = petition_asks;
        let recorded = petitions
            .record_terms(petition.id, &petition.terms, &deed)
            .await;
        recorded.expect("recorded");
        number += 1;
        let mut signer = stage
            .signer("Ana Ruiz", &format!("ana{number}@example.org"))
            .await;
        signer["keep_address"] = json!(signer_agrees);
        assert_eq!(stage.sign(&signer).await.status, StatusCode::ACCEPTED);
        let mail = stage.mails().await.remove(0);
        let row = stage
            .store
            .signatures
            .find_signature(mail.signature_id)
            .await;
        let sealed = row.expect("read").expect("there").sealed.expect("sealed");
        assert_eq!(sealed.address.is_some(), petition_asks && signer_agrees);
    }
    let form = stage.get("/p/forbid-it").await.text;
    assert!(
        form.contains("name=\"keep_address\"") && form.contains("if you tick that above"),
        "{form}"
    );
}

#[tokio::test]
async fn the_petitions_page_never_tells_whether_an_email_was_new() {
    let stage = Stage::open().await;
    stage.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
    let page = async || {
        let text = stage.get("/p/forbid-it").await.text;
        // The stamp of the form is another each time.
        let (before, stamp) = text.split_once("name=\"form\" value=\"").expect("a stamp");
        let (_, after) = stamp.split_once('"').expect("its end");
        format!("{before}{after}")
    };
    let before = page().await;
    for (name, email) in [
        ("Ana Ruiz", "ana@example.org"),
        ("Ben Tran", "new@example.org"),
    ] {
        let signer = stage.signer(name, email).await;
        assert_eq!(stage.sign(&signer).await.status, StatusCode::ACCEPTED);
        assert_eq!(page().await, before, "{email}");
    }
    assert_eq!(stage.count().await, 1);
}
