//! Batches: what was frozen, and what is to be.

use crate::audit::Deed;
use crate::deliveries::NewDelivery;
use crate::error::StorageResult;
use crate::signatures::Signature;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::batch::{BatchState, CityStatus, PlaceStatus};
use redress_model::geoid::Geoid;
use redress_model::id::{BatchId, DeliveryId, PetitionId, SignatureId};

/// A frozen batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its id.
    pub id: BatchId,
    /// Of which petition.
    pub petition_id: PetitionId,
    /// Counted from 1 within the petition.
    pub number: u32,
    /// The jurisdiction.
    pub geoid: Geoid,
    /// Counted from 1 within petition and jurisdiction.
    pub letter: u32,
    /// Which part of the letter, from 1.
    pub part: u32,
    /// Of how many parts.
    pub parts: u32,
    /// Where it stands.
    pub state: BatchState,
    /// The number of its first signer within petition and jurisdiction.
    pub first: u32,
    /// That of its last.
    pub last: u32,
    /// How many signers it brings.
    pub count: u32,
    /// How many the jurisdiction's batches have brought with this one, less those withdrawn since.
    pub total: u32,
    /// Of `count`, how many said themselves where they live.
    pub self_asserted: u32,
    /// Of `count`, how many signed on paper.
    pub paper: u32,
    /// Of `count`, how many in each district; those without one under the empty label.
    pub districts: Vec<(String, u32)>,
    /// The ask that applied.
    pub status: Option<CityStatus>,
    /// SHA-256 over the leaves of its rows.
    pub rows_sha256: [u8; 32],
    /// SHA-256 of the attachment.
    pub csv_sha256: [u8; 32],
    /// Root of the Merkle tree over the leaves.
    pub merkle_root: [u8; 32],
    /// When it was frozen.
    pub frozen_at: DateTime<Utc>,
    /// When it was approved or cancelled.
    pub decided_at: Option<DateTime<Utc>>,
}

/// One line of a batch's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchRow {
    /// The signer's number within petition and jurisdiction; that of a line that corrects an
    /// earlier batch is the number under which the signer stood there.
    pub number: u32,
    /// Whose.
    pub signature_id: SignatureId,
    /// The line's leaf in the Merkle tree; it stays when the line is emptied.
    pub leaf: [u8; 32],
    /// The line, sealed for the batch under its number; `None` once its signer erased it.
    pub sealed_line: Option<Vec<u8>>,
    /// Whether it tells that a signer of an earlier batch has withdrawn since.
    pub is_correction: bool,
}

/// All that is frozen together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrozenBatch {
    /// The batch, in state `frozen`.
    pub batch: Batch,
    /// Its lines, by number, corrections last.
    pub rows: Vec<BatchRow>,
    /// What its letters are made of, for deliveries that get an addressee later; sealed.
    pub sealed_view: Vec<u8>,
    /// The list as it is attached; sealed.
    pub sealed_csv: Vec<u8>,
    /// Its letters, one of each seat.
    pub deliveries: Vec<NewDelivery>,
    /// The one that goes in the place of several of them.
    pub joint: Option<JointLetter>,
    /// Of its members, those whose comment the list or a letter prints.
    pub printed_comments: Vec<SignatureId>,
}

/// The letter to the whole body: one in the place of several seats' own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JointLetter {
    /// The delivery that carries it. Its own letter is kept, in case this one is taken apart.
    pub carrier: DeliveryId,
    /// Deliveries of the other seats: waiting until now, suppressed and joined to the carrier from here on.
    pub joined: Vec<DeliveryId>,
    /// Subject, text and HTML as JSON, sealed for the carrier.
    pub sealed_letter: Vec<u8>,
}

/// What a batch holds sealed, apart from its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchParts {
    /// What its letters are made of.
    pub sealed_view: Vec<u8>,
    /// The list as it is attached; `None` once no letter needs it any more.
    pub sealed_csv: Option<Vec<u8>>,
}

/// Where the batches of one jurisdiction stand: the next one follows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// The number of the petition's last batch; 0 for none.
    pub batch: u32,
    /// The number of the jurisdiction's last letter; 0 for none.
    pub letter: u32,
    /// The number of its last signer; 0 for none.
    pub last: u32,
    /// How many its batches, cancelled ones left out, have brought less the corrections.
    pub total: u32,
}

/// Somebody who was in a batch and has withdrawn, been rejected, or moved, since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lapsed {
    /// Who.
    pub signature_id: SignatureId,
    /// Under which number.
    pub number: u32,
    /// In which batch.
    pub batch_id: BatchId,
    /// The line there, sealed for that batch under that number.
    pub sealed_line: Option<Vec<u8>>,
}

