//! `POST /desk/{token}/verify`: whether a list is the one that was sent. Nothing of it is kept.

use super::closed::Closed;
use super::compare::{Found, compare};
use super::numbers::said;
use super::seat::{self, Seat};
use super::upload::{self, Upload};
use super::{Frame, Ways, render};
use crate::ledger;
use crate::letters::signers_named;
use crate::state::AppState;
use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use redress_letters::list::hashes::sha256;
use redress_letters::manifest::Manifest;
use redress_storage::batches::Batch;
use std::collections::BTreeSet;

#[derive(Template)]
#[template(path = "desk/verified.html")]
struct View {
    frame: Frame,
    ways: Ways,
    title: String,
    is_good: bool,
    heading: String,
    sentences: Vec<String>,
    /// The batch that it was compared with.
    record: Option<Manifest>,
    /// Of what came.
    sha256: Option<String>,
}

/// Compares what came with every batch of the place.
pub(super) async fn verify(
    State(state): State<AppState>,
    Path(text): Path<String>,
    request: Request,
) -> Result<Response, Closed> {
    let seat = seat::open(&state, &text).await?;
    let (status, heading) = match upload::read(&state, request).await {
        Upload::List(list) => {
            let sha256 = ledger::hexadecimal(&sha256(&list));
            let found = compare(&state, &seat, list).await?;
            let view = View {
                sha256: Some(sha256),
                ..judged(&seat, &found)
            };
            return Ok(render(&view)?.into_response());
        }
        Upload::Nothing => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "Choose a file, or paste its text",
        ),
        Upload::TooLarge => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "That is more than 16 MB, and more than any list of ours",
        ),
        Upload::Malformed => (StatusCode::BAD_REQUEST, "That cannot be read"),
    };
    let page = render(&plain(&seat, heading.to_owned(), Vec::new()))?;
    Ok((status, page).into_response())
}

fn plain(seat: &Seat, heading: String, sentences: Vec<String>) -> View {
    View {
        frame: Frame::new(&heading, Some(&seat.ways)),
        ways: seat.ways.clone(),
        title: seat.petition.terms.title.clone(),
        is_good: false,
        heading,
        sentences,
        record: None,
        sha256: None,
    }
}

fn judged(seat: &Seat, found: &Found) -> View {
    let (batch, is_good, heading, rest) = match found {
        Found::Unchanged { batch, is_the_file } => {
            let heading = format!("This is batch {}, unchanged", batch.number);
            let saved = "The file was saved anew since, with other line ends or quotes; its rows are as they were sent.";
            let rest = (!is_the_file).then(|| saved.to_owned());
            (batch, true, heading, rest)
        }
        Found::Erased { batch, numbers } => {
            let heading = format!(
                "This is batch {}; lines erased since are empty",
                batch.number
            );
            let numbers = said(numbers);
            let rest =
                format!("Erased by their signers: {numbers}. Every other line is as it was sent.");
            (batch, true, heading, Some(rest))
        }
        Found::Changed {
            batch,
            missing,
            added,
        } => {
            let heading = format!("Rows differ from batch {}", batch.number);
            (batch, false, heading, Some(differences(missing, added)))
        }
        Found::NotOurs => {
            let sentence = format!("No letter to {} carried a list with such rows.", seat.place);
            return plain(seat, "This is no list of ours".to_owned(), vec![sentence]);
        }
    };
    View {
        is_good,
        record: Some(ledger::manifest(&seat.petition.slug, batch)),
        ..plain(
            seat,
            heading,
            std::iter::once(which(seat, batch)).chain(rest).collect(),
        )
    }
}

/// Which batch it is.
fn which(seat: &Seat, batch: &Batch) -> String {
    format!(
        "Batch {} is {} to {}: {}, frozen {}.",
        batch.number,
        ledger::letter(batch),
        seat.place,
        signers_named(batch).to_lowercase(),
        seat.frozen_on(batch)
    )
}

/// What is different. An altered row is a missing one and an added one under the same number.
fn differences(missing: &[u32], added: &[u32]) -> String {
    let (lost, new): (BTreeSet<u32>, BTreeSet<u32>) = (
        missing.iter().copied().collect(),
        added.iter().copied().collect(),
    );
    let parts = [
        ("Altered", lost.intersection(&new).copied().collect()),
        ("Missing", lost.difference(&new).copied().collect()),
        (
            "Added",
            new.difference(&lost).copied().collect::<Vec<u32>>(),
        ),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(_, numbers)| !numbers.is_empty())
        .map(|(word, numbers)| format!("{word}: {}.", said(numbers)))
        .collect();
    if parts.is_empty() {
        "The rows are in another order, or a line that takes a signature back is missing."
            .to_owned()
    } else {
        parts.join(" ")
    }
}
