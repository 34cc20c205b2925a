//! `/console/p/{slug}/letters/{batch}`: one batch: what was frozen, and its letters. Its list of signers is not shown.

use super::super::permission::Permission;
use super::super::refusal::Refusal;
use super::super::visitor::Visitor;
use super::super::{Frame, comments, days, render, words};
use super::{Said, deliveries_of, letter_of, place_name};
use crate::failure::Failure;
use crate::site::grouped;
use crate::state::AppState;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use chrono_tz::Tz;
use redress_model::batch::BatchState;
use redress_model::delivery::state::DeliveryState;
use redress_model::petition::Petition;
use redress_model::role::MemberRole;
use redress_storage::batches::Batch;
use redress_storage::deliveries::Delivery;
use serde::Deserialize;
use std::fmt::Write;

/// What led here.
#[derive(Deserialize, Default)]
pub(crate) struct Noted {
    #[serde(default)]
    note: String,
}

/// One letter of the batch.
struct Row {
    id: String,
    title: String,
    person: String,
    whither: String,
    state: String,
    tone: &'static str,
    reply: String,
    changed_at: String,
}

#[derive(Template)]
#[template(path = "console/letters/batch.html")]
struct View {
    frame: Frame,
    slug: String,
    said: Said,
    number: u32,
    place: String,
    state: &'static str,
    facts: Vec<(&'static str, String)>,
    districts: Vec<(String, String)>,
    hashes: [(&'static str, String); 3],
    rows: Vec<Row>,
    waiting: usize,
    unreachable: usize,
    is_frozen: bool,
    /// Comments that its letters go without, as long as it can be cancelled for them.
    unreviewed: Option<String>,
    is_reviewer: bool,
    decision: Decision,
}

/// Whether whoever looks can let it out or take it back.
struct Decision {
    is_offered: bool,
    has_sender: bool,
    is_editor: bool,
}

/// The page.
pub(crate) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    Path((slug, number)): Path<(String, String)>,
    noted: Result<Query<Noted>, QueryRejection>,
) -> Result<Html<String>, Refusal> {
    let (petition, role) = visitor.open(&state, &slug, Permission::SeeLetters).await?;
    let batch = find(&state, &petition, &number).await?;
    let note = match noted.unwrap_or_default().0.note.as_str() {
        "approved" => Some("Approved. Its letters go out as their offices’ hours come."),
        "cancelled" => Some("Cancelled. Its signatures are free for the next batch."),
        _ => None,
    };
    let said = Said {
        note,
        ..Said::default()
    };
    page(&state, &visitor, (&petition, role), &batch, said).await
}

/// A petition's batch by its number, as the address has it.
pub(super) async fn find(
    state: &AppState,
    petition: &Petition,
    number: &str,
) -> Result<Batch, Failure> {
    let number = number.parse().map_err(|_| Failure::NotFound)?;
    let batches = &state.store().batches;
    let found = batches.find_batch(petition.id, number).await?;
    found.ok_or(Failure::NotFound)
}

/// The page, with what is to be said above it.
pub(super) async fn page(
    state: &AppState,
    visitor: &Visitor,
    (petition, role): (&Petition, MemberRole),
    batch: &Batch,
    said: Said,
) -> Result<Html<String>, Refusal> {
    let zone = days::zone(petition);
    let mut letters = deliveries_of(state, petition.id, batch.id).await?;
    letters.sort_by(|one, other| one.addressee.post_id.cmp(&other.addressee.post_id));
    let is_frozen = batch.state == BatchState::Frozen;
    let unreviewed = if is_frozen {
        comments::waiting_told(comments::count_waiting(state, petition.id).await?)
    } else {
        None
    };
    let count = |state| letters.iter().filter(|it| it.state == state).count();
    render(&View {
        frame: Frame::of(petition, role, "letters", visitor),
        slug: petition.slug.to_string(),
        said,
        number: batch.number,
        place: place_name(state, batch.geoid.clone()),
        state: batch.state.as_str(),
        facts: facts(batch, zone),
        districts: batch.districts.iter().map(district).collect(),
        hashes: [
            ("Root of its Merkle tree", hexadecimal(&batch.merkle_root)),
            (
                "SHA-256 of the attached list",
                hexadecimal(&batch.csv_sha256),
            ),
            ("SHA-256 over its rows", hexadecimal(&batch.rows_sha256)),
        ],
        waiting: count(DeliveryState::Waiting),
        unreachable: count(DeliveryState::NoContact),
        rows: letters.iter().map(|it| row(it, &letters, zone)).collect(),
        is_frozen,
        unreviewed,
        is_reviewer: Permission::ReviewSignatures.is_given_to(role),
        decision: Decision {
            is_offered: is_frozen && Permission::ApproveDeliveries.is_given_to(role),
            has_sender: petition.terms.sender.is_some(),
            is_editor: Permission::EditPetition.is_given_to(role),
        },
    })
}

fn facts(batch: &Batch, zone: Tz) -> Vec<(&'static str, String)> {
    let figure = |number: u32| grouped(i64::from(number));
    let signers = match batch.count {
        0 => "none that are new".to_owned(),
        1 => format!("1, number {}", figure(batch.first)),
        count => {
            let (first, last) = (figure(batch.first), figure(batch.last));
            format!("{}, numbers {first} to {last}", figure(count))
        }
    };
    let mut facts = vec![
        ("Letter to this place", letter_of(batch)),
        ("Signers", signers),
        ("In all so far", figure(batch.total)),
        (
            "Of these signers, where they said",
            figure(batch.self_asserted),
        ),
        ("Of these signers, on paper", figure(batch.paper)),
        ("Ask", words::ask(batch.status).to_owned()),
        ("Frozen", words::instant(batch.frozen_at, zone)),
    ];
    if let Some(at) = batch.decided_at {
        facts.push(("Decided", words::instant(at, zone)));
    }
    facts
}

fn district((label, count): &(String, u32)) -> (String, String) {
    let label = if label.is_empty() {
        "no district"
    } else {
        label
    };
    (label.to_owned(), grouped(i64::from(*count)))
}

/// One letter; what became of it is told by the one that carries it, where it is in the letter to the whole body.
fn row(letter: &Delivery, letters: &[Delivery], zone: Tz) -> Row {
    let carrier = letters.iter().find(|it| it.id == letter.carrier());
    let carrier = carrier.unwrap_or(letter);
    Row {
        id: letter.id.to_string(),
        title: letter.addressee.title.clone(),
        person: person_of(letter),
        whither: whither(letter),
        state: words::standing(letter),
        tone: words::tone(carrier.state),
        reply: words::reply(carrier.reply.as_ref()),
        changed_at: words::instant(carrier.changed_at, zone),
    }
}

/// Who sits, or the office.
pub(super) fn person_of(letter: &Delivery) -> String {
    let person = letter.addressee.person.clone();
    person.unwrap_or_else(|| "the office".to_owned())
}

/// The address, or in words why there is none.
pub(super) fn whither(letter: &Delivery) -> String {
    let addressee = &letter.addressee;
    match (&addressee.email, addressee.no_contact) {
        (_, Some(reason)) => words::why(reason).to_owned(),
        (Some(email), None) => email.clone(),
        (None, None) => "no address".to_owned(),
    }
}

/// Bytes in hexadecimal, lower case.
pub(super) fn hexadecimal(bytes: &[u8; 32]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
