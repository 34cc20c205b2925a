//! Petitions, accounts and keys at the command line, on a database file.

#![expect(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use redress_tests::program::{Ran, done, executable, refused, run};
use serde_json::Value;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A folder with a database that need not be there yet.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn arguments(&self, words: &[&str]) -> Vec<String> {
        let mut all: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        all.extend([
            "--database".to_owned(),
            format!("sqlite:{}", self.path("redress.db")),
        ]);
        all
    }

    fn done(&self, words: &[&str]) -> String {
        done(self.arguments(words))
    }

    fn refused(&self, words: &[&str]) -> String {
        refused(self.arguments(words))
    }

    fn run(&self, words: &[&str]) -> Ran {
        run(self.arguments(words))
    }

    fn json(&self, words: &[&str]) -> Value {
        serde_json::from_str(&self.done(&[words, &["--json"]].concat())).unwrap()
    }

    fn with_password(&self, words: &[&str], password: &str) -> i32 {
        let mut child = Command::new(executable())
            .args(self.arguments(words))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(password.as_bytes())
            .unwrap();
        child.wait().unwrap().code().unwrap()
    }
}

const CREATE: &[&str] = &[
    "petition",
    "create",
    "--slug",
    "no-deals",
    "--title",
    "Forbid the partnerships",
];

#[test]
fn a_petition_lives_its_life_and_takes_no_other_step() {
    let desk = Desk::new();
    assert_eq!(desk.done(CREATE), "no-deals draft\n");
    let step = |word: &str| desk.run(&["petition", word, "--petition", "no-deals"]).code;
    assert_eq!(step("pause"), 2, "a draft cannot be paused");
    for word in ["open", "open", "pause", "open", "close", "archive"] {
        assert_eq!(step(word), 0, "{word}");
    }
    assert_eq!(step("open"), 2, "what was put away stays away");
    let shown = desk.json(&["petition", "show", "--petition", "no-deals"]);
    assert_eq!(
        (&shown["state"], &shown["count"]),
        (&"archived".into(), &0.into())
    );
    assert!(
        desk.done(&["doctor", "--recount"])
            .contains("nothing differs")
    );
}

#[test]
fn a_petition_keeps_what_it_was_made_with() {
    let desk = Desk::new();
    std::fs::write(desk.path("ask.txt"), "Forbid, or end, them.\n").unwrap();
    let ask = desk.path("ask.txt");
    let more = [
        "--ask-file",
        &ask,
        "--target",
        "mayor,clerk",
        "--place",
        "0804000",
        "--place",
        "08005",
        "--confirmation",
        "none",
        "--threshold",
        "25",
        "--autopilot",
        "--open",
    ];
    desk.done(&[CREATE, &more].concat());
    let shown = desk.json(&["petition", "show", "--petition", "no-deals"]);
    assert_eq!(shown["ask"], "Forbid, or end, them.");
    assert_eq!(shown["target"], serde_json::json!(["mayor", "clerk"]));
    assert_eq!(shown["place"], serde_json::json!(["0804000", "08005"]));
    assert_eq!(
        (&shown["confirmation"], &shown["threshold"]),
        (&"none".into(), &25.into())
    );
    assert_eq!(
        (&shown["autopilot"], &shown["state"]),
        (&true.into(), &"open".into())
    );
    let listed = desk.json(&["petition", "list", "--state", "open"]);
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(
        desk.json(&["petition", "list", "--state", "draft"]),
        serde_json::json!([])
    );
}

#[test]
fn bad_petitions_are_refused_with_the_mend() {
    let desk = Desk::new();
    desk.done(CREATE);
    assert!(desk.refused(CREATE).contains("choose another --slug"));
    for (words, mend) in [
        (vec!["--slug", "Not A Slug", "--title", "t"], "--slug"),
        (vec!["--slug", "a-b", "--title", " "], "title"),
        (
            vec!["--slug", "a-b", "--title", "t", "--target", "king"],
            "council_member",
        ),
        (
            vec!["--slug", "a-b", "--title", "t", "--place", "80"],
            "7 for a place",
        ),
        (
            vec!["--slug", "a-b", "--title", "t", "--threshold", "0"],
            "threshold",
        ),
        (
            vec![
                "--slug",
                "a-b",
                "--title",
                "t",
                "--ask-file",
                "/nowhere/ask",
            ],
            "/nowhere/ask",
        ),
        (
            vec!["--slug", "a-b", "--title", "t", "--organization", "other"],
            "organization",
        ),
    ] {
        let error = desk.refused(&[&["petition", "create"], words.as_slice()].concat());
        assert!(error.contains(mend), "{words:?}: {error}");
    }
    assert_eq!(
        desk.json(&["petition", "list"]).as_array().unwrap().len(),
        1,
        "a refused one left something"
    );
    assert!(
        desk.refused(&["petition", "show", "--petition", "other"])
            .contains("petition list")
    );
}

