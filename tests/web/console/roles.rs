//! Who may do what, and whose petitions they see.

use crate::stage::Stage;
use axum::http::StatusCode;
use redress_model::petition::state::PetitionState;
use redress_model::role::MemberRole::{self, Analyst, Deliverer, Editor, Owner, Reviewer};

#[tokio::test]
async fn each_role_may_do_what_the_table_says_and_is_told_what_it_may_not() {
    let mut stage = Stage::open().await;
    let reviewers: &[MemberRole] = &[Owner, Editor, Reviewer];
    let (all, makers, exporters): (&[MemberRole], &[MemberRole], &[MemberRole]) = (
        &[Owner, Editor, Reviewer, Analyst, Deliverer],
        &[Owner, Editor],
        &[Owner, Editor, Analyst],
    );
    for &role in MemberRole::ALL {
        let member = stage.organizer(role).await;
        for (path, roles) in [
            ("/console", all),
            ("/console/account", all),
            ("/console/p/forbid-it", all),
            ("/console/p/forbid-it/places", all),
            ("/console/p/forbid-it/districts", all),
            ("/console/p/forbid-it/letters", all),
            ("/console/p/forbid-it/deliveries", all),
            ("/console/p/forbid-it/statuses", all),
            ("/console/p/forbid-it/signatures", reviewers),
            ("/console/p/forbid-it/comments", reviewers),
            ("/console/p/forbid-it/comments?review=passed", reviewers),
            ("/console/p/forbid-it/abuse", reviewers),
            ("/console/p/forbid-it/sweeps", reviewers),
            ("/console/officials", all),
            ("/console/officials/import", makers),
            ("/console/p/forbid-it/paper", &[Owner, Editor, Reviewer]),
            ("/console/p/forbid-it/edit", makers),
            ("/console/p/new", makers),
            ("/console/p/forbid-it/counts.csv", exporters),
            ("/console/p/forbid-it/counts.xlsx?by=district", exporters),
            ("/console/audit", &[Owner]),
        ] {
            let answer = stage.visit(&member, path).await;
            let expected = if roles.contains(&role) { 200 } else { 403 };
            assert_eq!(answer.status.as_u16(), expected, "{role} {path}");
            if expected == 403 {
                assert!(answer.text.contains(&format!("the role {role}")), "{path}");
            }
        }
    }
}

#[tokio::test]
async fn only_owners_and_editors_change_a_petition() {
    let mut stage = Stage::open().await;
    for &role in MemberRole::ALL {
        let member = stage.organizer(role).await;
        let page = stage.visit(&member, "/console/p/forbid-it").await.text;
        let is_changer = matches!(role, Owner | Editor);
        assert_eq!(page.contains("/console/p/forbid-it/state"), is_changer);
        for (path, fields) in [
            (
                "/console/p/forbid-it/state",
                [("from", "open"), ("to", "open")],
            ),
            ("/console/p/forbid-it/edit", [("title", ""), ("ask", "")]),
            ("/console/p/new", [("title", ""), ("ask", "")]),
        ] {
            let answer = stage.submit(&member, path, &fields).await;
            let is_refused = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(is_refused, !is_changer, "{role} {path}: {}", answer.status);
        }
    }
}

#[tokio::test]
async fn another_organizations_petition_is_not_there() {
    let mut stage = Stage::open().await;
    stage.organization("others").await;
    stage
        .petition_of("others", "their-own", PetitionState::Open)
        .await;
    let ana = stage.organizer(Owner).await;
    let list = stage.visit(&ana, "/console").await.text;
    assert!(!list.contains("their-own"));
    for page in [
        "",
        "/places",
        "/districts",
        "/edit",
        "/counts.csv",
        "/letters",
        "/deliveries",
        "/comments",
        "/statuses",
    ] {
        for slug in ["their-own", "nowhere", "No_Slug"] {
            let path = format!("/console/p/{slug}{page}");
            let answer = stage.visit(&ana, &path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        }
    }
    let step = [("from", "open"), ("to", "closed")];
    let closed = stage
        .submit(&ana, "/console/p/their-own/state", &step)
        .await;
    assert_eq!(closed.status, StatusCode::NOT_FOUND);
    let page = stage.get("/p/their-own").await;
    assert!(page.text.contains("Sign the petition"), "it is open still");
}

#[tokio::test]
async fn somebody_in_two_organizations_has_a_role_in_each() {
    let mut stage = Stage::open().await;
    stage.organization("others").await;
    stage
        .petition_of("others", "their-own", PetitionState::Draft)
        .await;
    let id = stage.account("ana@example.org", "default", Analyst).await;
    let word = "others".parse().expect("a slug");
    let others = stage.store.accounts.find_organization(&word).await;
    let others = others.expect("found").expect("there");
    let deed = stage.deed("membership.create", &id.to_string());
    let accounts = &stage.store.accounts;
    let given = accounts
        .record_membership(id, others.id, Editor, &deed)
        .await;
    given.expect("the role is given");
    let ana = stage.log_in("ana@example.org").await;
    let list = stage.visit(&ana, "/console").await.text;
    assert!(list.contains("their-own") && list.contains("Organization others"));
    for (slug, status) in [("their-own", 200), ("forbid-it", 403)] {
        let path = format!("/console/p/{slug}/edit");
        let answer = stage.visit(&ana, &path).await;
        assert_eq!(answer.status.as_u16(), status, "{slug}");
    }
}
