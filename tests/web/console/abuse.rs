//! Rules against abuse, edited in the console while people sign.

use super::office::{Organizer, behind};
use crate::stage::{Answer, Stage};
use axum::http::StatusCode;
use redress_model::role::MemberRole::{Editor, Reviewer};
use redress_model::signature::RejectionReason as R;
use redress_model::signature::state::SignatureState;
use serde_json::Value;
use std::fmt::Write;

const ABUSE: &str = "/console/p/forbid-it/abuse";
const SIGNATURES: &str = "/console/p/forbid-it/signatures";

impl Stage {
    /// Somebody with a name and an e-mail of their own.
    pub async fn signer_called(&self, number: u32) -> Value {
        let email = format!("person{number}@example.org");
        self.signer("Ana Ruiz", &email).await
    }

    /// Saves rules over those that the page shows.
    async fn save_rules(&self, organizer: &Organizer, changes: &[(&str, &str)]) -> Answer {
        let page = self.visit(organizer, ABUSE).await.text;
        let version = behind(&page, "name=\"version\" value=\"").to_owned();
        self.save_rules_over(organizer, &version, changes).await
    }

    async fn save_rules_over(
        &self,
        organizer: &Organizer,
        version: &str,
        changes: &[(&str, &str)],
    ) -> Answer {
        let mut fields = vec![("version", version)];
        for name in [
            "client_an_hour",
            "domain_an_hour",
            "form_seconds",
            "allowed",
            "disposable",
            "blocked",
            "names",
        ] {
            let given = changes.iter().find(|(changed, _)| *changed == name);
            let usual = if name == "form_seconds" { "1" } else { "" };
            fields.push((name, given.map_or(usual, |(_, text)| text)));
        }
        self.submit(organizer, ABUSE, &fields).await
    }
}

#[tokio::test]
async fn a_rule_holds_for_the_next_who_signs_and_staff_may_put_back() {
    let mut stage = Stage::open().await;
    let ed = stage.organizer(Editor).await;
    let rules = [
        ("client_an_hour", "2"),
        (
            "blocked",
            "198.51.100.0/24\n**.spam.example # a farm\nperson7@example.org",
        ),
        ("names", "Mickey*"),
    ];
    let saved = stage.save_rules(&ed, &rules).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    for (number, name, email, socket) in [
        (1, "Ana Ruiz", "", "192.0.2.1"),
        (2, "Ana Ruiz", "", "192.0.2.1"),
        (3, "Ana Ruiz", "", "192.0.2.1"),
        (4, "Ana Ruiz", "", "198.51.100.7"),
        (5, "Ana Ruiz", "a@b.c.spam.example", "192.0.2.2"),
        (6, "MICKEY mouse", "", "192.0.2.2"),
        (7, "Ana Ruiz", "", "192.0.2.2"),
    ] {
        let mut signer = stage.signer_called(number).await;
        signer["name"] = name.into();
        if !email.is_empty() {
            signer["email"] = email.into();
        }
        let answer = stage.sign_from(socket, &[], &signer).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
        assert_eq!(answer.json()["status"], "received");
    }
    assert_eq!(
        stage.reasons().await,
        [
            None,
            None,
            Some(R::ClientRate),
            Some(R::NetworkBlocked),
            Some(R::DomainBlocked),
            Some(R::NameBlocked),
            Some(R::EmailBlocked),
        ]
    );
    assert_eq!(stage.mails().await.len(), 2);

    let rita = stage.organizer(Reviewer).await;
    let page = stage
        .visit(&rita, &format!("{SIGNATURES}?state=rejected"))
        .await;
    assert!(page.text.contains("client rate, by rule"), "{}", page.text);
    assert!(!page.text.contains("person1@example.org"), "{}", page.text);
    let third = stage.signatures().await[2].id.to_string();
    let fields = [("act", "put_back"), ("id", third.as_str())];
    let done = stage.submit(&rita, SIGNATURES, &fields).await;
    assert!(
        done.text.contains("1 signature was changed"),
        "{}",
        done.text
    );
    assert_eq!(stage.signatures().await[2].state, SignatureState::Pending);
    assert_eq!(stage.mails().await.len(), 1, "its mail goes out");
    let deed = r#"signature.put_back forbid-it {"signatures":1}"#.to_owned();
    assert!(stage.deeds().await.contains(&deed));
}

#[tokio::test]
async fn a_bad_line_is_told_by_its_number_and_nothing_of_the_edit_is_kept() {
    let mut stage = Stage::open().await;
    let ed = stage.organizer(Editor).await;
    let rules = [
        ("client_an_hour", "few"),
        ("blocked", "mail.example\n198.51.100.0/99"),
    ];
    let refused = stage.save_rules(&ed, &rules).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for told in [
        "blocked, line 2: `198.51.100.0/99`",
        "`few` is not a number",
    ] {
        assert!(refused.text.contains(told), "{told}: {}", refused.text);
    }
    assert!(
        refused.text.contains("mail.example\n"),
        "what was typed stays"
    );
    let petition = stage.found("forbid-it").await;
    let kept = stage.store.abuse.find_abuse_rules(petition.id).await;
    assert_eq!(kept.expect("read"), None);
}

