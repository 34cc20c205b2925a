//! `/desk/{token}/lists/{batch}.csv`: the list of a letter; `.pdf` is the same as pages ([`super::pages`]).
//!
//! As long as nobody in it has erased their line these are the bytes that were attached. After that, and once the attachment was
//! dropped, the list is written again from its sealed lines, where an erased line holds its number and nothing else: what a
//! signer has erased is not given out again, whatever else still holds it.

use super::closed::Closed;
use super::comments::open;
use super::{pages, seat};
use crate::failure::Failure;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use redress_letters::list::hashes::leaf;
use redress_letters::list::{COLUMNS, ListRow, line};
use redress_model::id::BatchId;
use redress_storage::StorageError;
use redress_storage::batches::{Batch, BatchRow};
use redress_storage::secrets::{PetitionSecrets, SealedField};

/// The file.
pub(super) async fn download(
    State(state): State<AppState>,
    Path((text, file)): Path<(String, String)>,
) -> Result<Response, Closed> {
    let seat = seat::open(&state, &text).await?;
    if let Some(number) = file.strip_suffix(".pdf") {
        return pages::download(&state, &seat, &seat.letter(number)?.batch).await;
    }
    let number = file.strip_suffix(".csv").ok_or(Closed::Nothing)?;
    let batch = &seat.letter(number)?.batch;
    let secrets = seat.secrets(&state).await?.ok_or(Closed::Nothing)?;
    let list = read(&state, &secrets, batch).await?;
    let name = format!("signers-{}-batch-{}.csv", seat.petition.slug, batch.number);
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    Ok((headers, list).into_response())
}

async fn read(
    state: &AppState,
    secrets: &PetitionSecrets,
    batch: &Batch,
) -> Result<Vec<u8>, Failure> {
    let batches = &state.store().batches;
    let rows = batches.list_batch_rows(batch.id).await?;
    let is_whole = rows.iter().all(|row| row.sealed_line.is_some());
    let parts = batches.find_batch_parts(batch.id).await?;
    let attached = parts.and_then(|parts| parts.sealed_csv);
    if let Some(sealed) = attached.filter(|_| is_whole) {
        let list = secrets.open(SealedField::List, batch.id, &sealed);
        return Ok(list.map_err(StorageError::from)?);
    }
    let mut list = COLUMNS.join(",");
    list.push_str("\r\n");
    for row in &rows {
        list.push_str(&written(secrets, batch, row)?);
        list.push_str("\r\n");
    }
    Ok(list.into_bytes())
}

/// A line as it was sent, or its number alone once it was erased.
fn written(secrets: &PetitionSecrets, batch: &Batch, row: &BatchRow) -> Result<String, Failure> {
    Ok(match opened(secrets, batch.id, row)? {
        Some(printed) => line(&printed),
        None => format!("{}{}", row.number, ",".repeat(COLUMNS.len() - 1)),
    })
}

/// A line as it was printed; `None` once it was erased.
pub(super) fn opened(
    secrets: &PetitionSecrets,
    batch: BatchId,
    row: &BatchRow,
) -> Result<Option<ListRow>, Failure> {
    let Some(sealed) = &row.sealed_line else {
        return Ok(None);
    };
    let opened = open(secrets, batch, sealed)?;
    // Of somebody who has left a list tells number and day alone.
    let district = Some(opened.district.clone()).filter(|_| !row.is_correction);
    let printed = ListRow {
        district: district.unwrap_or_default(),
        ..opened
    };
    // Something else than what was sent is never given out as if it were.
    if leaf(&printed) == row.leaf {
        Ok(Some(printed))
    } else {
        Err(StorageError::unreadable("line of a list", "not the one that was hashed").into())
    }
}
