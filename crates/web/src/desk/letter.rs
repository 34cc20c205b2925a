//! `/desk/{token}/letters/{batch}`: a letter's own words, as they were sent.

use super::closed::Closed;
use super::seat::{self, Letter, Seat, heading};
use super::{Frame, Ways, printed, render};
use crate::failure::Failure;
use crate::letters::signers_named;
use crate::site::grouped;
use crate::state::AppState;
use crate::veil::veil;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use redress_letters::parts::LetterParts;
use redress_storage::StorageError;
use redress_storage::secrets::SealedField;

#[derive(Template)]
#[template(path = "desk/letter.html")]
struct View {
    frame: Frame,
    ways: Ways,
    title: String,
    heading: String,
    batch: u32,
    frozen_on: String,
    signers: String,
    total: String,
    said: String,
    /// Whether it is there as a page to print.
    has_page: bool,
    /// None once the petition's key was destroyed.
    words: Option<LetterParts>,
}

/// The page.
pub(super) async fn show(
    State(state): State<AppState>,
    Path((text, number)): Path<(String, String)>,
) -> Result<Html<String>, Closed> {
    let seat = seat::open(&state, &text).await?;
    let letter = seat.letter(&number)?;
    let batch = &letter.batch;
    Ok(render(&View {
        frame: Frame::new(&heading(batch), Some(&seat.ways)),
        ways: seat.ways.clone(),
        title: seat.petition.terms.title.clone(),
        heading: heading(batch),
        batch: batch.number,
        frozen_on: seat.frozen_on(batch),
        signers: signers_named(batch),
        total: grouped(batch.total.into()),
        said: seat.said(letter),
        has_page: printed::find(&state, &seat, letter).await?.is_some(),
        words: read(&state, &seat, letter).await?,
    })?)
}

async fn read(
    state: &AppState,
    seat: &Seat,
    letter: &Letter,
) -> Result<Option<LetterParts>, Failure> {
    let id = letter.delivery.id;
    let (Some(secrets), Some(sealed)) = (
        seat.secrets(state).await?,
        state.store().deliveries.find_letter(id).await?,
    ) else {
        return Ok(None);
    };
    let opened = secrets.open(SealedField::Letter, id, &sealed);
    let opened = opened.map_err(StorageError::from)?;
    let words: LetterParts = serde_json::from_slice(&opened)
        .map_err(|_| StorageError::unreadable("letter", "another shape"))?;
    if letter.delivery.carries == 0 {
        return Ok(Some(words));
    }
    // The letter to the whole body holds every member's link.
    let own = seat.ways.desk.rsplit('/').next();
    Ok(Some(LetterParts {
        subject: words.subject,
        text: veil(&words.text, own),
        html: veil(&words.html, own),
    }))
}
