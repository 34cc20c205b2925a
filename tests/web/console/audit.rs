//! The audit log as owners read it.

use super::office::behind;
use crate::stage::Stage;
use axum::http::StatusCode;
use redress_model::petition::state::PetitionState;
use redress_model::role::MemberRole;

#[tokio::test]
async fn an_owner_reads_who_did_what_newest_first() {
    let mut stage = Stage::open().await;
    let ana = stage.organizer(MemberRole::Owner).await;
    let pause = [("from", "open"), ("to", "paused")];
    stage
        .submit(&ana, "/console/p/forbid-it/state", &pause)
        .await;
    stage.visit(&ana, "/console/p/forbid-it/counts.csv").await;
    let page = stage.visit(&ana, "/console/audit").await.text;
    let place = |mark: &str| page.find(mark).unwrap_or_else(|| panic!("{mark}: {page}"));
    assert!(place("petition.export") < place("petition.pause"));
    assert!(place("petition.pause") < place("petition.create"));
    assert!(page.contains("<td>owner@example.org</td><td>petition.pause</td><td>forbid-it</td>"));
    assert!(page.contains("<td>command line</td><td>petition.create</td>"));
}

#[tokio::test]
async fn the_log_goes_on_from_page_to_page_without_a_gap() {
    let mut stage = Stage::open().await;
    let ana = stage.organizer(MemberRole::Owner).await;
    for _ in 0..120 {
        let deed = stage.deed("petition.look", "forbid-it");
        stage
            .store
            .audit
            .record_deed(&deed)
            .await
            .expect("recorded");
    }
    let (mut path, mut seen) = ("/console/audit".to_owned(), Vec::new());
    loop {
        let page = stage.visit(&ana, &path).await.text;
        let rows = page.split("<tr><td class=\"n\">").skip(1);
        seen.extend(rows.map(|row| row.split('<').next().unwrap_or_default().to_owned()));
        if !page.contains("Older entries") {
            break;
        }
        path = format!("/console/audit?{}", behind(&page, "/console/audit?"));
    }
    let numbers: Vec<usize> = seen
        .iter()
        .map(|it| it.parse().expect("a number"))
        .collect();
    let last = numbers[0];
    assert!(last > 120);
    assert_eq!(numbers, (1..=last).rev().collect::<Vec<_>>());
}

#[tokio::test]
async fn an_owner_reads_nothing_of_another_organization() {
    let mut stage = Stage::open().await;
    stage.organization("others").await;
    stage
        .petition_of("others", "their-own", PetitionState::Open)
        .await;
    stage
        .account("bo@example.org", "others", MemberRole::Owner)
        .await;
    let bo = stage.log_in("bo@example.org").await;
    let ana = stage.organizer(MemberRole::Owner).await;
    let (theirs, ours) = (
        stage.visit(&bo, "/console/audit").await.text,
        stage.visit(&ana, "/console/audit").await.text,
    );
    assert!(theirs.contains("their-own") && !theirs.contains("forbid-it"));
    assert!(ours.contains("forbid-it") && !ours.contains("their-own"));
    assert!(theirs.contains("<td>others</td>") && !ours.contains("<td>others</td>"));
    assert!(!ours.contains("bo@example.org") && !theirs.contains("owner@example.org"));
}

#[tokio::test]
async fn a_strange_place_in_the_log_is_no_fault_of_ours() {
    let mut stage = Stage::open().await;
    let ana = stage.organizer(MemberRole::Owner).await;
    for (before, status) in [
        ("0", 404),
        ("-5", 404),
        ("x", 404),
        ("9223372036854775807", 200),
        ("1", 200),
    ] {
        let path = format!("/console/audit?before={before}");
        let answer = stage.visit(&ana, &path).await;
        assert_eq!(answer.status.as_u16(), status, "{before}");
    }
    let far = stage.visit(&ana, "/console/audit?before=1").await;
    assert_eq!(far.status, StatusCode::OK);
}
