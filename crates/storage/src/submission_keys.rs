//! What programs sent under an `Idempotency-Key`: sent again, it is the same submission.
//!
//! A key is claimed with the id of the signature that it is to become, before that is saved; since saving one id twice is
//! harmless, two requests at once and a retry after a crash save one signature.

use crate::error::StorageResult;
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use redress_model::fingerprint::Fingerprint;
use redress_model::id::{PetitionId, SignatureId};

/// For how long a key stands for what was sent under it.
pub const KEPT: Duration = Duration::hours(24);

/// A key with what was sent under it, as keyed hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubmissionKey {
    /// To which petition.
    pub petition_id: PetitionId,
    /// The key, hashed.
    pub key_hash: Fingerprint,
    /// The body, hashed.
    pub body_hash: Fingerprint,
    /// The signature that it becomes, if it is the first.
    pub signature_id: SignatureId,
    /// When it came.
    pub claimed_at: DateTime<Utc>,
}

/// What stands under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claimed {
    /// The body of the first, hashed.
    pub body_hash: Fingerprint,
    /// The signature that the first became, or becomes.
    pub signature_id: SignatureId,
    /// Whether it was answered.
    pub is_done: bool,
    /// When the first came.
    pub claimed_at: DateTime<Utc>,
}

/// Keys of submissions.
#[async_trait]
pub trait SubmissionKeys: Send + Sync {
    /// What stands under a key at an instant; keys older than [`KEPT`] stand for nothing.
    async fn find_submission_key(
        &self,
        petition: PetitionId,
        key_hash: Fingerprint,
        at: DateTime<Utc>,
    ) -> StorageResult<Option<Claimed>>;
    /// Claims a key, or says who has it. One that is older than [`KEPT`] is free again.
    async fn claim_submission_key(&self, key: &SubmissionKey) -> StorageResult<Claimed>;
    /// Says that a key's submission was answered.
    async fn finish_submission_key(
        &self,
        petition: PetitionId,
        key_hash: Fingerprint,
    ) -> StorageResult<()>;
    /// Erases keys that are older than [`KEPT`], at most `limit`. Gives back how many.
    async fn erase_submission_keys(&self, at: DateTime<Utc>, limit: u32) -> StorageResult<u32>;
}
