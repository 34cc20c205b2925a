//! Sweeps over a petition's signatures.
//!
//! A sweep covers what was signed before it: ids sort by time, and its own id is the bound. A worker goes through the signatures page
//! by page; where it is stands in the sweep's row and moves in the transaction that changes the signatures. So a worker that dies
//! loses nothing, and of two workers one writes each page.

use crate::audit::Deed;
use crate::error::StorageResult;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rand::CryptoRng;
use redress_model::abuse::sweep::SweepState;
use redress_model::id::{PetitionId, SignatureId, SweepId};
use redress_model::signature::RejectionReason;

/// A sweep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sweep {
    /// Its id; no signature made after it is swept.
    pub id: SweepId,
    /// Over which petition.
    pub petition_id: PetitionId,
    /// Where it stands.
    pub state: SweepState,
    /// What is swept, sealed ([`crate::secrets::SealedField::Condition`]).
    pub sealed_condition: Vec<u8>,
    /// Why.
    pub reason: RejectionReason,
    /// The last signature that was looked at in this state.
    pub reached: Option<SignatureId>,
    /// How many were looked at in this state.
    pub looked_at: i64,
    /// How many the count found.
    pub matched: i64,
    /// How many were rejected.
    pub rejected: i64,
    /// How many of these are back.
    pub back: i64,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
}

/// One page of a sweep's way.
#[derive(Debug, Clone, Copy)]
pub struct SweepPage<'a> {
    /// Where the worker found the sweep.
    pub from: Option<SignatureId>,
    /// The last signature of the page; as before on an empty one.
    pub to: Option<SignatureId>,
    /// How many were looked at.
    pub looked_at: u32,
    /// Which of them match.
    pub matches: &'a [SignatureId],
    /// Whether it is the last page.
    pub is_last: bool,
}

/// Sweeps.
#[async_trait]
pub trait Sweeps: Send + Sync {
    /// Begins to count.
    async fn record_sweep(&self, sweep: &Sweep, deed: &Deed) -> StorageResult<()>;
    /// One sweep.
    async fn find_sweep(&self, id: SweepId) -> StorageResult<Option<Sweep>>;
    /// A petition's sweeps, newest first, at most `limit`.
    async fn list_sweeps(&self, petition: PetitionId, limit: u32) -> StorageResult<Vec<Sweep>>;
    /// Takes the oldest sweep that has work and that no other worker has until `at`.
    async fn claim_sweep(
        &self,
        at: DateTime<Utc>,
        until_at: DateTime<Utc>,
    ) -> StorageResult<Option<Sweep>>;
    /// A person's word: start, cancel, undo. [`crate::StorageError::Stale`] when it is in another state by now.
    async fn change_sweep(
        &self,
        id: SweepId,
        from: SweepState,
        to: SweepState,
        deed: &Deed,
    ) -> StorageResult<()>;
    /// Writes a page of counting or of rejecting. `false` when the sweep is elsewhere by now: then nothing is written.
    async fn write_sweep_page(
        &self,
        sweep: &Sweep,
        page: &SweepPage<'_>,
        at: DateTime<Utc>,
    ) -> StorageResult<bool>;
    /// Puts back up to `limit` of what it rejected, under the numbers that they had. `false` when nothing is left or it is not being
    /// undone.
    async fn put_back_swept(
        &self,
        id: SweepId,
        limit: u32,
        at: DateTime<Utc>,
        random: &mut (dyn CryptoRng + Send),
    ) -> StorageResult<bool>;
}
