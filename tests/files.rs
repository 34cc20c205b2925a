//! The rules of the house that hold for each tracked file: its length, its name, and what must not stand in it.

use std::path::Path;

use redress_tests::complaints::assert_none;
use redress_tests::tree::{self, TreeFile};

const LONGEST: usize = 600;
const LARGEST: u64 = 1024 * 1024;
const SHORTEST_ESSAY: usize = 8;

/// Names that say nothing of what is inside.
const EMPTY_NAMES: [&str; 7] = [
    "util", "utils", "helper", "helpers", "manager", "managers", "misc",
];

/// Marks of code that is not there yet.
const UNFINISHED: [&str; 2] = ["todo", "unimplemented"];

/// Folders at the root of somebody's machine, as opposed to the places where a system keeps things.
const HOMES: [&str; 4] = ["Users", "home", "root", "work"];

/// What may end a domain of a made-up address (RFC 2606, RFC 6761).
const RESERVED: [&str; 6] = [
    "example",
    "test",
    "invalid",
    "example.com",
    "example.net",
    "example.org",
];

/// Providers with rules of their own for what one mailbox is; their names stand in the tests of those rules alone.
const PROVIDERS: [&str; 12] = [
    "aol.com",
    "fastmail.com",
    "gmail.com",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "icloud.com",
    "outlook.com",
    "pm.me",
    "proton.me",
    "protonmail.com",
    "yahoo.com",
];

#[test]
fn no_source_file_is_longer_than_one_thing() {
    let long = rust().into_iter().filter_map(|(file, text)| {
        let lines = text.lines().count();
        (lines > LONGEST).then(|| {
            format!(
                "{}:{}: {lines} lines, so it holds two things",
                file.path,
                LONGEST + 1
            )
        })
    });
    assert_none(long);
}

#[test]
fn no_file_is_larger_than_a_mebibyte() {
    let large = tree::files().into_iter().filter_map(|file| {
        let size = file.location.metadata().map_or(0, |found| found.len());
        (size > LARGEST).then(|| format!("{}: {size} bytes; the limit is {LARGEST}", file.path))
    });
    assert_none(large);
}

#[test]
fn a_module_lies_beside_its_folder() {
    let inside = rust()
        .into_iter()
        .filter(|(file, _)| stem(&file.path) == "mod");
    assert_none(inside.map(|(file, _)| {
        format!(
            "{}:1: name it after its folder, beside the folder",
            file.path
        )
    }));
}

#[test]
fn every_file_and_module_has_a_name_that_says_something() {
    let empty = rust().into_iter().flat_map(|(file, text)| {
        let named = says_nothing(stem(&file.path))
            .then(|| format!("{}:1: the file's name says nothing", file.path));
        let declared = lines_where(&file, &text, "the module's name says nothing", |line| {
            module(line).is_some_and(says_nothing)
        });
        named.into_iter().chain(declared)
    });
    assert_none(empty);
}

#[test]
fn no_code_waits_to_be_written() {
    let marks = UNFINISHED.map(|name| format!("{name}!("));
    let unfinished = rust().into_iter().flat_map(|(file, text)| {
        lines_where(&file, &text, "unfinished", |line| {
            marks.iter().any(|mark| line.contains(mark.as_str()))
        })
    });
    assert_none(unfinished);
}

#[test]
fn every_crate_opens_with_an_essay() {
    let short = rust()
        .into_iter()
        .filter(|(file, _)| is_crate_root(&file.path))
        .filter_map(|(file, text)| {
            let essay = text
                .lines()
                .take_while(|line| line.starts_with("//!"))
                .count();
            (essay < SHORTEST_ESSAY).then(|| {
                format!(
                    "{}:{}: an essay of {essay} lines (`//!`); {SHORTEST_ESSAY} is the least",
                    file.path,
                    essay + 1
                )
            })
        });
    assert_none(short);
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let homes = HOMES.map(|folder| format!("/{folder}/"));
    let known = tree::files()
        .into_iter()
        .filter_map(with_text)
        .flat_map(|(file, text)| {
            lines_where(&file, &text, "a path of one machine", |line| {
                homes.iter().any(|home| begins_a_path(line, home))
            })
        });
    assert_none(known);
}

