//! Comparing a list with what was frozen for a place.

use super::seat::{self, Seat};
use crate::failure::Failure;
use crate::ledger::manifest;
use crate::state::AppState;
use axum::body::Bytes;
use redress_letters::list::hashes::sha256;
use redress_letters::list::verify::{Verification, verify_with_leaves};
use redress_model::slug::Slug;
use redress_storage::batches::{Batch, BatchRow};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The most batches that a list is compared with row by row. Signers are numbered through a place's batches, so that a list
/// has its numbers in common with one of them, unless somebody has put several together.
const CLOSEST: usize = 3;

/// What a comparison found.
pub(super) enum Found {
    /// The rows of a batch, and whether they are in the very file that was sent.
    Unchanged { batch: Batch, is_the_file: bool },
    /// The rows of a batch, but for lines that were erased since.
    Erased { batch: Batch, numbers: Vec<u32> },
    /// Rows of a batch, and others.
    Changed {
        batch: Batch,
        missing: Vec<u32>,
        added: Vec<u32>,
    },
    /// No list of ours.
    NotOurs,
}

/// Compares a list with all batches of the seat's jurisdiction.
pub(super) async fn compare(state: &AppState, seat: &Seat, list: Bytes) -> Result<Found, Failure> {
    let mut batches = seat::list_batches(state, &seat.petition, &seat.geoid).await?;
    let (hash, outline) = apart({
        let list = list.clone();
        move || (sha256(&list), Outline::of(&list))
    })
    .await?;
    let position = batches.iter().position(|batch| batch.csv_sha256 == hash);
    if let Some(position) = position {
        return Ok(Found::Unchanged {
            batch: batches.swap_remove(position),
            is_the_file: true,
        });
    }
    let outline = Arc::new(outline);
    let mut closest = Found::NotOurs;
    for batch in outline.closest(batches) {
        let rows = state.store().batches.list_batch_rows(batch.id).await?;
        let (slug, list, outline) = (seat.petition.slug.clone(), list.clone(), outline.clone());
        let found = apart(move || outline.judge(&slug, batch, &rows, &list)).await?;
        match &found {
            Found::Unchanged { .. } | Found::Erased { .. } => return Ok(found),
            Found::Changed { .. } if matches!(closest, Found::NotOurs) => closest = found,
            Found::Changed { .. } | Found::NotOurs => {}
        }
    }
    Ok(closest)
}

/// Hashing a long list takes a while: other requests do not wait for it.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Failure::Broken)
}

/// What a list shows at first sight.
struct Outline {
    /// Numbers of its lines, ascending.
    numbers: Vec<u32>,
    /// Those of lines that hold their number and nothing else.
    emptied: BTreeSet<u32>,
}

impl Outline {
    fn of(list: &[u8]) -> Self {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(list);
        let (mut numbers, mut emptied) = (Vec::new(), BTreeSet::new());
        // What is no table has no numbers, and the comparison says what it is.
        for record in reader.byte_records().map_while(Result::ok) {
            let first = record.get(0).and_then(|cell| str::from_utf8(cell).ok());
            let Some(number) = first.and_then(|cell| cell.parse().ok()) else {
                continue;
            };
            numbers.push(number);
            if record.iter().skip(1).all(<[u8]>::is_empty) {
                emptied.insert(number);
            }
        }
        numbers.sort_unstable();
        Self { numbers, emptied }
    }

    /// The batches with which most numbers are in common, the most first.
    fn closest(&self, batches: Vec<Batch>) -> Vec<Batch> {
        let common = |batch: &Batch| {
            let from = self.numbers.partition_point(|number| *number < batch.first);
            let to = self.numbers.partition_point(|number| *number <= batch.last);
            to.saturating_sub(from)
        };
        let mut close: Vec<(usize, Batch)> = batches
            .into_iter()
            .map(|batch| (common(&batch), batch))
            .filter(|(common, _)| *common > 0)
            .collect();
        close.sort_by_key(|(common, _)| std::cmp::Reverse(*common));
        close.truncate(CLOSEST);
        close.into_iter().map(|(_, batch)| batch).collect()
    }

    fn judge(&self, petition: &Slug, batch: Batch, rows: &[BatchRow], list: &[u8]) -> Found {
        let leaves: Vec<[u8; 32]> = rows.iter().map(|row| row.leaf).collect();
        let is_empty = |number: &u32| self.emptied.contains(number);
        let erased: BTreeSet<u32> = rows
            .iter()
            .filter(|row| row.sealed_line.is_none())
            .map(|row| row.number)
            .filter(is_empty)
            .collect();
        match verify_with_leaves(list, &manifest(petition, &batch), &leaves) {
            Verification::Unchanged => Found::Unchanged {
                batch,
                is_the_file: false,
            },
            Verification::RowsChanged { missing, added } => {
                let are_erased = added.iter().all(|number| erased.contains(number));
                if missing == added && are_erased && !added.is_empty() {
                    let numbers = added;
                    Found::Erased { batch, numbers }
                } else {
                    Found::Changed {
                        batch,
                        missing,
                        added,
                    }
                }
            }
            // Of a list whose every line was erased nothing is left to compare but its numbers.
            Verification::NotOurs if erased.len() == rows.len() && self.is(&erased) => {
                let numbers = erased.into_iter().collect();
                Found::Erased { batch, numbers }
            }
            Verification::NotOurs => Found::NotOurs,
        }
    }

    fn is(&self, numbers: &BTreeSet<u32>) -> bool {
        self.numbers.iter().eq(numbers)
    }
}
