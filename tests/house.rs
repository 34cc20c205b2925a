//! The rules of the house that its manifests show: which crate may use which, and what each manifest says.
//!
//! The arrows are those of `docs/architecture.md`. Dependencies for builds and tests count like the others, because a test that
//! reaches across the house ties two crates together just as well.

use std::collections::BTreeSet;
use std::fs;

use cargo_metadata::{Metadata, MetadataCommand, Package};
use redress_tests::complaints::assert_none;
use redress_tests::tree::root;

/// Each crate with the crates of ours that it may use; `*` is all of them.
const ARROWS: [(&str, &[&str]); 13] = [
    ("redress-model", &[]),
    ("redress-civics", &["redress-model"]),
    ("redress-storage", &["redress-model"]),
    (
        "redress-storage-sqlite",
        &["redress-storage", "redress-model"],
    ),
    (
        "redress-storage-postgres",
        &["redress-storage", "redress-model"],
    ),
    ("redress-reports", &["redress-model"]),
    ("redress-letters", &["redress-model", "redress-reports"]),
    ("redress-sheets", &["redress-model", "redress-reports"]),
    (
        "redress-mailer",
        &[
            "redress-model",
            "redress-storage",
            "redress-letters",
            "redress-sheets",
        ],
    ),
    (
        "redress-web",
        &[
            "redress-model",
            "redress-civics",
            "redress-storage",
            "redress-reports",
            "redress-letters",
            "redress-sheets",
        ],
    ),
    ("redress", &["*"]),
    ("redress-tests", &["*"]),
    ("redress-benches", &["*"]),
];

#[test]
fn the_crates_use_each_other_only_along_the_arrows() {
    let house = house();
    let broken = house.packages.iter().flat_map(|package| {
        let allowed = arrows_from(&package.name);
        let strayed = ours(package).into_iter().filter(move |used| {
            allowed
                .is_some_and(|allowed| !allowed.contains(&"*") && !allowed.contains(&used.as_str()))
        });
        strayed.map(|used| {
            let place = place_of(&house, package, &used);
            format!(
                "{place}: {} -> {used} is no arrow of the house",
                package.name
            )
        })
    });
    assert_none(broken);
}

#[test]
fn the_program_and_the_tests_are_used_by_no_crate() {
    let house = house();
    let broken = house.packages.iter().flat_map(|package| {
        let above = |used: &String| {
            used == "redress-tests" || (used == "redress" && package.name != "redress-tests")
        };
        let strayed = ours(package).into_iter().filter(above).collect::<Vec<_>>();
        strayed.into_iter().map(|used| {
            let place = place_of(&house, package, &used);
            format!(
                "{place}: {} -> {used}: nothing stands above {used}",
                package.name
            )
        })
    });
    assert_none(broken);
}

#[test]
fn every_crate_has_its_place_among_the_arrows() {
    let stated: BTreeSet<String> = ARROWS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let found: BTreeSet<String> = house()
        .packages
        .iter()
        .map(|package| package.name.to_string())
        .collect();
    assert_eq!(
        stated, found,
        "the arrows (left) and the workspace (right) name different crates"
    );
}

#[test]
fn the_pages_know_nothing_of_sql() {
    let house = house();
    let web = house
        .packages
        .iter()
        .find(|package| package.name == "redress-web")
        .expect("there is a crate of pages");
    let sql: Vec<_> = web
        .dependencies
        .iter()
        .filter(|used| used.name.starts_with("sqlx"))
        .map(|used| &used.name)
        .collect();
    assert!(
        sql.is_empty(),
        "redress-web -> {sql:?}: pages reach the database through the traits of redress-storage"
    );
}

