//! A view made ready for templates: text cleaned, dates and numbers in the form in which they are printed. No sentence is made here.

use super::salutation::{addressed_as, addressed_together};
use super::table::{TableRow, aligned};
use super::{CityStatus, DistrictCount, LetterKind, LetterView, ListPlace, Recipient};
use crate::english::{Count, enumerated, long_date};
use crate::error::LettersError;
use crate::plain::{lines, one_line, paragraphs, shortened};

/// Withdrawn signers named by their numbers; the list names them all.
const MOST_NUMBERS: usize = 20;

/// What the templates of a letter print.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub date: String,
    pub title: String,
    /// Full name.
    pub name: Option<String>,
    /// What follows the title in the salutation.
    pub addressed_as: String,
    pub district: Option<String>,
    /// All to whom it goes, in a letter to the whole body.
    pub members: Vec<Member>,
    /// `Mayor Ruiz and Council Member Diaz`; empty where they are addressed as what they are.
    pub together: String,
    /// Their districts.
    pub own_districts: Vec<OwnDistrict>,
    pub term_ended: bool,
    pub is_clerk: bool,
    pub on_behalf_of: Vec<String>,
    pub place: String,
    pub state: String,
    pub petition: String,
    pub ask_line: String,
    pub ask: Vec<String>,
    pub status: Option<Status>,
    pub letter: Count,
    pub part: Count,
    pub parts: Count,
    pub batch: Count,
    pub first: Count,
    pub last: Count,
    pub count: Count,
    pub total: Count,
    pub new_since_last: Count,
    pub own: Option<TableRow>,
    pub rows: Vec<TableRow>,
    pub table: Vec<String>,
    pub confirmed: Count,
    pub self_asserted: Count,
    pub paper: Count,
    pub unconfirmed: Count,
    pub needs_confirmation: bool,
    pub comments: Vec<Comment>,
    /// Numbers as an enumeration.
    pub withdrawn: String,
    pub withdrawn_since: Count,
    pub withdrawn_unnamed: Count,
    pub withdrawn_in_all: Count,
    /// `None` when the list is at the desk.
    pub filename: Option<String>,
    pub sha256: String,
    pub desk_url: String,
    pub verify_url: String,
    pub ledger_url: String,
    pub retention_days: Count,
    pub organization: String,
    pub postal_address: Vec<String>,
    pub contact: String,
}

/// One of those to whom a letter to the whole body goes.
#[derive(Debug, Clone)]
pub(super) struct Member {
    /// `Council Member Bo Diaz, Ward 1`.
    pub line: String,
    pub desk_url: String,
}

/// A district of one of them.
#[derive(Debug, Clone)]
pub(super) struct OwnDistrict {
    /// `Council Member Diaz`; `None` where nobody is known to hold the seat.
    pub whose: Option<String>,
    pub row: TableRow,
}

/// Why the ask is the one that applies here.
#[derive(Debug, Clone)]
pub(super) struct Status {
    pub exists: bool,
    pub matter: String,
    pub known_since: Option<String>,
    pub source: Option<String>,
}

/// A signer's words, in paragraphs.
#[derive(Debug, Clone)]
pub(super) struct Comment {
    pub paragraphs: Vec<String>,
    pub name: Option<String>,
}

impl Said {
    /// Fails without a sender.
    pub(super) fn of(view: &LetterView) -> Result<Self, LettersError> {
        let sender = view
            .sender
            .as_ref()
            .ok_or(LettersError::Missing("a sender"))?;
        let recipient = &view.recipient;
        let name = recipient.name.as_deref().map(one_line);
        let rows = table_rows(view);
        let since = &view.withdrawn.since_last;
        let named = since.iter().take(MOST_NUMBERS);
        let numbers: Vec<_> = named.map(|number| Count(*number).to_string()).collect();
        Ok(Self {
            date: long_date(view.frozen_on),
            title: one_line(&recipient.title),
            addressed_as: name
                .as_deref()
                .map(addressed_as)
                .unwrap_or_default()
                .to_owned(),
            name,
            district: recipient.district.as_deref().map(one_line),
            members: members(view),
            together: together(view),
            own_districts: own_districts(view),
            term_ended: recipient.term_ended,
            is_clerk: matches!(view.kind, LetterKind::Clerk { .. }),
            on_behalf_of: match &view.kind {
                LetterKind::Clerk { on_behalf_of } => {
                    on_behalf_of.iter().map(|post| one_line(post)).collect()
                }
                LetterKind::Official => Vec::new(),
            },
            place: shortened(&one_line(&view.place), 60),
            state: one_line(&view.state),
            petition: one_line(&view.petition_title),
            ask_line: one_line(&view.ask_line).trim_end_matches('.').to_owned(),
            ask: paragraphs(&view.ask_text),
            status: status(&view.status),
            letter: Count(view.letter),
            part: Count(view.part),
            parts: Count(view.parts),
            batch: Count(view.batch),
            first: Count(view.first),
            last: Count(view.last),
            count: Count(view.count),
            total: Count(view.total),
            new_since_last: Count(view.new_since_last),
            own: view.in_district.as_ref().map(table_row),
            table: aligned(&rows, "this letter", "in all"),
            rows,
            confirmed: Count(view.verified.confirmed),
            self_asserted: Count(view.verified.self_asserted),
            paper: Count(view.verified.paper),
            unconfirmed: Count(view.verified.unconfirmed),
            needs_confirmation: view.needs_confirmation,
            comments: comments(view),
            withdrawn_since: Count(since.len() as u32),
            withdrawn_unnamed: Count((since.len() - numbers.len()) as u32),
            withdrawn: enumerated(&numbers),
            withdrawn_in_all: Count(view.withdrawn.in_all),
            filename: match &view.list {
                ListPlace::Attached { filename } => Some(one_line(filename)),
                ListPlace::AtDesk => None,
            },
            sha256: view.csv_sha256.to_ascii_lowercase(),
            desk_url: view.desk_url.clone(),
            verify_url: view.verify_url.clone(),
            ledger_url: view.ledger_url.clone(),
            retention_days: Count(u32::from(view.retention_days)),
            organization: one_line(&sender.organization),
            postal_address: lines(&sender.postal_address),
            contact: sender.contact_email.as_str().to_owned(),
        })
    }
}

