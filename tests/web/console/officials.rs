//! The directory of officials, to look up.

use crate::stage::Stage;
use axum::http::StatusCode;
use redress_model::role::MemberRole::Analyst;
use serde_json::json;

#[tokio::test]
async fn a_place_is_found_by_name_and_by_geoid_with_its_posts() {
    let mut stage = Stage::open().await;
    let known = stage.known().await;
    let ana = stage.organizer(Analyst).await;
    let link = format!("/console/officials/{}\"", known.geoid);
    for q in [
        known.geoid.clone(),
        known.city.to_uppercase().replace(' ', "+"),
    ] {
        let page = stage
            .visit(&ana, &format!("/console/officials?q={q}"))
            .await;
        assert!(page.text.contains(&link), "{q}: {}", page.text);
    }
    let none = stage
        .visit(&ana, "/console/officials?q=nowhere%20at%20all")
        .await;
    assert!(none.text.contains("No government is called so"));
    let path = format!("/console/officials/{}", known.geoid);
    let page = stage.visit(&ana, &path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.text.contains(&format!("{}/mayor", known.geoid)),
        "{}",
        page.text
    );
    assert!(page.text.contains("Who sits") && page.text.contains("Everybody who is listed"));
}

#[tokio::test]
async fn what_a_list_says_is_text() {
    let name = "<img src=x onerror=alert(1)>";
    let mut stage = Stage::with_directory(|officials| {
        officials["jurisdictions"]["8888888"] = json!({ "name": name, "state": "ZZ" });
    })
    .await;
    let ana = stage.organizer(Analyst).await;
    for path in ["/console/officials?q=8888888", "/console/officials/8888888"] {
        let page = stage.visit(&ana, path).await.text;
        assert!(
            !page.contains("<img") && page.contains("&#60;img"),
            "{page}"
        );
    }
}
