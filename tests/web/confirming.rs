//! Links from mails, good and bad, and the receipt.

use crate::stage::Stage;
use axum::http::StatusCode;
use redress_storage::secrets::TokenPurpose;

#[tokio::test]
async fn a_second_click_on_the_button_is_harmless() {
    let stage = Stage::open().await;
    let mail = stage.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
    let path = format!("/confirm/{}", stage.token(&mail, TokenPurpose::Confirm));
    let again = stage.post_form(&path, &[]).await;
    assert!(again.text.contains("You are number 1"), "{}", again.text);
    assert_eq!(stage.count().await, 1);
}

#[tokio::test]
async fn a_wrong_link_leads_to_the_petition_with_an_explanation() {
    let stage = Stage::open().await;
    let signer = stage.signer("Ana Ruiz", "ana@example.org").await;
    stage.sign(&signer).await;
    let mail = stage.mails().await.remove(0);
    let good = stage.token(&mail, TokenPurpose::Confirm);
    let receipt = stage.token(&mail, TokenPurpose::Receipt);
    for token in [&good[..40], receipt.as_str()] {
        let path = format!("/confirm/{token}");
        for answer in [stage.get(&path).await, stage.post_form(&path, &[]).await] {
            assert_eq!(answer.status, StatusCode::SEE_OTHER);
            assert_eq!(answer.header("location"), "/p/forbid-it?note=link");
        }
    }
    let strange = stage.get("/confirm/nonsense").await;
    assert_eq!(strange.header("location"), "/?note=link");
    let page = stage.get("/p/forbid-it?note=link").await;
    assert!(page.text.contains("That link is not complete"));
    assert_eq!(stage.count().await, 0);
}

#[tokio::test]
async fn a_receipt_shows_the_officials_and_withdraws_by_post_alone() {
    let stage = Stage::open().await;
    let mail = stage.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
    let path = format!("/r/{}", stage.token(&mail, TokenPurpose::Receipt));
    let page = stage.get(&path).await;
    assert!(page.text.contains("Counted") && page.text.contains("Mayor"));
    let look = stage.get(&format!("{path}/withdraw")).await;
    assert_eq!(look.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(stage.count().await, 1);
    let done = stage.post_form(&format!("{path}/withdraw"), &[]).await;
    assert_eq!(done.header("location"), path);
    assert_eq!(stage.count().await, 0);
    assert!(stage.get(&path).await.text.contains("Withdrawn"));
}

#[tokio::test]
async fn five_wrong_codes_end_the_code_and_never_the_link() {
    let stage = Stage::open().await;
    let known = stage.known().await;
    let fields = [
        ("name", "Ana Ruiz"),
        ("email", "ana@example.org"),
        ("street", known.street.as_str()),
        ("city", &known.city),
        ("state", &known.state),
        ("zip", &known.zip),
    ];
    let page = stage.post_form("/p/forbid-it/sign", &fields).await.text;
    let handle = page.split("name=\"handle\" value=\"").nth(1);
    let handle = handle
        .and_then(|rest| rest.split('"').next())
        .expect("a handle");
    for _ in 0..5 {
        let wrong = [("handle", handle), ("code", "12")];
        stage.post_form("/confirm", &wrong).await;
    }
    let mail = stage.mails().await.remove(0);
    let code = stage.code(&mail);
    let right = [("handle", handle), ("code", code.as_str())];
    stage.post_form("/confirm", &right).await;
    assert_eq!(stage.count().await, 0);
    let path = format!("/confirm/{}", stage.token(&mail, TokenPurpose::Confirm));
    stage.post_form(&path, &[]).await;
    assert_eq!(stage.count().await, 1);
}

#[tokio::test]
async fn one_click_ends_the_mail_and_looking_ends_nothing() {
    let stage = Stage::open().await;
    let mail = stage.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
    let path = format!(
        "/unsubscribe/{}",
        stage.token(&mail, TokenPurpose::Unsubscribe)
    );
    let page = stage.get(&path).await;
    assert!(page.text.contains("Send me no more mail"), "{}", page.text);
    let one_click = [("List-Unsubscribe", "One-Click")];
    let done = stage.post_form(&path, &one_click).await;
    assert_eq!(done.status, StatusCode::OK);
    assert!(done.text.contains("Your signature stays as it is"));
    assert_eq!(stage.count().await, 1);

    let waiting = stage.signer("Ben Ito", "ben@example.org").await;
    stage.sign(&waiting).await;
    let mail = stage.mails().await.remove(0);
    let path = format!(
        "/unsubscribe/{}",
        stage.token(&mail, TokenPurpose::Unsubscribe)
    );
    assert!(stage.get(&path).await.text.contains("it is erased"));
    stage.post_form(&path, &[]).await;
    let confirm = format!("/confirm/{}", stage.token(&mail, TokenPurpose::Confirm));
    stage.post_form(&confirm, &[]).await;
    assert_eq!(stage.count().await, 1, "what was erased is not confirmed");
    let receipt = stage.token(&mail, TokenPurpose::Receipt);
    let wrong = stage.get(&format!("/unsubscribe/{receipt}")).await;
    assert_eq!(wrong.status, StatusCode::SEE_OTHER);
}
