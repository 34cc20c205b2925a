//! Sheets of paper at the console: judged first, counted after, and by whom.

use super::office::{Organizer, behind};
use crate::stage::{Answer, Stage};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use redress_model::petition::state::PetitionState;
use redress_model::role::MemberRole::{Analyst, Deliverer, Reviewer};
use std::fmt::Write;

const PAPER: &str = "/console/p/forbid-it/paper";

async fn post(stage: &Stage, organizer: &Organizer, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut body = String::new();
    for (name, text) in fields {
        let file = if *name == "lines" {
            "; filename=\"lines.csv\""
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
        .uri(path)
        .header("host", "petition.example")
        .header("cookie", &organizer.cookie)
        .header("content-type", "multipart/form-data; boundary=xx")
        .body(Body::from(body));
    stage.ask(request.expect("a request")).await
}

async fn lines(stage: &Stage) -> String {
    let known = stage.known().await;
    let at = format!(
        "{},{},{},{}",
        known.street, known.city, known.state, known.zip
    );
    format!(
        "name,email,street,city,state,zip\nAna Quick,ana@example.org,{at}\nBen <b>Low</b>,,{at}\n=Cy,,{at}\nAna Quick,ana@example.org,{at}\n"
    )
}

#[tokio::test]
async fn lines_are_judged_first_and_counted_after_and_a_second_time_adds_nothing() {
    let mut stage = Stage::open().await;
    let ria = stage.organizer(Reviewer).await;
    let form = stage.visit(&ria, PAPER).await.text;
    assert!(form.contains("enctype=\"multipart/form-data\""), "{form}");
    let lines = lines(&stage).await;
    let first = [
        ("token", ria.token.as_str()),
        ("sheet", "Box 3/12"),
        ("lines", lines.as_str()),
    ];
    let shown = post(&stage, &ria, PAPER, &first).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    assert!(shown.text.contains("Count 2 signatures"), "{}", shown.text);
    assert!(
        shown.text.contains("Box 3/12 line 4") && shown.text.contains("has signed already"),
        "{}",
        shown.text
    );
    assert!(
        !shown.text.contains("<b>Low") && !shown.text.contains("Ana Quick"),
        "verdicts name lines, not people"
    );
    assert_eq!(stage.count().await, 0, "a dry run counts nothing");

    let kept = behind(&shown.text, "name=\"kept\" value=\"");
    let second = [
        ("token", ria.token.as_str()),
        ("sheet", "Box 3/12"),
        ("kept", kept),
    ];
    for added in ["2 signatures were counted", "0 signatures were counted"] {
        let done = post(&stage, &ria, PAPER, &second).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
        assert!(done.text.contains(added), "{}", done.text);
        assert_eq!(stage.count().await, 2);
    }
    let deeds = stage.deeds().await;
    let numbers =
        r#"petition.paper_imported forbid-it {"asks":0,"counted":2,"refused":1,"repeated":1}"#;
    assert!(deeds.contains(&numbers.to_owned()), "{deeds:?}");
    assert!(
        stage.mails().await.is_empty(),
        "paper asks nobody to confirm"
    );
    let csv = stage.visit(&ria, "/console/p/forbid-it").await.text;
    assert!(csv.contains("<b>2</b>counted on paper"), "{csv}");
}

#[tokio::test]
async fn a_file_that_cannot_be_read_says_why_and_counts_nothing() {
    let mut stage = Stage::open().await;
    let ria = stage.organizer(Reviewer).await;
    stage.petition("not-yet", PetitionState::Draft).await;
    let lines = lines(&stage).await;
    let long = format!(
        "name,street,city,state,zip\n\"{},1,2,3,4\n",
        "x".repeat(20_000)
    );
    for (path, sheet, text, why) in [
        (PAPER, "A1", "", "column name is missing"),
        (PAPER, "A1", "PK\u{3}\u{4}\0\0", "CSV UTF-8"),
        (PAPER, "", lines.as_str(), "the lines have no sheet"),
        (PAPER, "=1+1", lines.as_str(), "reference has 1 to 60"),
        (
            "/console/p/not-yet/paper",
            "A1",
            lines.as_str(),
            "petition is draft",
        ),
    ] {
        let fields = [
            ("token", ria.token.as_str()),
            ("sheet", sheet),
            ("lines", text),
        ];
        let answer = post(&stage, &ria, path, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{why}");
        assert!(answer.text.contains(why), "{}", answer.text);
    }
    let fields = [
        ("token", ria.token.as_str()),
        ("sheet", "A1"),
        ("lines", &long),
    ];
    let answer = post(&stage, &ria, PAPER, &fields).await;
    assert!(
        answer.text.contains("a quote that is not closed")
            || answer.text.contains("more or fewer cells"),
        "{}",
        answer.text
    );
    assert_eq!(stage.count().await, 0);
}

#[tokio::test]
async fn only_who_may_counts_paper_and_only_from_their_own_page() {
    let mut stage = Stage::open().await;
    let lines = lines(&stage).await;
    for role in [Analyst, Deliverer] {
        let member = stage.organizer(role).await;
        let fields = [
            ("token", member.token.as_str()),
            ("sheet", "A"),
            ("lines", lines.as_str()),
        ];
        let answer = post(&stage, &member, PAPER, &fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        let page = stage.visit(&member, "/console/p/forbid-it").await.text;
        assert!(!page.contains(PAPER));
    }
    let ria = stage.organizer(Reviewer).await;
    let forged = [
        ("token", "other"),
        ("sheet", "A"),
        ("lines", lines.as_str()),
    ];
    assert_eq!(
        post(&stage, &ria, PAPER, &forged).await.status,
        StatusCode::FORBIDDEN
    );
    stage.organization("others").await;
    stage
        .petition_of("others", "their-own", PetitionState::Open)
        .await;
    let fields = [
        ("token", ria.token.as_str()),
        ("sheet", "A"),
        ("lines", lines.as_str()),
    ];
    let theirs = post(&stage, &ria, "/console/p/their-own/paper", &fields).await;
    assert_eq!(theirs.status, StatusCode::NOT_FOUND);
}