#[tokio::test]
async fn of_two_who_edit_at_once_the_second_is_told_and_the_log_names_no_entry() {
    let mut stage = Stage::open().await;
    let ed = stage.organizer(Editor).await;
    let first = [("blocked", "mail.example\nana@example.org")];
    assert_eq!(
        stage.save_rules_over(&ed, "0", &first).await.status,
        StatusCode::SEE_OTHER
    );
    let late = stage
        .save_rules_over(&ed, "0", &[("blocked", "other.example")])
        .await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("other.example"), "{}", late.text);
    let page = stage.visit(&ed, ABUSE).await.text;
    assert!(page.contains("ana@example.org"), "{page}");
    let deeds = stage.deeds().await.join("\n");
    assert!(deeds.contains("\"blocked\":2"), "{deeds}");
    assert!(!deeds.contains("ana@"), "{deeds}");
    let petition = stage.found("forbid-it").await;
    let kept = stage.store.abuse.find_abuse_rules(petition.id).await;
    let sealed = kept.expect("read").expect("there").sealed;
    assert!(!String::from_utf8_lossy(&sealed).contains("mail.example"));
}

#[tokio::test]
async fn signatures_are_found_by_who_where_and_when() {
    let mut stage = Stage::open().await;
    let ed = stage.organizer(Editor).await;
    let marked = [("disposable", "throwaway.example")];
    stage.save_rules(&ed, &marked).await;
    let rita = stage.organizer(Reviewer).await;
    for (name, email) in [
        ("Ana Ruiz", "ana@one.example.org"),
        ("Ben Ruiz", "ben@two.example.org"),
        ("Cid Ives", "cid@throwaway.example"),
    ] {
        let signer = stage.signer(name, email).await;
        stage.sign_from("192.0.2.1", &[], &signer).await;
        stage.clock.pass(chrono::Duration::hours(1));
    }
    let geoid = stage.known().await.geoid;
    let key = stage.signatures().await[0].client_key.expect("a client");
    let network = key.as_bytes().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    let all = ["Ana Ruiz", "Ben Ruiz", "Cid Ives"];
    for (asked, found) in [
        (vec![("name", "*ruiz")], &all[..2]),
        (vec![("email", "BEN@two.example.org")], &all[1..2]),
        (vec![("domain", "*.example.org")], &all[..2]),
        (vec![("network", network.as_str())], &all[..]),
        (vec![("place", geoid.as_str())], &all[..]),
        (vec![("place", "outside")], &all[..0]),
        (
            vec![("from", "2026-03-02T11:00"), ("to", "2026-03-02T12:00")],
            &all[1..2],
        ),
        (vec![("state", "confirmed")], &all[..0]),
    ] {
        let page = stage
            .submit(&rita, &format!("{SIGNATURES}/search"), &asked)
            .await;
        assert_eq!(page.status, StatusCode::OK);
        for name in all {
            let row = format!("<th scope=\"row\">{name}</th>");
            let is_found = page.text.contains(&row);
            assert_eq!(is_found, found.contains(&name), "{asked:?} {name}");
        }
    }
    let page = stage.visit(&rita, SIGNATURES).await.text;
    assert_eq!(page.matches(">disposable</span>").count(), 1, "{page}");
    let bad = stage
        .submit(&rita, &format!("{SIGNATURES}/search"), &[("from", "soon")])
        .await;
    assert!(bad.text.contains("Nothing was looked for"), "{}", bad.text);
}

#[tokio::test]
async fn a_crowd_from_one_network_is_told_of() {
    let mut stage = Stage::open().await;
    let rita = stage.organizer(Reviewer).await;
    let page = stage.visit(&rita, ABUSE).await.text;
    assert!(
        page.contains("No network and no domain has risen"),
        "{page}"
    );
    for number in 0..50 {
        let signer = stage.signer_called(number).await;
        let answer = stage.sign_from("192.0.2.1", &[], &signer).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED);
    }
    let page = stage.visit(&rita, ABUSE).await.text;
    assert!(page.contains("signatures?network="), "{page}");
    assert!(page.contains("signatures?domain=example.org"), "{page}");
    let overview = stage.visit(&rita, "/console/p/forbid-it").await.text;
    assert!(
        overview.contains("2 networks and e-mail domains rise"),
        "{overview}"
    );
}

#[tokio::test]
async fn new_rules_are_tried_on_past_days_and_nothing_is_saved() {
    let mut stage = Stage::open().await;
    for number in 0..4 {
        let signer = stage.signer_called(number).await;
        stage.sign_from("192.0.2.1", &[], &signer).await;
    }
    stage.mails().await;
    stage
        .sign_and_confirm("Mickey Mouse", "mickey@one.example.org")
        .await;
    stage.clock.pass(chrono::Duration::days(3));
    let ed = stage.organizer(Editor).await;
    let rules = [
        ("version", "0"),
        ("client_an_hour", "3"),
        ("form_seconds", "1"),
        ("blocked", "**.example.org"),
        ("allowed", "192.0.2.0/24"),
        ("days", "7"),
    ];
    let rehearsal = format!("{ABUSE}/rehearsal");
    let tried = stage.submit(&ed, &rehearsal, &rules).await;
    assert_eq!(tried.status, StatusCode::OK, "{}", tried.text);
    let row = "<th scope=\"row\">2026-03-02</th><td class=\"n\">5</td><td class=\"n\">2</td><td class=\"n\">1</td><td class=\"n\">0</td>";
    assert!(tried.text.contains(row), "{}", tried.text);
    assert!(
        tried.text.contains("client rate: 1; domain blocked: 1"),
        "{}",
        tried.text
    );
    assert!(
        tried
            .text
            .contains("lists of networks cannot be tried on the past")
    );
    let petition = stage.found("forbid-it").await;
    let kept = stage.store.abuse.find_abuse_rules(petition.id).await;
    assert_eq!(kept.expect("read"), None);
    let today = [("version", "0"), ("form_seconds", "1"), ("days", "1")];
    let tried = stage.submit(&ed, &rehearsal, &today).await;
    assert!(
        tried.text.contains("Nobody came within these days"),
        "{}",
        tried.text
    );
}
