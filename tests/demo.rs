//! The demo as a newcomer starts it: ready, played with, ended, taken up again, killed.

#![expect(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use redress_tests::instance::{get, post_json};
use redress_tests::program::{done, executable};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A running demo; killed when it is dropped.
struct Demo {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    urls: HashMap<String, String>,
    login: String,
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Demo {
    fn start(data: &Path, more: &[&str]) -> Self {
        let mut child = Command::new(executable())
            .args(["demo", "--quiet", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(more)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (mut urls, mut login) = (HashMap::new(), String::new());
        for line in lines.by_ref().map_while(Result::ok) {
            if line == "ready" {
                break;
            }
            let (name, rest) = line.split_once(' ').unwrap();
            if name == "login" {
                rest.clone_into(&mut login);
            } else {
                urls.insert(name.to_owned(), rest.to_owned());
            }
        }
        assert!(!login.is_empty(), "the demo did not become ready");
        Self {
            child,
            lines,
            urls,
            login,
        }
    }

    fn url(&self, name: &str) -> &str {
        &self.urls[name]
    }

    fn json(&self, name: &str, path: &str) -> Value {
        let answer = get(&format!("{}{path}", self.url(name)));
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"))
    }

    fn count(&self) -> u64 {
        self.json("api", "/petitions/end-the-partnerships/count")["count"]
            .as_u64()
            .unwrap()
    }

    fn end(mut self) -> i32 {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().unwrap();
        self.child.wait().unwrap().code().unwrap()
    }
}

fn recount(data: &TempDir) -> String {
    let database = format!("sqlite:{}", data.path().join("redress.db").display());
    done(["doctor", "--recount", "--database", &database])
}

#[test]
fn a_demo_opens_with_signers_and_letters_and_goes_on_where_it_was() {
    let data = tempfile::tempdir().unwrap();
    let mut demo = Demo::start(data.path(), &["--crowd", "40"]);
    let summary = demo.lines.next().unwrap().unwrap();
    assert!(
        summary.starts_with("crowd: 40 signed, 40 confirmed"),
        "{summary}"
    );
    let (count, login) = (demo.count(), demo.login.clone());
    assert_eq!(count, 100);

    let mails = demo.json("outbox", ".json");
    let mails = mails.as_array().unwrap();
    assert!(mails.len() > 100, "confirmations and letters");
    let letter = mails
        .iter()
        .find(|mail| !mail["links"].to_string().contains("/confirm/"))
        .unwrap();
    let whole = get(&format!(
        "{}/{}.eml",
        demo.url("outbox"),
        letter["id"].as_str().unwrap()
    ));
    assert!(whole.contains("message/rfc822") && whole.contains("MIME-Version: 1.0"));
    for name in ["site", "console", "outbox"] {
        let page = get(&format!("{}/", demo.url(name).trim_end_matches('/')));
        let page = if page.starts_with("HTTP/1.1 404") {
            get(demo.url(name))
        } else {
            page
        };
        assert!(
            page.starts_with("HTTP/1.1 200") || page.starts_with("HTTP/1.1 303"),
            "{name}: {page}"
        );
    }
    assert_eq!(demo.end(), 0);

    let began = Instant::now();
    let again = Demo::start(data.path(), &[]);
    assert!(began.elapsed() < Duration::from_secs(30));
    assert_eq!((again.count(), &again.login), (count, &login));
    assert_eq!(again.end(), 0);
    let anew = Demo::start(data.path(), &["--reset"]);
    assert_eq!(anew.count(), 60);
    assert_ne!(anew.login, login);
    assert!(recount(&data).contains("nothing differs"));
}

#[test]
fn a_demo_killed_under_a_crowd_loses_nobody_who_was_told() {
    let data = tempfile::tempdir().unwrap();
    let mut told = 0;
    for round in 0..3 {
        let mut demo = Demo::start(data.path(), &["--crowd", "5000"]);
        let url = format!(
            "{}/petitions/end-the-partnerships/signatures",
            demo.url("api")
        );
        for number in 0..40 {
            let body = json!({
                "name": "Killed Under Way", "email": format!("told{round}x{number}@example.org"),
                "street": "1 Nowhere Rd", "city": "Millstoke", "state": "ZZ", "zip": "69500",
            });
            if post_json(&url, &body) == Some(202) {
                told += 1;
            }
        }
        demo.child.kill().unwrap();
        demo.child.wait().unwrap();
    }
    assert_eq!(told, 120);
    assert!(recount(&data).contains("nothing differs"));
    let database = format!("sqlite:{}", data.path().join("redress.db").display());
    let shown = done([
        "petition",
        "show",
        "--petition",
        "end-the-partnerships",
        "--json",
        "--database",
        &database,
    ]);
    let shown: Value = serde_json::from_str(&shown).unwrap();
    let kept = shown["count"].as_u64().unwrap() + shown["waiting"].as_u64().unwrap();
    assert!(kept >= 60 + told, "{told} were told, {shown}");
}
