//! Pages read back by programs that did not write them: poppler's `pdftotext`, `pdfinfo` and `pdftoppm`.

use chrono::NaiveDate;
use redress_sheets::language::Language;
use redress_sheets::letter::{DistrictCount, PrintedLetter, Reader, Standing, VerifiedCounts};
use redress_sheets::list::{Known, PrintedList, PrintedRow, Signer};
use std::io::Write;
use std::process::Command;
use tempfile::NamedTempFile;

/// The hash of every list here.
pub const SHA256: &str = "3f6b2a9d0c7e41588d24b7c1f09a6e5d2c8b7f1e0a9d3c5b6e7f80912a3b4c5d";
/// The root of every tree here.
pub const ROOT: &str = "a1b2c3d4e5f60718293a4b5c6d7e8f90112233445566778899aabbccddeeff00";

fn run(program: &str, pdf: &[u8], arguments: &[&str]) -> Vec<u8> {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(pdf).unwrap();
    let mut command = Command::new(program);
    let (before, after): (Vec<&str>, Vec<&str>) = arguments.iter().partition(|it| **it != "-");
    command.args(before).arg(file.path()).args(after);
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{program} (Debian: poppler-utils): {error}"));
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{program}: {complaint}");
    assert_eq!(complaint, "", "{program} complains");
    output.stdout
}

/// All text, in the order in which it is read, laid out as on the page.
pub fn text(pdf: &[u8]) -> String {
    let text = run("pdftotext", pdf, &["-layout", "-enc", "UTF-8", "-"]);
    String::from_utf8(text).unwrap()
}

/// How many pages there are, and how large.
pub fn pages(pdf: &[u8]) -> (usize, String) {
    let told = String::from_utf8(run("pdfinfo", pdf, &[])).unwrap();
    let find = |name: &str| {
        let line = told.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_once(':').unwrap().1.trim().to_owned()
    };
    (find("Pages").parse().unwrap(), find("Page size"))
}

/// What the code on the first page says, read from a picture of it.
pub fn code(pdf: &[u8]) -> String {
    let picture = run(
        "pdftoppm",
        pdf,
        &["-gray", "-r", "150", "-f", "1", "-l", "1"],
    );
    // P5, width, height, depth, then a byte for each point.
    let mut fields = picture.split(u8::is_ascii_whitespace);
    assert_eq!(fields.next(), Some(&b"P5"[..]));
    let mut number = || -> usize {
        let field = String::from_utf8(fields.next().unwrap().to_vec()).unwrap();
        field.parse().unwrap()
    };
    let (wide, high, _) = (number(), number(), number());
    let points = &picture[picture.len() - wide * high..];
    let mut seen =
        rqrr::PreparedImage::prepare_from_greyscale(wide, high, |x, y| points[y * wide + x]);
    let grids = seen.detect_grids();
    assert_eq!(grids.len(), 1, "one code stands on the page");
    grids[0].decode().unwrap().1
}

/// The letter that sentences begin with.
pub fn letter() -> PrintedLetter {
    PrintedLetter {
        language: Language::English,
        organization: "Neighbors for Open Doors".into(),
        postal_address: "12 Elm Street\nSuite 4\nAlder, IL 60000".into(),
        contact: "hello@neighbors.example".into(),
        dated_on: NaiveDate::from_ymd_opt(2026, 3, 4).unwrap(),
        reader: Reader {
            title: "Council Member".into(),
            name: Some("Elena Ruiz".into()),
            addressed_as: "Ruiz".into(),
            district: Some("Ward 3".into()),
            is_clerk: false,
        },
        fellows: Vec::new(),
        place: "Springfield".into(),
        state: "Illinois".into(),
        petition: "Forbid, or end, partnerships between police and home-surveillance companies"
            .into(),
        ask_line: "end partnerships between police and home-surveillance companies".into(),
        ask: "Cameras on private doors are becoming a network that the police can search without a warrant. We ask our city:\n\n- to end any agreement that lets officers request footage from residents through a company’s app;\n- to publish every such agreement and every request made under it;\n- to let the council decide, in public, before any new one is made.\n\nOur streets are ours. People who visit a neighbor, a clinic or a house of worship should not be watched for it.".into(),
        standing: Some(Standing {
            exists: true,
            matter: "a partnership between its police and a home-surveillance company".into(),
            since_on: NaiveDate::from_ymd_opt(2024, 6, 1),
            source: Some("council minutes, June 2024".into()),
        }),
        letter: 3,
        part: 1,
        parts: 1,
        batch: 7,
        first: 925,
        last: 1_234,
        count: 310,
        total: 1_234,
        new_since_last: 310,
        own_district: Some(DistrictCount {
            label: "Ward 3".into(),
            new: 41,
            total: 187,
        }),
        districts: (1..=6)
            .map(|ward| DistrictCount {
                label: format!("Ward {ward}"),
                new: 40 + ward,
                total: 180 + ward,
            })
            .collect(),
        verified: VerifiedCounts {
            confirmed: 290,
            self_asserted: 12,
            paper: 8,
            unconfirmed: 0,
        },
        needs_confirmation: true,
        verify_url: "https://petition.example/p/forbid-it/ledger#batch-7".into(),
        csv_sha256: SHA256.into(),
        merkle_root: ROOT.into(),
    }
}

/// The head of a list.
pub fn list() -> PrintedList {
    let letter = letter();
    PrintedList {
        language: Language::English,
        organization: letter.organization,
        petition: letter.petition,
        place: "Springfield city".into(),
        letter: 3,
        part: 1,
        parts: 1,
        batch: 7,
        first: 925,
        last: 1_234,
        count: 310,
        total: 1_234,
        frozen_on: letter.dated_on,
        verify_url: letter.verify_url,
        csv_sha256: SHA256.into(),
        merkle_root: ROOT.into(),
    }
}

/// Somebody who signed.
pub fn row(number: u32, name: &str, comment: Option<&str>) -> PrintedRow {
    PrintedRow {
        number,
        signer: Signer::Counted {
            name: Some(name.into()),
            city: "Springfield".into(),
            zip: "62701".into(),
            district: "3".into(),
            signed_on: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
            known: Known::Confirmed,
            comment: comment.map(Into::into),
        },
    }
}

/// Names of people who were unlucky with a program before, and of those who try.
pub const NAMES: [&str; 16] = [
    "María José Núñez-O’Brien",
    "Nguyễn Thị Ánh",
    "Łukasz Żółć",
    "Ольга Ковальчук",
    "Ελένη Παπαδοπούλου",
    "משה לוי",
    "محمد عبد الله",
    "अनिल कुमार",
    "தமிழ்ச்செல்வி",
    "ᏣᎳᎩ ᎠᏰᎵ",
    "李小龍",
    "김민준",
    "👩\u{200D}🌾 Farmer",
    "\u{202E}gnorw yaw eht\u{202C}",
    "Tom\r\nBcc: all@city.example\0",
    "Z\u{0301}\u{0302}\u{0303}\u{0304}\u{0305}\u{0306}\u{0307}\u{0308}algo",
];
