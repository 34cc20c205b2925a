//! What cities have done: lines that are taken whole or not at all.

use crate::stage::Stage;
use axum::http::StatusCode;
use redress_model::batch::CityStatus;
use redress_model::role::MemberRole::{Deliverer, Editor};

const STATUSES: &str = "/console/p/forbid-it/statuses";

#[tokio::test]
async fn lines_are_recorded_and_in_the_audit_log() {
    let mut stage = Stage::open().await;
    let ed = stage.organizer(Editor).await;
    let geoid = stage.known().await.geoid;
    let lines = format!(
        "geoid,status,since,source\r\n{geoid},end,2026-03-02,https://city.example/?a=1&b=%22\r\n"
    );
    let saved = stage.submit(&ed, STATUSES, &[("lines", &lines)]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let deed = r#"petition.statuses forbid-it {"places":1}"#.to_owned();
    assert!(stage.deeds().await.contains(&deed));
    let petition = stage.found("forbid-it").await;
    let known = stage.store.batches.list_statuses(petition.id).await;
    let known = known.expect("listed");
    assert_eq!(known[0].0.as_str(), geoid);
    assert_eq!(known[0].1.status, CityStatus::End);
    let page = stage.visit(&ed, STATUSES).await.text;
    assert!(page.contains("2 March 2026"), "{page}");
    assert!(
        page.contains("https://city.example/?a=1&#38;b=%22"),
        "{page}"
    );
}

#[tokio::test]
async fn one_bad_line_is_told_by_its_number_and_nothing_is_kept() {
    let mut stage = Stage::open().await;
    let ed = stage.organizer(Editor).await;
    let geoid = stage.known().await.geoid;
    for (bad, told) in [
        ("1234567,met,,", "no place has the GEOID 1234567"),
        ("<b>,met,,", "the GEOID is"),
        (
            &*format!("{geoid},met,,javascript:alert(1)"),
            "the source is a web address",
        ),
    ] {
        let lines = format!("{geoid},end,,\n{bad}\n");
        let refused = stage.submit(&ed, STATUSES, &[("lines", &lines)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused.text.contains(&format!("Line 2: {told}")),
            "{told}: {}",
            refused.text
        );
        assert!(!refused.text.contains("<b>,met"), "{}", refused.text);
        let petition = stage.found("forbid-it").await;
        let known = stage.store.batches.list_statuses(petition.id).await;
        assert_eq!(known.expect("listed"), []);
    }
}

#[tokio::test]
async fn a_deliverer_reads_statuses_and_records_none() {
    let mut stage = Stage::open().await;
    let dora = stage.organizer(Deliverer).await;
    let page = stage.visit(&dora, STATUSES).await;
    assert!(!page.text.contains("<textarea"));
    let refused = stage.submit(&dora, STATUSES, &[("lines", "")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}
