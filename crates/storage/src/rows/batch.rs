//! Rows of batches.

use super::{StoredInstant, hash, json, number, word};
use crate::batches::{Batch, BatchRow, Lapsed};
use crate::error::{StorageError, StorageResult};
use redress_model::batch::{CityStatus, PlaceStatus};
use redress_model::geoid::Geoid;
use redress_model::id::{BatchId, PetitionId, SignatureId};
use uuid::Uuid;

/// A row of `batch`, without what is sealed.
#[expect(missing_docs, reason = "the columns are those of the table")]
pub struct BatchColumns<T> {
    pub id: Uuid,
    pub petition_id: Uuid,
    pub number: i64,
    pub geoid: String,
    pub letter: i64,
    pub part: i64,
    pub parts: i64,
    pub state: String,
    pub first_number: i64,
    pub last_number: i64,
    pub signers: i64,
    pub total: i64,
    pub self_asserted: i64,
    pub paper: i64,
    pub districts: String,
    pub city_status: Option<String>,
    pub rows_sha256: Vec<u8>,
    pub csv_sha256: Vec<u8>,
    pub merkle_root: Vec<u8>,
    pub frozen_at: T,
    pub decided_at: Option<T>,
}

impl<T: StoredInstant> BatchColumns<T> {
    /// The batch.
    pub fn read(self) -> StorageResult<Batch> {
        let status = self.city_status.as_deref();
        Ok(Batch {
            id: BatchId(self.id),
            petition_id: PetitionId(self.petition_id),
            number: number("batch number", self.number)?,
            geoid: geoid(&self.geoid)?,
            letter: number("letter", self.letter)?,
            part: number("part", self.part)?,
            parts: number("parts", self.parts)?,
            state: word("batch state", &self.state)?,
            first: number("first signer", self.first_number)?,
            last: number("last signer", self.last_number)?,
            count: number("signers", self.signers)?,
            total: number("total", self.total)?,
            self_asserted: number("self-asserted", self.self_asserted)?,
            paper: number("paper", self.paper)?,
            districts: json("districts of a batch", &self.districts)?,
            status: status
                .map(|status| word::<CityStatus>("city status", status))
                .transpose()?,
            rows_sha256: hash("hash of rows", &self.rows_sha256)?,
            csv_sha256: hash("hash of a list", &self.csv_sha256)?,
            merkle_root: hash("merkle root", &self.merkle_root)?,
            frozen_at: self.frozen_at.read()?,
            decided_at: self.decided_at.map(StoredInstant::read).transpose()?,
        })
    }
}

/// A row of `batch_row`.
#[expect(missing_docs, reason = "the columns are those of the table")]
pub struct LineColumns {
    pub number: i64,
    pub signature_id: Uuid,
    pub leaf: Vec<u8>,
    pub sealed_line: Option<Vec<u8>>,
    pub is_correction: bool,
}

impl LineColumns {
    /// The line.
    pub fn read(self) -> StorageResult<BatchRow> {
        Ok(BatchRow {
            number: number("signer", self.number)?,
            signature_id: SignatureId(self.signature_id),
            leaf: hash("leaf", &self.leaf)?,
            sealed_line: self.sealed_line,
            is_correction: self.is_correction,
        })
    }
}

/// Somebody who was in a batch and does not count any more.
#[expect(missing_docs, reason = "the columns are those of the table")]
pub struct LapsedColumns {
    pub signature_id: Uuid,
    pub number: i64,
    pub batch_id: Uuid,
    pub sealed_line: Option<Vec<u8>>,
}

impl LapsedColumns {
    /// Who.
    pub fn read(self) -> StorageResult<Lapsed> {
        Ok(Lapsed {
            signature_id: SignatureId(self.signature_id),
            number: number("signer", self.number)?,
            batch_id: BatchId(self.batch_id),
            sealed_line: self.sealed_line,
        })
    }
}

/// What a row of `place_status` says.
pub fn place_status(
    place: &str,
    status: &str,
    since_on: Option<&str>,
    source: Option<String>,
) -> StorageResult<(Geoid, PlaceStatus)> {
    Ok((
        geoid(place)?,
        PlaceStatus {
            status: word("city status", status)?,
            since_on: super::officials::day(since_on)?,
            source,
        },
    ))
}

/// Reads a GEOID.
pub fn geoid(text: &str) -> StorageResult<Geoid> {
    Geoid::parse(text).map_err(|error| StorageError::unreadable("GEOID", error))
}

/// The districts of a batch as they are stored.
pub fn districts(batch: &Batch) -> String {
    serde_json::json!(batch.districts).to_string()
}
