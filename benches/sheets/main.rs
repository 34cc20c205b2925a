//! What goes with a letter: the table of 10,000 signers, the letter as a page, the list as pages.
//!
//! `cargo bench -p redress-benches --bench sheets`. Each is the best of several runs, after one that unpacks fonts.

use chrono::NaiveDate;
use redress_benches::table::{Better, Table};
use redress_letters::list::{ListRow, Verified, csv};
use redress_sheets::language::Language;
use redress_sheets::letter::{self, DistrictCount, PrintedLetter, Reader, VerifiedCounts};
use redress_sheets::list::{self, Known, PrintedList, PrintedRow, Signer};
use std::hint::black_box;
use std::time::Instant;

const SIGNERS: u32 = 10_000;

fn main() {
    let rows = rows(SIGNERS);
    let pages = printed(&rows);
    let letter = letter();
    let list = head();
    black_box((
        letter::pdf(&letter).is_ok(),
        list::pdf(&list, &pages[..50]).is_ok(),
    ));

    let mut table = Table::new();
    let (time, bytes) = best(20, || csv(&rows));
    table.row("CSV of 10,000 signers", "ms", Better::Less, 10.0, 5.0, time);
    table.note("its size", "KiB", bytes);
    let (time, bytes) = best(20, || letter::pdf(&letter).unwrap_or_default());
    table.row("the letter as PDF", "ms", Better::Less, 200.0, 100.0, time);
    table.note("its size", "KiB", bytes);
    let (time, bytes) = best(5, || list::pdf(&list, &pages).unwrap_or_default());
    table.row(
        "the list as PDF, 10,000 signers",
        "ms",
        Better::Less,
        3_000.0,
        1_000.0,
        time,
    );
    table.note("its size", "KiB", bytes);
    let before = peak();
    let many = printed(&self::rows(50_000));
    let (time, bytes) = best(1, || list::pdf(&list, &many).unwrap_or_default());
    table.note("the list as PDF, 50,000 signers", "ms", time);
    table.note("its size", "KiB", bytes);
    if let (Some(before), Some(after)) = (before, peak()) {
        table.note("memory at most before, and then", "MiB", before);
        table.note("", "MiB", after);
    }
}

/// Milliseconds of the fastest run, and KiB of what it made.
fn best(runs: u32, mut work: impl FnMut() -> Vec<u8>) -> (f64, f64) {
    let (mut time, mut bytes) = (f64::INFINITY, 0);
    for _ in 0..runs {
        let start = Instant::now();
        bytes = black_box(work()).len();
        time = time.min(start.elapsed().as_secs_f64() * 1_000.0);
    }
    (time, bytes as f64 / 1_024.0)
}

/// The most memory that the process has held, in MiB, where the system tells.
fn peak() -> Option<f64> {
    let told = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kibibytes / 1_024.0)
}

/// One in four with a comment, one in seven without a name, one in eleven with accents.
fn rows(count: u32) -> Vec<ListRow> {
    let given = [
        "Ana", "Bo", "Carla", "Dmitri", "Elena", "Farah", "Grace", "Hiro",
    ];
    let family = [
        "Ruiz", "Okafor", "Tran", "Miller", "Kowalski", "Haddad", "Johnson",
    ];
    let signed_on = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap_or_default();
    (1..=count)
        .map(|number| {
            let at = number as usize;
            let mut name = format!("{} {}", given[at % given.len()], family[at % family.len()]);
            if at.is_multiple_of(11) {
                name.push_str("-Núñez");
            }
            ListRow {
                number,
                name: (!at.is_multiple_of(7)).then_some(name),
                city: "Springfield".to_owned(),
                zip: format!("{:05}", 62_701 + at % 9),
                district: (at % 10 + 1).to_string(),
                signed_on,
                verified: Verified::Confirmed,
                comment: at.is_multiple_of(4).then(|| {
                    format!("I have lived here for {} years, and I do not want to be watched on my own street, nor my visitors.", at % 60)
                }),
                is_correction: false,
            }
        })
        .collect()
}

fn printed(rows: &[ListRow]) -> Vec<PrintedRow> {
    rows.iter()
        .map(|row| PrintedRow {
            number: row.number,
            signer: Signer::Counted {
                name: row.name.clone(),
                city: row.city.clone(),
                zip: row.zip.clone(),
                district: row.district.clone(),
                signed_on: row.signed_on,
                known: Known::Confirmed,
                comment: row.comment.clone(),
            },
        })
        .collect()
}

fn letter() -> PrintedLetter {
    let ask = "Cameras on private doors are becoming a network that the police can search without a warrant. We ask our city to end any agreement that lets officers request footage through a company's app, and to let the council decide in public before any new one is made.";
    PrintedLetter {
        language: Language::English,
        organization: "Neighbors for Open Doors".to_owned(),
        postal_address: "12 Elm Street\nAlder, IL 60000".to_owned(),
        contact: "hello@neighbors.example".to_owned(),
        dated_on: NaiveDate::from_ymd_opt(2026, 3, 4).unwrap_or_default(),
        reader: Reader {
            title: "Council Member".to_owned(),
            name: Some("Elena Ruiz".to_owned()),
            addressed_as: "Ruiz".to_owned(),
            district: Some("Ward 3".to_owned()),
            is_clerk: false,
        },
        fellows: Vec::new(),
        place: "Springfield".to_owned(),
        state: "Illinois".to_owned(),
        petition: "Forbid police partnerships with home-surveillance companies".to_owned(),
        ask_line: "forbid police partnerships with home-surveillance companies".to_owned(),
        ask: format!("{ask}\n\n{ask}\n\n{ask}"),
        standing: None,
        letter: 3,
        part: 1,
        parts: 1,
        batch: 7,
        first: 1,
        last: SIGNERS,
        count: SIGNERS,
        total: SIGNERS,
        new_since_last: SIGNERS,
        own_district: None,
        districts: (1..=10)
            .map(|ward| DistrictCount {
                label: format!("Ward {ward}"),
                new: 1_000,
                total: 1_000,
            })
            .collect(),
        verified: VerifiedCounts {
            confirmed: SIGNERS,
            ..VerifiedCounts::default()
        },
        needs_confirmation: true,
        verify_url: "https://petition.example/p/forbid-it/ledger#batch-7".to_owned(),
        csv_sha256: "3f6b2a9d0c7e4158".repeat(4),
        merkle_root: "a1b2c3d4e5f60718".repeat(4),
    }
}

fn head() -> PrintedList {
    let letter = letter();
    PrintedList {
        language: letter.language,
        organization: letter.organization,
        petition: letter.petition,
        place: letter.place,
        letter: letter.letter,
        part: 1,
        parts: 1,
        batch: letter.batch,
        first: letter.first,
        last: letter.last,
        count: letter.count,
        total: letter.total,
        frozen_on: letter.dated_on,
        verify_url: letter.verify_url,
        csv_sha256: letter.csv_sha256,
        merkle_root: letter.merkle_root,
    }
}