#[test]
fn every_mail_address_is_made_up() {
    let checked = ["csv", "html", "md", "rs", "toml"];
    let real = tree::files()
        .into_iter()
        .filter(|file| checked.contains(&file.extension()))
        .filter_map(with_text)
        .flat_map(|(file, text)| {
            let mail_rules = file.path.contains("email");
            let known =
                |domain: &str| is_reserved(domain) || (mail_rules && PROVIDERS.contains(&domain));
            lines_where(
                &file,
                &text,
                "an address outside the reserved domains",
                |line| domains(line).iter().any(|domain| !known(domain)),
            )
        });
    assert_none(real);
}

#[test]
fn the_domain_of_an_address_is_found_in_any_text() {
    let found = domains("Write to <Ann@Mail.Town.example>, or to bob@b\u{fc}cher.test.");
    assert_eq!(found, ["mail.town.example", "b\u{fc}cher.test"]);
    let none = domains("serde@1.0 @media x@localhost user@{domain} a @ b.c {}@x.org");
    assert!(none.is_empty(), "{none:?}");
    assert!(is_reserved("clerk.example.org") && !is_reserved("notexample.org"));
}

#[test]
fn a_machine_path_is_told_from_an_address_on_the_web() {
    let home = format!("/{}/", HOMES[1]);
    assert!(begins_a_path(&format!("see `{home}ann/x`"), &home));
    assert!(!begins_a_path(
        &format!("https://town.example{home}"),
        &home
    ));
}

/// The domains of the mail addresses in a line, in lower case.
fn domains(line: &str) -> Vec<String> {
    line.match_indices('@')
        .filter(|(at, _)| {
            line[..*at].ends_with(|last: char| last.is_alphanumeric() || "._%+-".contains(last))
        })
        .filter_map(|(at, _)| {
            let rest = &line[at + 1..];
            let end = rest
                .find(|next: char| !next.is_alphanumeric() && next != '.' && next != '-')
                .unwrap_or(rest.len());
            let domain = rest[..end].trim_end_matches(['.', '-']).to_lowercase();
            // A version (`serde@1.0`) and a host without a dot are no domain of a mail address.
            let top = domain.rsplit_once('.')?.1;
            (top.chars().count() > 1 && top.starts_with(char::is_alphabetic)).then_some(domain)
        })
        .collect()
}

fn is_reserved(domain: &str) -> bool {
    RESERVED
        .iter()
        .any(|end| domain == *end || domain.ends_with(&format!(".{end}")))
}

/// Whether the folder stands in the line as the beginning of a path, rather than further inside a path or an address on the web.
fn begins_a_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        !line[..at]
            .ends_with(|before: char| before.is_alphanumeric() || "._-~/}>*".contains(before))
    })
}

/// The name that a line declares as a module: `pages` of `pub(crate) mod pages;`.
fn module(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    let first = words.next()?;
    let name = if first == "mod" {
        words.next()
    } else {
        words
            .next()
            .filter(|word| *word == "mod")
            .and_then(|_| words.next())
    };
    name.filter(|_| first == "mod" || first.starts_with("pub"))
        .map(|name| name.trim_end_matches([';', '{']))
}

fn says_nothing(name: &str) -> bool {
    name.split('_').any(|part| EMPTY_NAMES.contains(&part))
}

fn is_crate_root(path: &str) -> bool {
    path == "tests/lib.rs"
        || path == "crates/redress/src/main.rs"
        || (path.starts_with("crates/")
            && path.ends_with("/src/lib.rs")
            && path.matches('/').count() == 3)
}

fn stem(path: &str) -> &str {
    Path::new(path)
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or_default()
}

fn rust() -> Vec<(TreeFile, String)> {
    tree::files()
        .into_iter()
        .filter(|file| file.extension() == "rs")
        .filter_map(with_text)
        .collect()
}

fn with_text(file: TreeFile) -> Option<(TreeFile, String)> {
    let text = file.text()?;
    Some((file, text))
}

/// `file:line: complaint` for each line that the rule finds.
fn lines_where(
    file: &TreeFile,
    text: &str,
    complaint: &str,
    rule: impl Fn(&str) -> bool,
) -> Vec<String> {
    let found = (1..).zip(text.lines()).filter(|(_, line)| rule(line));
    found
        .map(|(number, line): (usize, &str)| {
            format!("{}:{number}: {complaint}: {}", file.path, line.trim())
        })
        .collect()
}