/// Everybody to whom it goes, where these are several.
fn readers(view: &LetterView) -> Vec<&Recipient> {
    if view.fellows.is_empty() {
        return Vec::new();
    }
    let fellows = view.fellows.iter().map(|fellow| &fellow.recipient);
    std::iter::once(&view.recipient).chain(fellows).collect()
}

fn members(view: &LetterView) -> Vec<Member> {
    let fellows = view.fellows.iter().map(|fellow| &fellow.desk_url);
    let desks = std::iter::once(&view.desk_url).chain(fellows);
    readers(view)
        .into_iter()
        .zip(desks)
        .map(|(reader, desk_url)| {
            let who = match reader.name.as_deref() {
                Some(name) => format!("{} {}", one_line(&reader.title), one_line(name)),
                None => one_line(&reader.title),
            };
            let line = match reader.district.as_deref() {
                Some(district) => format!("{who}, {}", one_line(district)),
                None => who,
            };
            let desk_url = desk_url.clone();
            Member { line, desk_url }
        })
        .collect()
}

/// A title with what follows it when somebody is spoken to; `None` where nobody is known.
fn addressed(reader: &Recipient) -> Option<String> {
    let name = one_line(reader.name.as_deref()?);
    Some(format!(
        "{} {}",
        one_line(&reader.title),
        addressed_as(&name)
    ))
}

fn together(view: &LetterView) -> String {
    let readers = readers(view);
    let addressed: Option<Vec<String>> = readers.into_iter().map(addressed).collect();
    addressed_together(&addressed.unwrap_or_default()).unwrap_or_default()
}

fn own_districts(view: &LetterView) -> Vec<OwnDistrict> {
    let fellows = view.fellows.iter().map(|fellow| &fellow.in_district);
    let owns = std::iter::once(&view.in_district).chain(fellows);
    readers(view)
        .into_iter()
        .zip(owns)
        .filter_map(|(reader, own)| {
            let row = table_row(own.as_ref()?);
            let whose = addressed(reader);
            Some(OwnDistrict { whose, row })
        })
        .collect()
}

fn table_row(row: &DistrictCount) -> TableRow {
    TableRow {
        label: one_line(&row.label),
        new: Count(row.new),
        total: Count(row.total),
    }
}

/// The districts and their sum; nothing where there are none.
fn table_rows(view: &LetterView) -> Vec<TableRow> {
    let mut rows: Vec<_> = view.districts.iter().map(table_row).collect();
    if !rows.is_empty() {
        rows.push(TableRow {
            label: one_line(&view.place),
            new: Count(view.count),
            total: Count(view.total),
        });
    }
    rows
}

fn status(status: &CityStatus) -> Option<Status> {
    match status {
        CityStatus::Forbid { matter } => Some(Status {
            exists: false,
            matter: one_line(matter),
            known_since: None,
            source: None,
        }),
        CityStatus::End {
            matter,
            known_since,
            source,
        } => Some(Status {
            exists: true,
            matter: one_line(matter),
            known_since: known_since.map(long_date),
            source: source.as_deref().map(one_line),
        }),
        CityStatus::None => None,
    }
}

fn comments(view: &LetterView) -> Vec<Comment> {
    view.comments
        .iter()
        .map(|comment| Comment {
            paragraphs: paragraphs(&comment.text),
            name: comment.name.as_deref().map(one_line),
        })
        .filter(|comment| !comment.paragraphs.is_empty())
        .collect()
}
