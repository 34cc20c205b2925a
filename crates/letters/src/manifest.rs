//! The manifest of a batch: what is published about it, and nothing about anybody in it.

use crate::list::hashes::{merkle_root, rows_sha256, sha256};
use crate::plain::hexadecimal;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Which batch a manifest is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchIdentity {
    /// The petition's word in addresses.
    pub petition: String,
    /// The batch's number within the petition, from 1.
    pub batch: u32,
    /// GEOID of the jurisdiction.
    pub geoid: String,
    /// The letter's number within petition and jurisdiction, from 1.
    pub letter: u32,
    /// Number of the first new signer in it.
    pub first: u32,
    /// Number of the last new signer in it.
    pub last: u32,
    /// Signers counted in the jurisdiction, this batch included.
    pub total: u32,
    /// When it was frozen.
    pub frozen_at: DateTime<Utc>,
}

/// The manifest as the ledger publishes it. Hashes are in hexadecimal, lower case; the instant is in RFC 3339.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The petition's word in addresses.
    pub petition: String,
    /// The batch's number within the petition.
    pub batch: u32,
    /// GEOID of the jurisdiction.
    pub geoid: String,
    /// The letter's number within petition and jurisdiction.
    pub letter: u32,
    /// Number of the first new signer.
    pub first: u32,
    /// Number of the last new signer.
    pub last: u32,
    /// New signers, `last - first + 1`. Rows that take earlier signatures back are in the list and the hashes, not in this count.
    pub count: u32,
    /// Signers counted in the jurisdiction, this batch included.
    pub total: u32,
    /// [`rows_sha256`] over the leaves.
    pub rows_sha256: String,
    /// SHA-256 of the attached file.
    pub csv_sha256: String,
    /// [`merkle_root`] over the leaves.
    pub merkle_root: String,
    /// When the batch was frozen.
    pub frozen_at: DateTime<Utc>,
}

impl Manifest {
    /// Of a batch with the leaves of its rows, in their order, and the bytes of its attachment. A range of numbers that ends
    /// before it begins counts nobody.
    pub fn new(batch: BatchIdentity, leaves: &[[u8; 32]], csv: &[u8]) -> Self {
        let count = (batch.last.saturating_add(1)).saturating_sub(batch.first);
        Self {
            petition: batch.petition,
            batch: batch.batch,
            geoid: batch.geoid,
            letter: batch.letter,
            first: batch.first,
            last: batch.last,
            count,
            total: batch.total,
            rows_sha256: hexadecimal(&rows_sha256(leaves)),
            csv_sha256: hexadecimal(&sha256(csv)),
            merkle_root: hexadecimal(&merkle_root(leaves)),
            frozen_at: batch.frozen_at,
        }
    }
}
