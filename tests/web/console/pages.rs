//! Whole pages, as they were when somebody last looked at them.

use super::office::{Organizer, behind};
use crate::stage::Stage;
use redress_model::delivery::state::DeliveryState;
use redress_model::petition::state::PetitionState;
use redress_model::role::MemberRole;

/// A page without what differs from session to session and with the stylesheet.
fn settled(page: &str, organizer: Option<&Organizer>) -> String {
    let sheet = behind(page, "rel=\"stylesheet\" href=\"");
    let page = page.replace(sheet, "[stylesheet]");
    match organizer {
        Some(organizer) => page.replace(&organizer.token, "[token]"),
        None => page,
    }
}

#[tokio::test]
async fn the_login_after_a_wrong_password() {
    let stage = Stage::empty().await;
    let page = stage.try_login("ana@example.org", "<wrong>").await.text;
    insta::assert_snapshot!(settled(&page, None));
}

#[tokio::test]
async fn the_dashboard_of_an_owner() {
    let mut stage = Stage::open().await;
    stage.petition("written", PetitionState::Draft).await;
    let ana = stage.organizer(MemberRole::Owner).await;
    let page = stage.visit(&ana, "/console").await.text;
    insta::assert_snapshot!(settled(&page, Some(&ana)));
}

#[tokio::test]
async fn the_overview_of_a_petition() {
    let mut stage = Stage::open().await;
    stage.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
    let ana = stage.organizer(MemberRole::Owner).await;
    let page = stage.visit(&ana, "/console/p/forbid-it").await.text;
    insta::assert_snapshot!(settled(&page, Some(&ana)));
}

#[tokio::test]
async fn the_counts_by_district_of_an_analyst() {
    let mut stage = Stage::open().await;
    stage.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
    let ana = stage.organizer(MemberRole::Analyst).await;
    let page = stage
        .visit(&ana, "/console/p/forbid-it/districts")
        .await
        .text;
    insta::assert_snapshot!(settled(&page, Some(&ana)));
}

#[tokio::test]
async fn the_letters_of_a_deliverer() {
    let mut stage = Stage::open().await;
    stage.frozen().await;
    stage.sign_and_confirm("Ben Diaz", "ben@example.org").await;
    let dora = stage.organizer(MemberRole::Deliverer).await;
    let page = stage.visit(&dora, "/console/p/forbid-it/letters").await;
    insta::assert_snapshot!(settled(&page.text, Some(&dora)));
}

#[tokio::test]
async fn a_batch_before_it_is_approved() {
    let mut stage = Stage::open().await;
    stage.frozen().await;
    let dora = stage.organizer(MemberRole::Deliverer).await;
    let page = stage.visit(&dora, "/console/p/forbid-it/letters/1").await;
    insta::assert_snapshot!(settled(&page.text, Some(&dora)));
}

#[tokio::test]
async fn a_letter_that_is_uncertain() {
    let mut stage = Stage::open().await;
    stage.frozen().await;
    let dora = stage.organizer(MemberRole::Deliverer).await;
    let batch = "/console/p/forbid-it/letters/1";
    stage.submit(&dora, &format!("{batch}/approve"), &[]).await;
    let letter = stage.try_the_mayor(DeliveryState::Uncertain, None).await;
    let page = stage.visit(&dora, &format!("{batch}/{letter}")).await;
    insta::assert_snapshot!(settled(&page.text, Some(&dora)));
}
