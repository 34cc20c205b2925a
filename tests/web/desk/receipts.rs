//! What signers read of their letters, and what they may change.

use super::seats::Seat::{Clerk, Mayor, Member};
use crate::stage::Stage;
use axum::http::StatusCode;
use redress_model::signature::state::SignatureState;
use redress_storage::mails::Mail;
use redress_storage::signatures::Signature;

impl Stage {
    async fn signature(&self, mail: &Mail) -> Signature {
        let found = self
            .store
            .signatures
            .find_signature(mail.signature_id)
            .await;
        found.expect("found").expect("there")
    }
}

#[tokio::test]
async fn a_receipt_says_to_whom_it_was_delivered_and_what_the_server_said() {
    let mut stage = Stage::open().await;
    let ana = stage.sign_openly("Ana Ruiz", None).await;
    let receipt = stage.receipt(&ana);
    assert!(
        !stage
            .get(&receipt)
            .await
            .text
            .contains("<h2>Delivered</h2>")
    );
    let sent = stage.freeze(&[Mayor, Member, Clerk]).await;
    let waits = stage.get(&receipt).await.text;
    assert!(
        waits.contains("You are signer 1 in letter 1 to "),
        "{waits}"
    );
    assert!(
        waits.contains("waits to be approved") && !waits.contains("Elena Ortiz"),
        "{waits}"
    );

    let deed = stage.deed("delivery.approve", "forbid-it");
    let approved = stage
        .store
        .batches
        .approve_batch(sent.batch.id, &deed)
        .await;
    approved.expect("approved");
    stage.accept(sent.letters[0]).await;
    let page = stage.get(&receipt).await.text;
    let district = stage.known().await.district;
    for words in [
        "<strong>Mayor Elena Ortiz</strong>: accepted by the office’s mail server on 2 Mar 2026 <q>250 2.0.0 … queued as 4711</q>",
        &format!("<strong>Council Member Sam Okafor, district {district}</strong>: on its way"),
        "<strong>City Clerk</strong>: not sent: no e-mail address is known",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("office@city.example"), "{page}");
}

#[tokio::test]
async fn a_signer_hides_the_name_and_shows_it_again() {
    let stage = Stage::open().await;
    let ana = stage.sign_openly("Ana Ruiz", None).await;
    let receipt = stage.receipt(&ana);
    let path = format!("{receipt}/name");
    assert_eq!(
        stage.get(&path).await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
    for (fields, listed) in [
        (&[][..], false),
        (&[], false),
        (&[("list_name", "on")], true),
    ] {
        let done = stage.post_form(&path, fields).await;
        assert_eq!(done.header("location"), receipt);
        assert_eq!(stage.signature(&ana).await.wishes.lists_name, listed);
        let page = stage.get(&receipt).await.text;
        assert_eq!(page.contains("Your name is not listed"), !listed, "{page}");
    }
    let elsewhere = stage.post_form("/r/nonsense/name", &[]).await;
    assert_eq!(elsewhere.header("location"), "/?note=link");
}

#[tokio::test]
async fn erasing_is_asked_once_and_done_by_post_alone() {
    let stage = Stage::open().await;
    let ana = stage.sign_openly("Ana Ruiz", None).await;
    let (receipt, path) = (
        stage.receipt(&ana),
        format!("{}/erase", stage.receipt(&ana)),
    );
    let asked = stage.get(&path).await.text;
    assert!(
        asked.contains("Erase your signature?") && asked.contains("no longer counted"),
        "{asked}"
    );
    assert_eq!(stage.count().await, 1);
    for _ in 0..2 {
        let done = stage.post_form(&path, &[]).await;
        assert_eq!(done.header("location"), receipt);
        assert_eq!(stage.signature(&ana).await.state, SignatureState::Erased);
        assert_eq!(stage.count().await, 0);
    }
    let page = stage.get(&receipt).await.text;
    assert!(
        page.contains("<h1>Erased</h1>") && !page.contains("/erase"),
        "{page}"
    );
    assert_eq!(stage.get(&path).await.header("location"), receipt);
    // The wish of somebody who is gone changes nothing.
    let late = stage.post_form(&format!("{receipt}/name"), &[]).await;
    assert_eq!(late.header("location"), receipt);
}

#[tokio::test]
async fn whoever_was_in_a_letter_stays_counted_when_erased() {
    let mut stage = Stage::open().await;
    let ana = stage.sign_openly("Ana Ruiz", None).await;
    stage.send_to(&[Mayor]).await;
    let path = format!("{}/erase", stage.receipt(&ana));
    assert!(
        stage
            .get(&path)
            .await
            .text
            .contains("You stay counted, without a name")
    );
    stage.post_form(&path, &[]).await;
    assert_eq!(stage.count().await, 1);
    let page = stage.get(&stage.receipt(&ana)).await.text;
    assert!(page.contains("You are signer 1 in letter 1"), "{page}");
}
