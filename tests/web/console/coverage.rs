//! What is not known where people signed: a page, and two files to take away.

use crate::stage::Stage;
use axum::http::StatusCode;
use redress_model::role::MemberRole::{Analyst, Reviewer};

const PAGE: &str = "/console/p/forbid-it/coverage";
const TABLE: &str = "/console/p/forbid-it/coverage.csv";
const FILL: &str = "/console/p/forbid-it/officials-to-fill.csv";

#[tokio::test]
async fn the_page_and_its_files_tell_the_same() {
    let mut stage = Stage::open().await;
    let ann = stage.organizer(Analyst).await;
    let empty = stage.visit(&ann, PAGE).await;
    assert_eq!(empty.status, StatusCode::OK, "{}", empty.text);
    stage.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
    let geoid = stage.known().await.geoid;
    let page = stage.visit(&ann, PAGE).await.text;
    assert!(
        page.contains(&format!("/console/officials/{geoid}")),
        "{page}"
    );
    assert!(page.contains("List to fill in (3 rows)"), "{page}");
    let table = stage.visit(&ann, TABLE).await;
    assert!(
        table
            .header("content-disposition")
            .contains("forbid-it-coverage.csv")
    );
    assert!(
        table
            .text
            .lines()
            .nth(1)
            .is_some_and(|row| row.starts_with(&geoid)),
        "{}",
        table.text
    );
    let fill = stage.visit(&ann, FILL).await.text;
    assert_eq!(fill.lines().count(), 4, "{fill}");
    let deeds = stage.deeds().await;
    let taken = deeds
        .iter()
        .filter(|deed| deed.starts_with("petition.export forbid-it"));
    assert_eq!(taken.count(), 2, "{deeds:?}");
}

#[tokio::test]
async fn a_reviewer_reads_the_page_and_takes_nothing_away() {
    let mut stage = Stage::open().await;
    let rae = stage.organizer(Reviewer).await;
    stage.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
    let page = stage.visit(&rae, PAGE).await;
    assert!(page.status == StatusCode::OK && !page.text.contains("Take away"));
    for path in [TABLE, FILL] {
        assert_eq!(stage.visit(&rae, path).await.status, StatusCode::FORBIDDEN);
    }
}
