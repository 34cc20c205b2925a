//! Letters of a petition's batches, as its public pages list them.

use crate::dates::{day_of, zone};
use crate::delivered::{self, Offices};
use crate::failure::Failure;
use crate::ledger;
use crate::site::grouped;
use crate::spoken::say;
use crate::state::AppState;
use redress_model::batch::BatchState;
use redress_model::geoid::Geoid;
use redress_model::id::BatchId;
use redress_model::petition::Petition;
use redress_storage::batches::Batch;
use std::collections::HashMap;

/// A page of them.
pub(crate) const PAGE: u32 = 200;

/// A batch as everybody may see it.
pub(crate) struct LetterRow {
    pub batch: Batch,
    /// `letter 3`.
    pub letter: String,
    /// `925 to 1,234`, or `925`.
    pub signers: String,
    /// How many it brings.
    pub count: String,
    /// How many in all.
    pub total: String,
    /// The day on which it was frozen.
    pub frozen_on: String,
    /// To how many offices it goes.
    pub offices: u64,
    /// Where it stands.
    pub said: String,
}

impl LetterRow {
    /// Whether it was not cancelled.
    pub(crate) fn is_standing(&self) -> bool {
        self.batch.state != BatchState::Cancelled
    }
}

/// A petition's batches, of one place or of all, by number after one.
pub(crate) async fn list(
    state: &AppState,
    petition: &Petition,
    geoid: Option<&Geoid>,
    after: u32,
) -> Result<Vec<LetterRow>, Failure> {
    let batches = &state.store().batches;
    let found = batches
        .list_batches(petition.id, geoid, None, after, PAGE)
        .await?;
    let ids: Vec<BatchId> = found.iter().map(|batch| batch.id).collect();
    let mut offices: HashMap<BatchId, Offices> = HashMap::new();
    for (id, standing, count) in state.store().deliveries.count_letters(&ids).await? {
        offices.entry(id).or_default().add(standing, count);
    }
    for (id, count) in state.store().deliveries.count_joint(&ids).await? {
        offices.entry(id).or_default().joint = count;
    }
    let zone = zone(petition);
    Ok(found
        .into_iter()
        .map(|batch| {
            let offices = offices.remove(&batch.id).unwrap_or_default();
            LetterRow {
                letter: ledger::letter(&batch),
                signers: signers(&batch),
                count: grouped(batch.count.into()),
                total: grouped(batch.total.into()),
                frozen_on: day_of(batch.frozen_at, zone),
                offices: offices.all,
                said: delivered::of_batch(batch.state, offices),
                batch,
            }
        })
        .collect())
}

/// `Signers 925 to 1,234`, or `Signer 925`.
pub(crate) fn signers_named(batch: &Batch) -> String {
    let noun = if batch.count == 1 {
        "Signer"
    } else {
        "Signers"
    };
    format!("{noun} {}", signers(batch))
}

/// The numbers that a batch brings.
pub(crate) fn signers(batch: &Batch) -> String {
    if batch.first == batch.last {
        grouped(batch.first.into())
    } else {
        let (first, last) = (grouped(batch.first.into()), grouped(batch.last.into()));
        say("{} to {}", &[&first, &last])
    }
}