/// That a signature is in a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The batch.
    pub batch: Batch,
    /// The signer's number in it.
    pub number: u32,
}

/// Batches. Freezing is optimistic: it is composed from what was read, and refused as
/// [`crate::StorageError::Stale`] when a member has changed since, a comment may be
/// shown no longer, or another batch came first.
#[async_trait]
pub trait Batches: Send + Sync {
    /// Jurisdictions with confirmed signatures that are in no batch of it, with how many.
    async fn count_unbatched(&self, petition: PetitionId) -> StorageResult<Vec<(Geoid, u64)>>;
    /// Those signatures of one jurisdiction, oldest first, after one, at most `limit`.
    async fn list_unbatched(
        &self,
        petition: PetitionId,
        geoid: &Geoid,
        after: Option<SignatureId>,
        limit: u32,
    ) -> StorageResult<Vec<Signature>>;
    /// Who of earlier batches of the jurisdiction does not count any more and has not been told of.
    async fn list_lapsed(&self, petition: PetitionId, geoid: &Geoid) -> StorageResult<Vec<Lapsed>>;
    /// Where the jurisdiction's batches stand.
    async fn find_progress(&self, petition: PetitionId, geoid: &Geoid) -> StorageResult<Progress>;
    /// Freezes batches (the parts of one letter, or one) with rows, deliveries and the marks on
    /// their members, all or nothing.
    async fn freeze_batches(&self, frozen: &[FrozenBatch], deed: &Deed) -> StorageResult<()>;
    /// One batch.
    async fn find_batch(&self, petition: PetitionId, number: u32) -> StorageResult<Option<Batch>>;
    /// A petition's batches, of one jurisdiction or of all, in one state or in all, by number, after
    /// one (0 for all), at most `limit`.
    async fn list_batches(
        &self,
        petition: PetitionId,
        geoid: Option<&Geoid>,
        state: Option<BatchState>,
        after: u32,
        limit: u32,
    ) -> StorageResult<Vec<Batch>>;
    /// A batch's lines, in order.
    async fn list_batch_rows(&self, id: BatchId) -> StorageResult<Vec<BatchRow>>;
    /// The batches that a signature was brought by, cancelled ones left out, by number. More than one
    /// only for somebody who has moved.
    async fn list_memberships(&self, signature: SignatureId) -> StorageResult<Vec<Membership>>;
    /// What a batch holds sealed.
    async fn find_batch_parts(&self, id: BatchId) -> StorageResult<Option<BatchParts>>;
    /// Approves a frozen batch: its waiting letters are queued. Stale when it was decided before.
    async fn approve_batch(&self, id: BatchId, deed: &Deed) -> StorageResult<()>;
    /// Cancels a frozen batch: its letters are cancelled, its members free. Stale when it was decided
    /// before.
    async fn cancel_batch(&self, id: BatchId, deed: &Deed) -> StorageResult<()>;
    /// Drops the attachments of batches whose every letter is over; gives back of how many.
    async fn drop_attachments(&self, at: DateTime<Utc>, limit: u32) -> StorageResult<u32>;

    /// Signatures whose personal fields have been kept long enough: their batch was delivered, none of
    /// its letters is on its way, and the petition's retention is over. At most `limit`.
    async fn list_past_retention(
        &self,
        at: DateTime<Utc>,
        limit: u32,
    ) -> StorageResult<Vec<SignatureId>>;

    /// Asks the mailer's process to freeze one jurisdiction, or all that have something to freeze.
    async fn request_freeze(
        &self,
        petition: PetitionId,
        geoid: Option<&Geoid>,
        deed: &Deed,
    ) -> StorageResult<()>;
    /// What was asked for, oldest first.
    async fn list_freeze_requests(&self) -> StorageResult<Vec<(i64, PetitionId, Option<Geoid>)>>;
    /// What was asked for is done.
    async fn finish_freeze_request(&self, number: i64) -> StorageResult<()>;

    /// Records what cities have done about a petition's ask, in the place of what was known.
    async fn record_statuses(
        &self,
        petition: PetitionId,
        statuses: &[(Geoid, PlaceStatus)],
        deed: &Deed,
    ) -> StorageResult<()>;
    /// What cities have done, by GEOID.
    async fn list_statuses(&self, petition: PetitionId)
    -> StorageResult<Vec<(Geoid, PlaceStatus)>>;
}
