//! Signatures and their households.

pub mod changes;
pub mod new_signature;
pub mod stored;

pub use changes::{
    ConfirmOutcome, Confirmation, CorrectOutcome, Correction, EraseOutcome, WithdrawOutcome,
    Withdrawal,
};
pub use new_signature::{
    Arrival, Counted, NewSignature, Refusal, SealedFields, SignOutcome, Wishes,
};
pub use stored::{Signature, SignatureFilter};

use crate::audit::Deed;
use crate::error::StorageResult;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rand::CryptoRng;
use redress_model::fingerprint::Fingerprint;
use redress_model::home::Location;
use redress_model::id::{PetitionId, SignatureId};
use redress_model::signature::RejectionReason;

/// The most mails in 24 hours to one e-mail about one petition.
pub const MAILS_A_DAY: usize = 5;

/// Signatures. The four that take slices are the intake's: each slice is one transaction, and its
/// outcomes stand in the order of the slice.
#[async_trait]
pub trait Signatures: Send + Sync {
    /// Saves what was submitted, takes slots, moves tallies, queues mail. Saving the same id twice
    /// is harmless.
    async fn record_signatures(&self, new: &[NewSignature]) -> StorageResult<Vec<SignOutcome>>;
    /// Confirms. A second time is harmless.
    async fn confirm(&self, confirmations: &[Confirmation]) -> StorageResult<Vec<ConfirmOutcome>>;
    /// Takes back confirmed signatures; they keep their slots.
    async fn withdraw(&self, withdrawals: &[Withdrawal]) -> StorageResult<Vec<WithdrawOutcome>>;
    /// Counts signatures where their signers say, unless a letter holds them.
    async fn correct(&self, corrections: &[Correction]) -> StorageResult<Vec<CorrectOutcome>>;

    /// Erases the personal fields and frees the slot. What was in a frozen batch stays counted.
    async fn erase(&self, id: SignatureId, at: DateTime<Utc>) -> StorageResult<EraseOutcome>;
    /// Staff erase signatures whose person asked for it, as [`Self::erase`] does: all of them and the deed at once. What is unknown or
    /// was erased before is left out, and where nothing is left to erase nothing is recorded. Gives back which.
    async fn erase_as_asked(
        &self,
        ids: &[SignatureId],
        deed: &Deed,
    ) -> StorageResult<Vec<SignatureId>>;
    /// Erases the personal fields because their time is over: what counts stays counted, in a batch or not.
    async fn forget(&self, id: SignatureId, at: DateTime<Utc>) -> StorageResult<EraseOutcome>;
    /// Signatures that no batch holds and whose time is over: their petition closed, or they were withdrawn or rejected, longer
    /// ago than its retention. At most `limit`.
    async fn list_left_over(
        &self,
        at: DateTime<Utc>,
        limit: u32,
    ) -> StorageResult<Vec<SignatureId>>;
    /// Staff refuse pending or confirmed signatures; they keep their slots. Gives back which.
    async fn reject(
        &self,
        ids: &[SignatureId],
        reason: RejectionReason,
        deed: &Deed,
    ) -> StorageResult<Vec<SignatureId>>;
    /// Staff put rejected signatures back as they were, if there is a slot: one that never was
    /// confirmed gets its mail. Gives back which.
    async fn put_back(
        &self,
        ids: &[SignatureId],
        deed: &Deed,
        random: &mut (dyn CryptoRng + Send),
    ) -> StorageResult<Vec<SignatureId>>;
    /// Says where a signature is counted from now on. `false` when it is unknown or erased.
    async fn relocate(
        &self,
        id: SignatureId,
        location: &Location,
        at: DateTime<Utc>,
    ) -> StorageResult<bool>;
    /// Changes what the signer wishes. `false` when it is unknown or erased.
    async fn record_wishes(&self, id: SignatureId, wishes: Wishes) -> StorageResult<bool>;
    /// Drops the sealed street address: it is resolved.
    async fn drop_address(&self, id: SignatureId) -> StorageResult<bool>;
    /// Counts a wrong code; gives back how many there were.
    async fn record_wrong_code(&self, id: SignatureId) -> StorageResult<u32>;
    /// Ends all links of a signature.
    async fn raise_epoch(&self, id: SignatureId) -> StorageResult<bool>;

    /// Ends the links and the mail of a pending signature that another has replaced. It stays, so that its mailbox's limit
    /// holds, until an instant at which it is erased like any other past its time. `false` when it does not wait.
    async fn retire(&self, id: SignatureId, until_at: DateTime<Utc>) -> StorageResult<bool>;

    /// Erases pending signatures past their time, the oldest first, at most `limit`. Gives back how
    /// many; zero when none is left.
    async fn erase_expired(&self, at: DateTime<Utc>, limit: u32) -> StorageResult<u32>;
    /// Queues one reminder for each pending signature that was signed before an instant and still
    /// can be confirmed, at most `limit`. Gives back how many were looked at.
    async fn remind(
        &self,
        signed_before_at: DateTime<Utc>,
        at: DateTime<Utc>,
        limit: u32,
        random: &mut (dyn CryptoRng + Send),
    ) -> StorageResult<u32>;

    /// One signature.
    async fn find_signature(&self, id: SignatureId) -> StorageResult<Option<Signature>>;
    /// A petition's signatures, oldest first, after one, at most `limit`.
    async fn list_signatures(
        &self,
        filter: &SignatureFilter,
        after: Option<SignatureId>,
        limit: u32,
    ) -> StorageResult<Vec<Signature>>;
    /// Of some persons at their addresses ([`Signature::address_key`]), those who signed a petition under several e-mails, each
    /// with how many. What was erased is nobody's. It reads the petition's signatures once.
    async fn list_several_mailboxes(
        &self,
        petition: PetitionId,
        address_keys: &[Fingerprint],
    ) -> StorageResult<Vec<(Fingerprint, u32)>>;
}
