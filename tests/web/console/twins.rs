//! One name at one address under several e-mails: marked for a reviewer, and counted.

use super::office::behind;
use crate::stage::Stage;
use redress_model::role::MemberRole::Reviewer;

const LIST: &str = "/console/p/forbid-it/signatures";

#[tokio::test]
async fn the_same_person_with_several_e_mails_is_marked_and_the_others_are_one_click_away() {
    let mut stage = Stage::open().await;
    stage.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
    stage.sign_and_confirm("ANA  RUIZ", "ana@example.com").await;
    stage.sign_and_confirm("Ben Lee", "ben@example.org").await;
    assert_eq!(stage.count().await, 3, "nobody is refused for it");
    let rita = stage.organizer(Reviewer).await;
    let page = stage.visit(&rita, LIST).await.text;
    assert_eq!(page.matches("same person, 2 e-mails").count(), 2, "{page}");
    let rows: Vec<&str> = page
        .split("<tr>")
        .filter(|row| row.contains("Ben Lee"))
        .collect();
    assert!(
        rows.len() == 1 && !rows[0].contains("same person"),
        "{page}"
    );

    let way = behind(&page, "<a class=\"state warn\" href=\"").to_owned();
    assert!(way.starts_with(&format!("{LIST}?person=")), "{way}");
    assert!(!way.contains("Ana") && !way.contains('@'), "{way}");
    let both = stage.visit(&rita, &way).await.text;
    assert!(
        both.contains("ana@example.org") && both.contains("ana@example.com"),
        "{both}"
    );
    assert!(!both.contains("ben@example.org"), "{both}");
    let bad = stage
        .visit(&rita, &format!("{LIST}?person=nonsense"))
        .await
        .text;
    assert!(bad.contains("person: write the hash"), "{bad}");
}

#[tokio::test]
async fn another_unit_of_the_house_is_another_person() {
    let mut stage = Stage::open().await;
    for (unit, email) in [("Apt 1", "ana@example.org"), ("Apt 2", "ana@example.com")] {
        let mut signer = stage.signer("Ana Ruiz", email).await;
        signer["unit"] = unit.into();
        stage.sign(&signer).await;
    }
    let rita = stage.organizer(Reviewer).await;
    let page = stage.visit(&rita, LIST).await.text;
    assert!(
        page.contains("ana@example.org") && !page.contains("same person"),
        "{page}"
    );
}
