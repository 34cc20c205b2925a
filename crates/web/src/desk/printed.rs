//! `/desk/{token}/printed/{batch}.pdf`: a letter as one page, as it was made with its words.

use super::closed::Closed;
use super::seat::{self, Letter, Seat};
use crate::failure::Failure;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use redress_letters::parts::{PrintedPage, WithPage};
use redress_storage::StorageError;
use redress_storage::secrets::SealedField;

/// The file.
pub(super) async fn download(
    State(state): State<AppState>,
    Path((text, file)): Path<(String, String)>,
) -> Result<Response, Closed> {
    let seat = seat::open(&state, &text).await?;
    let number = file.strip_suffix(".pdf").ok_or(Closed::Nothing)?;
    let letter = seat.letter(number)?;
    let page = find(&state, &seat, letter).await?.ok_or(Closed::Nothing)?;
    let pdf = page
        .pdf()
        .ok_or(StorageError::unreadable("page of a letter", "no base64"))?;
    Ok(as_file(&page.filename, pdf))
}

/// A letter's page, as far as it is kept and there is one.
pub(super) async fn find(
    state: &AppState,
    seat: &Seat,
    letter: &Letter,
) -> Result<Option<PrintedPage>, Failure> {
    let id = letter.delivery.id;
    let (Some(secrets), Some(sealed)) = (
        seat.secrets(state).await?,
        state.store().deliveries.find_letter(id).await?,
    ) else {
        return Ok(None);
    };
    let opened = secrets.open(SealedField::Letter, id, &sealed);
    let opened = opened.map_err(StorageError::from)?;
    let letter: WithPage = serde_json::from_slice(&opened)
        .map_err(|_| StorageError::unreadable("letter", "another shape"))?;
    Ok(letter.printed)
}

/// A PDF to be kept rather than shown.
pub(crate) fn as_file(name: &str, pdf: Vec<u8>) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/pdf".to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    (headers, pdf).into_response()
}
