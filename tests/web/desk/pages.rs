//! Whole pages, as they were when somebody last looked at them.

use super::seats::Seat::{Clerk, Mayor, Member};
use crate::stage::Stage;
use chrono::Duration;

/// A page without its secret, and with the stylesheet.
fn settled(page: &str, secret: &str) -> String {
    let sheet = page.split("rel=\"stylesheet\" href=\"").nth(1);
    let sheet = sheet.and_then(|rest| rest.split('"').next());
    let page = page.replace(sheet.expect("a stylesheet"), "[stylesheet]");
    if secret.is_empty() {
        page
    } else {
        page.replace(secret, "[secret]")
    }
}

/// Two letters to three seats, one of them accepted.
async fn delivered() -> (Stage, String, String, Vec<u8>) {
    let mut stage = Stage::open().await;
    let words = "My daughter walks to school past eleven of these cameras.";
    let ana = stage.sign_openly("Ana Ruiz", Some(words)).await;
    stage.sign_openly("Ben Roth", None).await;
    let first = stage.send_to(&[Mayor, Member, Clerk]).await;
    stage.accept(first.letters[0]).await;
    stage.accept(first.letters[1]).await;
    stage.clock.pass(Duration::days(14));
    stage
        .sign_openly("Cid Ames", Some("Not in my street."))
        .await;
    stage.send_to(&[Mayor, Member, Clerk]).await;
    let (desk, receipt) = (stage.desk(first.letters[1]), stage.receipt(&ana));
    (stage, desk, receipt, first.list)
}

#[tokio::test]
async fn the_desk_of_a_council_member() {
    let (stage, desk, ..) = delivered().await;
    let page = stage.get(&desk).await.text;
    insta::assert_snapshot!(settled(&page, &desk));
}

#[tokio::test]
async fn a_letter_at_the_desk() {
    let (stage, desk, ..) = delivered().await;
    let page = stage.get(&format!("{desk}/letters/1")).await.text;
    insta::assert_snapshot!(settled(&page, &desk));
}

#[tokio::test]
async fn a_list_in_which_a_row_was_altered() {
    let (stage, desk, _, list) = delivered().await;
    let list = String::from_utf8(list).expect("text");
    let list = list.replace("Ben Roth", "Ben Rath");
    let page = stage.verify(&desk, list.as_bytes()).await.text;
    insta::assert_snapshot!(settled(&page, &desk));
}

#[tokio::test]
async fn a_desk_that_is_closed() {
    let stage = Stage::open().await;
    let page = stage.get("/desk/nonsense").await.text;
    insta::assert_snapshot!(settled(&page, ""));
}

#[tokio::test]
async fn the_record_of_two_letters() {
    let (stage, ..) = delivered().await;
    let page = stage.get("/p/forbid-it/ledger").await.text;
    insta::assert_snapshot!(settled(&page, ""));
}

#[tokio::test]
async fn a_city_with_two_letters() {
    let (stage, ..) = delivered().await;
    let known = stage.known().await;
    let path = format!("/p/forbid-it/places/{}", known.geoid);
    let page = stage.get(&path).await.text;
    insta::assert_snapshot!(settled(&page, ""));
}

#[tokio::test]
async fn the_receipt_of_a_delivered_signature() {
    let (stage, _, receipt, _) = delivered().await;
    let page = stage.get(&receipt).await.text;
    insta::assert_snapshot!(settled(&page, &receipt));
}
