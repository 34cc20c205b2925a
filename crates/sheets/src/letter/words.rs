//! A view made ready to be set: every line and paragraph as it is printed, each at most as long as its place on the page allows.

mod english;
mod readers;
mod spanish;

use super::view::{DistrictCount, PrintedLetter};
use crate::language::Language;
use crate::text::clean::{one_line, paragraphs};
use readers::CleanReader;
use std::fmt;

/// More of an ask than a page could hold.
const LONGEST_ASK: usize = 6_000;
/// The most lines of a postal address.
const MOST_LINES: usize = 4;
/// The most districts of readers that stand in the table whatever else has to give way.
const MOST_OWN: usize = 3;

/// What is printed.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub heading: String,
    pub organization: String,
    /// Postal address and contact, on one line that may be broken.
    pub sender: String,
    pub date: String,
    /// Name, post, place.
    pub addressee: Vec<String>,
    /// `Letter 3 · signers 925 to 1,234 · 1,234 in all · batch 7`.
    pub which: String,
    pub salutation: String,
    pub opening: String,
    /// What a petition without confirmation says before its counts.
    pub caution: Option<String>,
    pub ask_heading: String,
    pub ask: Vec<String>,
    /// Whether the text goes on beyond `ask`.
    pub ask_goes_on: bool,
    /// What stands where the ask was cut.
    pub cut: String,
    pub standing: Option<String>,
    pub new: String,
    pub total: String,
    /// The place first, then the reader's district, or those of the first of several readers.
    pub rows: Vec<Row>,
    /// Other districts, left out first.
    pub districts: Vec<Row>,
    /// What stands where districts were left out.
    pub more_districts: String,
    pub known_heading: String,
    pub known: Vec<String>,
    pub answer: String,
    pub closing: String,
    pub verify: String,
    pub verify_url: String,
    pub hashes: Vec<(String, String)>,
    pub foot: String,
}

/// A line of the table.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub label: String,
    pub new: String,
    pub total: String,
}

/// A number with its thousands apart: 18,402; in the United States Spanish writes it so too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count(pub(crate) u32);

impl Count {
    /// The word that goes with it.
    pub(crate) fn pick<'a>(self, one: &'a str, many: &'a str) -> &'a str {
        if self.0 == 1 { one } else { many }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                out.write_str(",")?;
            }
            write!(out, "{digit}")?;
        }
        Ok(())
    }
}

/// A view whose strings are cleaned and no longer than their places.
struct Cleaned<'a> {
    view: &'a PrintedLetter,
    /// To whom, or the first of several.
    reader: CleanReader,
    /// All of several; empty where there is one.
    body: Vec<CleanReader>,
    place: String,
    state: String,
    petition: String,
    ask_line: String,
    contact: String,
}

impl Said {
    /// Of a view, in its language.
    pub(super) fn of(view: &PrintedLetter) -> Self {
        let clean = Cleaned {
            view,
            reader: CleanReader::of(&view.reader),
            body: readers::body(view),
            place: one_line(&view.place, 60),
            state: one_line(&view.state, 30),
            petition: one_line(&view.petition, 200),
            ask_line: one_line(&view.ask_line, 220)
                .trim_end_matches('.')
                .to_owned(),
            contact: one_line(&view.contact, 100),
        };
        let mut said = match view.language {
            Language::English => english::said(&clean),
            Language::Spanish => spanish::said(&clean),
        };
        said.organization = one_line(&view.organization, 110);
        said.sender = sender(view, &clean.contact);
        said.ask = paragraphs(&view.ask, LONGEST_ASK);
        said.ask_goes_on = view.ask.chars().count() > LONGEST_ASK;
        let (rows, rest) = rows(&clean);
        let is_own = |row: &Row| {
            rows.iter()
                .chain(&rest)
                .skip(1)
                .any(|own| own.label == row.label)
        };
        let others: Vec<Row> = view.districts.iter().map(row).collect();
        let others = others.into_iter().filter(|row| !is_own(row)).collect();
        said.districts = [rest, others].concat();
        said.rows = rows;
        said.verify_url = one_line(&view.verify_url, 400);
        said.hashes = [
            ("SHA-256", &view.csv_sha256),
            (root_label(view.language), &view.merkle_root),
        ]
        .into_iter()
        .filter(|(_, hash)| !hash.is_empty())
        .map(|(label, hash)| (label.to_owned(), one_line(hash, 64).to_ascii_lowercase()))
        .collect();
        said
    }
}

fn root_label(language: Language) -> &'static str {
    match language {
        Language::English => "Merkle root",
        Language::Spanish => "Raíz de Merkle",
    }
}

fn sender(view: &PrintedLetter, contact: &str) -> String {
    let lines = view.postal_address.split(['\n', '\r']);
    let lines = lines.map(|line| one_line(line, 70));
    let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
    let lines = &lines[..lines.len().min(MOST_LINES)];
    format!("{} · {contact}", lines.join(" · "))
}

/// The place and the readers' districts: those that always stand there, and those that give way to the ask before they do.
fn rows(clean: &Cleaned<'_>) -> (Vec<Row>, Vec<Row>) {
    let view = clean.view;
    let place = Row {
        label: one_line(&clean.place, 34),
        new: Count(view.count).to_string(),
        total: Count(view.total).to_string(),
    };
    let fellows = view.fellows.iter().map(|fellow| &fellow.own_district);
    let owns = std::iter::once(&view.own_district).chain(fellows);
    let mut rows = vec![place];
    for own in owns.flatten().map(row) {
        // Two members of one district count the same.
        if rows.iter().skip(1).all(|known| known.label != own.label) {
            rows.push(own);
        }
    }
    let rest = rows.split_off(rows.len().min(MOST_OWN + 1));
    (rows, rest)
}

fn row(district: &DistrictCount) -> Row {
    Row {
        label: one_line(&district.label, 34),
        new: Count(district.new).to_string(),
        total: Count(district.total).to_string(),
    }
}
