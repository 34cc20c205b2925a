//! Lists of officials at the console: shown first, taken after, and by whom.

use super::office::{Organizer, behind};
use crate::stage::{Answer, Stage};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use chrono::Duration;
use redress_model::contact_state::{ContactRecord, ContactState};
use redress_model::role::MemberRole::{Analyst, Deliverer, Editor, Reviewer};
use std::fmt::Write;

const IMPORT: &str = "/console/officials/import";

/// A form of fields, of which `list` is a file.
async fn post(stage: &Stage, organizer: &Organizer, fields: &[(&str, &str)]) -> Answer {
    let mut body = String::new();
    for (name, text) in fields {
        let file = if *name == "list" {
            "; filename=\"new.csv\""
        } else {
            ""
        };
        let _ = write!(
            body,
            "--xx\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n{text}\r\n"
        );
    }
    body += "--xx--\r\n";
    let request = Request::builder()
        .method(Method::POST)
        .uri(IMPORT)
        .header("host", "petition.example")
        .header("cookie", &organizer.cookie)
        .header("content-type", "multipart/form-data; boundary=xx")
        .body(Body::from(body));
    stage.ask(request.expect("a request")).await
}

/// What the page that shows the changes carries back.
fn carried<'page>(organizer: &'page Organizer, page: &'page str) -> Vec<(&'page str, &'page str)> {
    let value = |name| behind(page, name);
    vec![
        ("token", organizer.token.as_str()),
        ("name", value("name=\"name\" value=\"")),
        ("format", ""),
        ("revision", value("name=\"revision\" value=\"")),
        ("kept", value("name=\"kept\" value=\"")),
    ]
}

const LIST: &str = "place_geoid,role,name,email,as_of\n9900100,mayor,Ximena <b>Quick</b>,,2026\n9900100,mayor,Xenia Quick,xenia@city.example,2026\n1,mayor,Nobody,,2026\n";

#[tokio::test]
async fn a_list_is_shown_first_and_then_taken_and_the_audit_log_says_by_whom() {
    let mut stage = Stage::open().await;
    let ed = stage.organizer(Editor).await;
    let form = stage.visit(&ed, IMPORT).await.text;
    assert!(form.contains("enctype=\"multipart/form-data\""), "{form}");
    let fields = [("token", ed.token.as_str()), ("list", LIST)];
    let shown = post(&stage, &ed, &fields).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    assert!(
        shown.text.contains("9900100/mayor: new seat, Xenia Quick"),
        "{}",
        shown.text
    );
    assert!(shown.text.contains("line 4, refused"), "{}", shown.text);
    assert!(!shown.text.contains("<b>Quick"), "{}", shown.text);
    let officials = &stage.store.officials;
    assert_eq!(officials.find_directory_revision().await.expect("read"), 0);
    let taken = post(&stage, &ed, &carried(&ed, &shown.text)).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    let directory = officials.load_directory().await.expect("loaded");
    assert_eq!(directory.posts_of("9900100").len(), 1);
    let deed =
        r#"officials.import directory {"governments":1,"rows":1,"seats":1,"source":"new.csv"}"#;
    assert!(
        stage.deeds().await.contains(&deed.to_owned()),
        "{:?}",
        stage.deeds().await
    );
    let late = post(&stage, &ed, &carried(&ed, &shown.text)).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(
        late.text.contains("somebody else was faster"),
        "{}",
        late.text
    );
}

#[tokio::test]
async fn only_who_may_takes_a_list_and_only_from_their_own_page() {
    let mut stage = Stage::open().await;
    for role in [Analyst, Reviewer, Deliverer] {
        let member = stage.organizer(role).await;
        assert_eq!(
            stage.visit(&member, IMPORT).await.status,
            StatusCode::FORBIDDEN
        );
        let fields = [("token", member.token.as_str()), ("list", LIST)];
        assert_eq!(
            post(&stage, &member, &fields).await.status,
            StatusCode::FORBIDDEN
        );
        let page = stage.visit(&member, "/console/officials").await.text;
        assert!(!page.contains(IMPORT));
    }
    let ed = stage.organizer(Editor).await;
    let forged = post(&stage, &ed, &[("token", "other"), ("list", LIST)]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert!(
        stage
            .visit(&ed, "/console/officials")
            .await
            .text
            .contains(IMPORT)
    );
}

#[tokio::test]
async fn what_is_no_list_changes_nothing_and_is_told() {
    let mut stage = Stage::open().await;
    let ed = stage.organizer(Editor).await;
    for (list, why) in [
        ("", "Choose a list first."),
        ("place_geoid,role,name\n1,mayor,Ada\n", "line 2"),
        ("name\nAda\n", "has no column"),
    ] {
        let answer = post(&stage, &ed, &[("token", ed.token.as_str()), ("list", list)]).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            answer.text
        );
        assert!(answer.text.contains(why), "{}", answer.text);
    }
    let large = "x".repeat(5 * 1024 * 1024);
    let answer = post(
        &stage,
        &ed,
        &[("token", ed.token.as_str()), ("list", &large)],
    )
    .await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_page_shows_what_is_known_of_an_address() {
    let mut stage = Stage::open().await;
    let ana = stage.organizer(Analyst).await;
    let path = format!("/console/officials/{}", stage.known().await.geoid);
    let page = stage.visit(&ana, &path).await.text;
    let address = page
        .split(['>', '<'])
        .find(|text| text.contains('@') && text.ends_with(".example"));
    let record = ContactRecord {
        address: address.expect("an address").to_lowercase(),
        state: ContactState::Bounced,
        note: Some("no such mailbox".to_owned()),
        since_at: stage.at - Duration::days(1),
    };
    let officials = &stage.store.officials;
    officials
        .record_contacts(&[record])
        .await
        .expect("recorded");
    let page = stage.visit(&ana, &path).await.text;
    assert!(
        page.contains("no such mailbox") && page.contains("letters to the address do not arrive"),
        "{page}"
    );
}
