//! `/desk/{token}/lists/{batch}.pdf`: the list of a letter as pages, drawn when it is asked for from the lines that are kept.

use super::closed::Closed;
use super::list::opened;
use super::printed::as_file;
use super::seat::Seat;
use crate::dates::date_of;
use crate::failure::Failure;
use crate::ledger::hexadecimal;
use crate::state::AppState;
use axum::response::Response;
use redress_letters::list::{ListRow, Verified};
use redress_sheets::language::Language;
use redress_sheets::list::{Known, PrintedList, PrintedRow, Signer, pdf};
use redress_storage::batches::Batch;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// Lists drawn at once: one of 50,000 signers takes seconds of a core and some hundred megabytes.
static ROOM: Semaphore = Semaphore::const_new(1);

/// The file.
pub(super) async fn download(
    state: &AppState,
    seat: &Seat,
    batch: &Batch,
) -> Result<Response, Closed> {
    let secrets = seat.secrets(state).await?.ok_or(Closed::Nothing)?;
    let room = ROOM.acquire().await.map_err(|_| Failure::Broken)?;
    let sealed = state.store().batches.list_batch_rows(batch.id).await?;
    let list = head(state, seat, batch);
    let id = batch.id;
    let drawn = spawn_blocking(move || {
        // Here and not outside: who goes away before it is drawn makes no room for another.
        let _room = room;
        let mut rows = Vec::with_capacity(sealed.len());
        for row in &sealed {
            rows.push(PrintedRow {
                number: row.number,
                signer: opened(&secrets, id, row)?.map_or(Signer::Erased, signer),
            });
        }
        pdf(&list, &rows).map_err(|error| {
            tracing::error!(error = %error, "a list could not be drawn");
            Failure::Broken
        })
    });
    let drawn = drawn.await.map_err(|_| Failure::Broken)??;
    let name = format!("signers-{}-batch-{}.pdf", seat.petition.slug, batch.number);
    Ok(as_file(&name, drawn))
}

fn head(state: &AppState, seat: &Seat, batch: &Batch) -> PrintedList {
    let petition = &seat.petition;
    let sender = petition.terms.sender.as_ref();
    PrintedList {
        language: Language::English,
        organization: sender.map_or_else(String::new, |sender| sender.organization.clone()),
        petition: petition.terms.title.clone(),
        place: seat.place.clone(),
        letter: batch.letter,
        part: batch.part,
        parts: batch.parts,
        batch: batch.number,
        first: batch.first,
        last: batch.last,
        count: batch.count,
        total: batch.total,
        frozen_on: date_of(batch.frozen_at, petition),
        verify_url: format!(
            "{}/p/{}/ledger#batch-{}",
            state.public_url(),
            petition.slug,
            batch.number
        ),
        csv_sha256: hexadecimal(&batch.csv_sha256),
        merkle_root: hexadecimal(&batch.merkle_root),
    }
}

fn signer(row: ListRow) -> Signer {
    if row.is_correction {
        return Signer::Withdrawn(row.signed_on);
    }
    Signer::Counted {
        name: row.name,
        city: row.city,
        zip: row.zip,
        district: row.district,
        signed_on: row.signed_on,
        known: match row.verified {
            Verified::Confirmed => Known::Confirmed,
            Verified::SelfAsserted => Known::SelfAsserted,
            Verified::Paper => Known::Paper,
            Verified::Unconfirmed => Known::Unconfirmed,
        },
        comment: row.comment,
    }
}