#[test]
fn the_root_is_virtual_and_cargo_run_finds_the_program() {
    let house = house();
    assert!(
        !manifest("Cargo.toml").contains_key("package"),
        "Cargo.toml: the root holds the workspace and no package"
    );
    let defaults: Vec<_> = house
        .workspace_default_packages()
        .iter()
        .map(|package| package.manifest_path.clone())
        .collect();
    assert_eq!(
        defaults,
        [house.workspace_root.join("crates/redress/Cargo.toml")],
        "Cargo.toml: default-members"
    );
}

#[test]
fn every_crate_takes_its_lints_from_the_workspace() {
    let house = house();
    let own = house
        .packages
        .iter()
        .map(|package| path_of(&house, package))
        .filter(|path| {
            let manifest = manifest(path);
            let shared = manifest
                .get("lints")
                .and_then(|lints| lints.get("workspace"));
            shared.and_then(toml::Value::as_bool) != Some(true)
        });
    assert_none(own.map(|path| {
        format!(
            "{path}:{}: [lints] does not say `workspace = true`",
            line_of(&path, "[lints")
        )
    }));
}

#[test]
fn every_dependency_of_the_workspace_has_its_reason() {
    let bare = without_reason(&read("Cargo.toml"));
    assert_none(bare.into_iter().map(|(line, entry)| {
        format!("Cargo.toml:{line}: `{entry}` has no comment with its reason above it in its block")
    }));
}

#[test]
fn an_entry_after_a_blank_line_needs_a_reason_of_its_own() {
    let text = "[workspace.dependencies]\n# Errors.\nthiserror = \"2\"\nanyhow = \"1\"\n\ncsv = \"1\"\n\n[profile.dev]\ndebug = 1\n";
    assert_eq!(without_reason(text), [(6, "csv".to_owned())]);
}

/// The entries of `[workspace.dependencies]` that no comment precedes in their block of lines, with the number of each line.
fn without_reason(manifest: &str) -> Vec<(usize, String)> {
    let mut inside = false;
    let mut explained = false;
    let mut bare = Vec::new();
    for (number, line) in (1..).zip(manifest.lines()) {
        if line.starts_with('[') {
            inside = line.starts_with("[workspace.dependencies");
            explained = false;
        } else if line.trim().is_empty() {
            explained = false;
        } else if line.starts_with('#') {
            explained = true;
        } else if let Some((name, _)) = line.split_once('=')
            && inside
            && !explained
            && !line.starts_with(char::is_whitespace)
        {
            bare.push((number, name.trim().to_owned()));
        }
    }
    bare
}

fn house() -> Metadata {
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo describes the workspace")
}

fn arrows_from(name: &str) -> Option<&'static [&'static str]> {
    ARROWS
        .iter()
        .find(|(from, _)| *from == name)
        .map(|(_, to)| *to)
}

/// The crates of ours that a crate names, for whatever purpose.
fn ours(package: &Package) -> BTreeSet<String> {
    let names = package.dependencies.iter().map(|used| used.name.clone());
    names
        .filter(|name| name == "redress" || name.starts_with("redress-"))
        .collect()
}

/// Where a crate names another, as `file:line`.
fn place_of(house: &Metadata, package: &Package, used: &str) -> String {
    let path = path_of(house, package);
    let line = line_of(&path, used);
    format!("{path}:{line}")
}

/// The manifest's path from the root.
fn path_of(house: &Metadata, package: &Package) -> String {
    let path = package.manifest_path.strip_prefix(&house.workspace_root);
    path.expect("our crates lie in the workspace").to_string()
}

/// The number of the first line that begins so, where the name ends there; 1 when there is none.
fn line_of(path: &str, begins: &str) -> usize {
    let named = |line: &str| {
        let rest = line.strip_prefix(begins);
        rest.is_some_and(|rest| {
            !rest.starts_with(|next: char| next.is_alphanumeric() || next == '-')
        })
    };
    read(path)
        .lines()
        .position(named)
        .map_or(1, |found| found + 1)
}

fn manifest(path: &str) -> toml::Table {
    read(path)
        .parse()
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}
