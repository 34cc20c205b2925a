//! Links that open nothing.

use super::seats::Seat::Mayor;
use crate::stage::Stage;
use axum::http::{Method, StatusCode};
use redress_storage::secrets::{InstanceKey, Token, TokenPurpose};
use uuid::Uuid;

#[tokio::test]
async fn every_link_but_the_right_one_finds_the_same_nothing() {
    let mut stage = Stage::open().await;
    let ana = stage.sign_openly("Ana Ruiz", None).await;
    let sent = stage.send_to(&[Mayor]).await;
    let (id, good) = (sent.letters[0].0, stage.desk(sent.letters[0]));
    assert_eq!(stage.get(&good).await.status, StatusCode::OK);
    let foreign = InstanceKey::generate(&mut stage.random);
    let token = |key, purpose, id, epoch| Token::issue(key, purpose, id, epoch).to_string();
    let links = [
        token(&stage.key, TokenPurpose::Receipt, id, 0),
        token(&stage.key, TokenPurpose::Confirm, id, 0),
        token(&stage.key, TokenPurpose::Unsubscribe, id, 0),
        token(&stage.key, TokenPurpose::Desk, id, 1),
        token(&foreign, TokenPurpose::Desk, id, 0),
        token(&stage.key, TokenPurpose::Desk, Uuid::from_u128(7), 0),
        token(&stage.key, TokenPurpose::Desk, ana.signature_id.0, 0),
        good.trim_start_matches("/desk/")[..60].to_owned(),
        "nonsense".to_owned(),
    ];
    let nothing = stage.get("/desk/nonsense").await;
    assert!(
        nothing.text.contains("This link opens nothing"),
        "{}",
        nothing.text
    );
    for link in links {
        for rest in ["", "/letters/1", "/lists/1.csv"] {
            let answer = stage.get(&format!("/desk/{link}{rest}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{link}{rest}");
            assert_eq!(answer.text, nothing.text, "{link}{rest}");
        }
        let answer = stage.verify(&format!("/desk/{link}"), &sent.list).await;
        assert_eq!(
            (answer.status, answer.text),
            (StatusCode::NOT_FOUND, nothing.text.clone())
        );
    }
}

#[tokio::test]
async fn a_secret_page_is_kept_by_nobody_and_told_to_nobody() {
    let mut stage = Stage::open().await;
    let ana = stage.sign_openly("Ana Ruiz", None).await;
    let sent = stage.send_to(&[Mayor]).await;
    let desk = stage.desk(sent.letters[0]);
    for path in [
        desk.clone(),
        format!("{desk}/letters/1"),
        format!("{desk}/lists/1.csv"),
        stage.receipt(&ana),
        "/desk/nonsense".to_owned(),
    ] {
        let answer = stage.send(Method::GET, &path, "text/plain", "").await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("x-robots-tag"), "noindex, nofollow", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("etag"), "", "{path}");
        assert!(!answer.text.contains("<script") && !answer.text.contains(" style="));
    }
    let public = stage.get("/p/forbid-it/ledger").await;
    assert_eq!(public.header("x-robots-tag"), "");
}
