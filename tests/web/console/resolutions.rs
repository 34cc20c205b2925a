//! What a new pack changes: read, approved, and asked of the server that has the pack.

use crate::stage::Stage;
use axum::http::StatusCode;
use redress_model::role::MemberRole::{Analyst, Editor};
use redress_storage::reresolutions::ReresolutionReport;
use serde_json::json;

const PAGE: &str = "/console/p/forbid-it/resolutions";

/// Two of five signatures change their district, as a server says.
async fn report(stage: &Stage, pack: &str) {
    let geoid = stage.known().await.geoid;
    let number = |signatures: u64| json!({"signatures": signatures, "counted": signatures});
    let report = json!({
        "pack": pack, "examined": 5, "unreadable": 0, "changed_meanwhile": 0,
        "changes": {"unchanged": number(3), "other_district": number(2)},
        "moves": [{"change": "other_district", "from": {"home": geoid, "district": "1"},
            "to": {"home": geoid, "district": "2"}, "signatures": 2, "counted": 2}],
    });
    let kept = ReresolutionReport {
        pack: pack.to_owned(),
        report: report.to_string(),
        made_at: stage.at,
    };
    let petition = stage.found("forbid-it").await;
    let storage = &stage.store.reresolutions;
    let recorded = storage.record_reresolution_report(petition.id, &kept).await;
    recorded.expect("recorded");
}

async fn pack_in_use(stage: &Stage) -> String {
    let ready = stage.get("/health/ready").await.json();
    ready["packs"][0]["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn a_report_is_read_and_its_changes_are_approved() {
    let mut stage = Stage::open().await;
    let ed = stage.organizer(Editor).await;
    let pack = pack_in_use(&stage).await;
    assert!(
        stage
            .visit(&ed, PAGE)
            .await
            .text
            .contains("No server has compared")
    );
    report(&stage, &pack).await;
    let page = stage.visit(&ed, PAGE).await.text;
    assert!(page.contains("Apply 2 changes"), "{page}");
    assert!(
        page.contains(", district 1</th><td>") && page.contains(", district 2</td>"),
        "{page}"
    );

    let fields = [("wish", "apply"), ("pack", "another")];
    let refused = stage.submit(&ed, PAGE, &fields).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
    let storage = stage.store.reresolutions.clone();
    let requests = storage.list_reresolution_requests().await;
    assert_eq!(requests.expect("listed"), []);

    let fields = [("wish", "apply"), ("pack", pack.as_str())];
    let asked = stage.submit(&ed, PAGE, &fields).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
    let requests = storage.list_reresolution_requests().await.expect("listed");
    assert_eq!(
        (requests.len(), requests[0].applies, &requests[0].pack),
        (1, true, &pack)
    );
    let deeds = stage.deeds().await;
    let deed = deeds
        .iter()
        .find(|deed| deed.starts_with("petition.reresolve forbid-it"));
    assert!(
        deed.expect("in the log").contains(r#""changes":2"#),
        "{deeds:?}"
    );
    let page = stage.visit(&ed, PAGE).await.text;
    assert!(
        page.contains("A server was asked") && !page.contains("Apply 2"),
        "{page}"
    );
}

#[tokio::test]
async fn a_report_of_another_pack_cannot_be_approved() {
    let mut stage = Stage::open().await;
    let ed = stage.organizer(Editor).await;
    report(&stage, "older").await;
    let page = stage.visit(&ed, PAGE).await.text;
    assert!(
        page.contains("not the pack in use any more") && !page.contains("Apply 2"),
        "{page}"
    );
    let fields = [("wish", "apply"), ("pack", "older")];
    assert_eq!(
        stage.submit(&ed, PAGE, &fields).await.status,
        StatusCode::CONFLICT
    );
    let again = stage.submit(&ed, PAGE, &[("wish", "compare")]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_analyst_reads_what_would_change_and_approves_nothing() {
    let mut stage = Stage::open().await;
    let ann = stage.organizer(Analyst).await;
    let pack = pack_in_use(&stage).await;
    report(&stage, &pack).await;
    let page = stage.visit(&ann, PAGE).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text.contains("name=\"wish\""), "{}", page.text);
    let fields = [("wish", "apply"), ("pack", pack.as_str())];
    assert_eq!(
        stage.submit(&ann, PAGE, &fields).await.status,
        StatusCode::FORBIDDEN
    );
}
