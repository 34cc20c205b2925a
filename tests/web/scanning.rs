//! A whole journey, after which nothing personal lies where it must not: in logs at their most talkative, in public answers, in
//! headers, and in clear in the files of the database.

use crate::stage::{Answer, Stage};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode};
use redress_model::role::MemberRole::Owner;
use redress_storage::secrets::TokenPurpose;
use serde_json::json;
use std::fmt::{Debug, Write};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

const NAME: &str = "Xanthippe Quillfeather";
const EMAIL: &str = "xanthippe.quillfeather@example.org";
const COMMENT: &str = "My own doorbell watches me";
const NOWHERE: &str = "98765 Zzyzxberg Crossing";
const CLIENT: &str = "203.0.113.77";

/// Everything that anybody says, at every level, with every field.
#[derive(Clone, Default)]
struct Ear(Arc<Mutex<String>>);

impl Ear {
    fn heard(&self) -> String {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn note(&self, from: &Metadata<'_>, record: impl FnOnce(&mut dyn Visit)) {
        let mut text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = write!(text, "{} {}: ", from.level(), from.target());
        record(&mut Pen(&mut text));
        text.push('\n');
    }
}

struct Pen<'a>(&'a mut String);

impl Visit for Pen<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, "{}={value:?} ", field.name());
    }
}

impl Subscriber for Ear {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        self.note(attributes.metadata(), |pen| attributes.record(pen));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        values.record(&mut Pen(&mut text));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.note(event.metadata(), |pen| event.record(pen));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// A request from a client whose address is known.
async fn ask(stage: &Stage, method: Method, path: &str, kind: &str, body: String) -> Answer {
    let peer: SocketAddr = format!("{CLIENT}:4711").parse().expect("an address");
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "petition.example")
        .header("content-type", kind)
        .extension(ConnectInfo(peer))
        .body(Body::from(body));
    stage.ask(request.expect("a request")).await
}

fn header_text(answer: &Answer) -> String {
    format!("{:?}", answer.headers)
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a whole journey, told in one go")]
async fn after_a_whole_journey_nothing_personal_lies_in_logs_public_answers_or_the_database() {
    let ear = Ear::default();
    tracing::subscriber::set_global_default(ear.clone()).expect("nobody listens yet");
    let mut stage = Stage::open().await;
    let owner = stage.organizer(Owner).await;
    let known = stage.known().await;
    let (mut public, mut headers) = (String::new(), String::new());

    let signer = json!({
        "name": NAME, "email": EMAIL, "street": known.street, "city": known.city, "state": known.state,
        "zip": known.zip, "comment": COMMENT, "share_comment": true,
    });
    // One whose street nobody finds: its address is kept.
    let lost = json!({
        "name": NAME, "email": format!("lost.{EMAIL}"), "street": NOWHERE, "city": known.city,
        "state": known.state, "zip": known.zip,
    });
    let sign = "/api/v1/petitions/forbid-it/signatures";
    for body in [&signer, &lost, &signer] {
        let answer = ask(
            &stage,
            Method::POST,
            sign,
            "application/json",
            body.to_string(),
        )
        .await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
        headers += &header_text(&answer);
    }
    let mails = stage.mails().await;
    let mut secrets: Vec<String> = Vec::new();
    for mail in &mails {
        for purpose in [
            TokenPurpose::Confirm,
            TokenPurpose::Receipt,
            TokenPurpose::Unsubscribe,
        ] {
            secrets.push(stage.token(mail, purpose));
        }
    }
    let form = "application/x-www-form-urlencoded";
    for mail in &mails {
        let (confirm, receipt) = (
            stage.token(mail, TokenPurpose::Confirm),
            stage.token(mail, TokenPurpose::Receipt),
        );
        for (method, path) in [
            (Method::GET, format!("/confirm/{confirm}")),
            (Method::POST, format!("/confirm/{confirm}")),
            (Method::GET, format!("/r/{receipt}")),
            // Wrong ones: cut, and for another purpose.
            (Method::GET, format!("/r/{confirm}")),
            (Method::POST, format!("/confirm/{}", &receipt[..40])),
            (Method::GET, format!("/desk/{receipt}")),
        ] {
            let answer = ask(&stage, method, &path, form, String::new()).await;
            headers += &header_text(&answer);
        }
    }
    // Errors, each with something personal in the request.
    for (kind, body) in [
        (
            "application/json",
            json!({"name": NAME, "email": [EMAIL]}).to_string(),
        ),
        ("application/json", format!("{{\"email\": \"{EMAIL}\"")),
        (form, format!("name={NAME}&email={EMAIL}&street={NOWHERE}")),
        ("text/plain", EMAIL.to_owned()),
    ] {
        let answer = ask(&stage, Method::POST, sign, kind, body).await;
        assert!(answer.status.is_client_error(), "{}", answer.status);
        headers += &header_text(&answer);
    }
    let asked = ask(
        &stage,
        Method::POST,
        "/api/v1/lookup",
        "application/json",
        json!({"address": format!("{NOWHERE}, {}, {} {}", known.city, known.state, known.zip)})
            .to_string(),
    );
    headers += &header_text(&asked.await);
    for path in ["", "/letters", "/places", "/deliveries", "/edit"] {
        let path = format!("/console/p/forbid-it{path}");
        assert_eq!(stage.visit(&owner, &path).await.status, StatusCode::OK);
    }
    stage.try_login(EMAIL, "a wrong password").await;
    for path in [
        "/",
        "/p/forbid-it",
        "/p/forbid-it/places",
        "/p/forbid-it/ledger",
        "/privacy",
        "/api/v1/petitions",
        "/api/v1/petitions/forbid-it",
        "/api/v1/petitions/forbid-it/count",
        "/api/v1/petitions/forbid-it/places",
        "/api/v1/petitions/forbid-it/places.csv",
        "/api/v1/petitions/forbid-it/ledger",
        "/health/ready",
        "/health/live",
    ] {
        let answer = stage.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        public += &answer.text;
        headers += &header_text(&answer);
    }
    assert_eq!(stage.count().await, 2);

    secrets.extend([NAME, EMAIL, COMMENT, NOWHERE, CLIENT, &known.street].map(str::to_owned));
    secrets.extend(["quillfeather", "Zzyzxberg", "a wrong password"].map(str::to_owned));
    let heard = ear.heard();
    assert!(heard.contains("http.route"), "somebody listens: {heard}");
    let deeds = stage.deeds().await.join("\n");
    let stored = stage.stored();
    assert!(
        finds(&stored, "forbid-it"),
        "the files are those of the database"
    );
    for secret in &secrets {
        for (place, text) in [
            ("the logs", heard.as_bytes()),
            ("a public answer", public.as_bytes()),
            ("a header", headers.as_bytes()),
            ("the audit log", deeds.as_bytes()),
            ("the database", &stored),
        ] {
            assert!(
                !finds(text, secret),
                "{secret} stands in {place}: {}",
                line_with(text, secret)
            );
        }
    }
}

/// Whether a text stands in bytes, in whatever case.
fn finds(bytes: &[u8], text: &str) -> bool {
    let text = text.as_bytes();
    bytes
        .windows(text.len())
        .any(|window| window.eq_ignore_ascii_case(text))
}

/// The line in which it stands, for whoever mends it.
fn line_with(bytes: &[u8], text: &str) -> String {
    let lines = bytes.split(|&byte| byte == b'\n');
    let line = lines.into_iter().find(|line| finds(line, text));
    String::from_utf8_lossy(line.unwrap_or_default())
        .chars()
        .take(400)
        .collect()
}
