//! Configuration in layers, and what a mistake in one of them says.

#![expect(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use redress_tests::program::{done, executable, refused};
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

fn file(folder: &TempDir, text: &str) -> String {
    let path: PathBuf = folder.path().join("redress.toml");
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn a_wrong_key_stops_every_command_and_names_the_right_ones() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "[mailer.smtp]\nhosst = \"relay.example\"\n");
    for command in [
        &["config", "check"][..],
        &["migrate", "--database", "sqlite:nowhere/x"],
    ] {
        let said = refused([&["--config", &path], command].concat());
        assert!(
            said.contains(&path) && said.contains("mailer.smtp.hosst") && said.contains("`host`"),
            "{said}"
        );
    }
}

#[test]
fn a_wrong_value_names_its_key_and_what_would_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "[mailer]\ntransport = \"pigeon\"\n");
    let said = refused(["--config", &path, "config", "check"]);
    assert!(
        said.contains("mailer.transport") && said.contains("smtp") && said.contains("outbox"),
        "{said}"
    );
    let said = refused(["--config", "/nowhere/redress.toml", "config", "check"]);
    assert!(said.contains("/nowhere/redress.toml"), "{said}");
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_defaults() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(
        &folder,
        "[mailer]\nsessions = 7\n[mailer.smtp]\nhost = \"file.example\"\n",
    );
    let ran = Command::new(executable())
        .args(["config", "show", "--json"])
        .env("REDRESS_CONFIG", &path)
        .env("REDRESS_MAILER__SMTP__HOST", "environment.example")
        .env("REDRESS_MAILER__OFFICE_HOURS__ENABLED", "false")
        .output()
        .unwrap();
    let shown: Value = serde_json::from_slice(&ran.stdout).unwrap();
    let mailer = &shown["mailer"];
    assert_eq!(mailer["smtp"]["host"], "environment.example");
    assert_eq!(mailer["sessions"], 7);
    assert_eq!(mailer["office_hours"]["enabled"], false);
    assert_eq!(mailer["smtp"]["port"], 25);
}

#[test]
fn a_ceiling_is_set_for_a_domain_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "[mailer.ceilings]\n\"city.example\" = 20000000\n");
    let shown = done(["--config", &path, "config", "show", "--json"]);
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["mailer"]["ceilings"]["city.example"], 20_000_000);
    assert_eq!(shown["mailer"]["ceiling"], 7_000_000);
}

#[test]
fn the_defaults_that_are_printed_are_right_as_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, &done(["config", "default"]));
    assert_eq!(
        done(["--config", &path, "config", "show"]),
        done(["config", "show"])
    );
}

#[test]
fn a_password_in_the_databases_address_is_never_shown() {
    let ran = Command::new(executable())
        .args(["config", "show"])
        .env(
            "REDRESS_DATABASE__URL",
            "postgres://redress:s3cr3t@db.example/redress",
        )
        .output()
        .unwrap();
    let shown = String::from_utf8(ran.stdout).unwrap();
    assert!(
        shown.contains("db.example") && !shown.contains("s3cr3t"),
        "{shown}"
    );
}