#[test]
fn a_database_that_is_none_is_refused() {
    let desk = Desk::new();
    std::fs::write(
        desk.path("redress.db"),
        "this is a text, and no database at all; long enough to be read",
    )
    .unwrap();
    assert!(desk.refused(&["petition", "list"]).contains("redress.db"));
    assert!(refused(["petition", "list", "--database", "mysql://x"]).contains("sqlite:PATH"));
    assert!(
        refused([
            "petition",
            "list",
            "--database",
            "sqlite:/nowhere/at/all.db"
        ])
        .contains("make it first")
    );
    let fresh = Desk::new();
    let ran = fresh.run(&["petition", "list", "--no-migrate"]);
    assert!(
        ran.code == 1 && ran.err.contains("redress migrate"),
        "{ran:?}"
    );
    fresh.done(&["migrate"]);
    assert_eq!(fresh.run(&["petition", "list", "--no-migrate"]).code, 0);
}

#[test]
fn the_instance_key_is_made_once_for_its_owner_alone() {
    let desk = Desk::new();
    desk.done(CREATE);
    let key = desk.path("redress.db.key");
    assert_eq!(
        std::fs::metadata(&key).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let before = std::fs::read(&key).unwrap();
    desk.done(&["petition", "create", "--slug", "second", "--title", "t"]);
    assert_eq!(
        std::fs::read(&key).unwrap(),
        before,
        "the key was written over"
    );
    let named = desk.path("instance.key");
    done(["keys", "create", &named]);
    assert!(refused(["keys", "create", &named]).contains("never written over"));
    std::fs::write(&named, "not a key").unwrap();
    let error = desk.refused(&[
        "petition",
        "create",
        "--slug",
        "third",
        "--title",
        "t",
        "--key-file",
        &named,
    ]);
    assert!(
        error.contains("instance.key") && error.contains("keys create"),
        "{error}"
    );
}

#[test]
fn accounts_are_made_listed_and_closed() {
    let desk = Desk::new();
    let create = [
        "account",
        "create",
        "--email",
        "Ana@example.org",
        "--role",
        "owner",
    ];
    let shown = desk.done(&create);
    assert!(
        shown.starts_with("password ") && shown.trim().len() >= 29,
        "{shown}"
    );
    assert!(desk.refused(&create).contains("account reset"));
    assert_eq!(
        desk.with_password(
            &[
                "account",
                "create",
                "--email",
                "bo@example.org",
                "--role",
                "analyst",
                "--password-stdin"
            ],
            "correct horse battery\n"
        ),
        0
    );
    assert_eq!(
        desk.with_password(
            &[
                "account",
                "reset",
                "--email",
                "bo@example.org",
                "--password-stdin"
            ],
            "short\n"
        ),
        2
    );
    assert!(
        desk.refused(&["account", "create", "--email", "nobody", "--role", "owner"])
            .contains("--email")
    );
    assert!(
        desk.refused(&[
            "account",
            "create",
            "--email",
            "c@example.org",
            "--role",
            "king"
        ])
        .contains("deliverer")
    );
    desk.done(&["account", "disable", "--email", "bo@example.org"]);
    let listed = desk.json(&["account", "list"]);
    let roles: Vec<&Value> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|account| &account["roles"][0]["role"])
        .collect();
    assert_eq!(roles, ["owner", "analyst"]);
    assert!(listed[0]["disabled_at"].is_null() && listed[1]["disabled_at"].is_string());
    let file = std::fs::read(desk.path("redress.db")).unwrap();
    assert!(
        !file
            .windows(20)
            .any(|window| window == b"correct horse batter"),
        "a password lies in the database"
    );
}

#[test]
fn many_processes_may_begin_on_one_file_at_once() {
    let desk = Desk::new();
    let start = |number: usize| {
        let slug = format!("petition-{number}");
        Command::new(executable())
            .args(desk.arguments(&[
                "petition", "create", "--slug", &slug, "--title", "t", "--open",
            ]))
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    };
    let mut children: Vec<_> = (0..8).map(start).collect();
    for child in &mut children {
        assert!(
            child.wait().unwrap().success(),
            "a process failed beside the others"
        );
    }
    assert_eq!(
        desk.json(&["petition", "list"]).as_array().unwrap().len(),
        8
    );
    assert!(
        desk.done(&["doctor"]).contains("nothing differs"),
        "the audit chain holds under all of them"
    );
}
