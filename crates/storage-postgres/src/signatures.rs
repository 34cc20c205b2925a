//! Signatures: each method is one transaction, written out in the file of its name.

mod change;
mod confirm;
mod insert;
mod read;
mod record;
mod staff;
mod standing;
mod upkeep;

pub(crate) use read::{list_comments, list_outdated, list_unbatched};
pub(crate) use staff::{put_back_within, reject_within};
pub(crate) use standing::standings;

use crate::open::Postgres;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rand::CryptoRng;
use redress_model::fingerprint::Fingerprint;
use redress_model::home::Location;
use redress_model::id::{PetitionId, SignatureId};
use redress_model::signature::RejectionReason;
use redress_storage::StorageResult;
use redress_storage::audit::Deed;
use redress_storage::signatures::{
    ConfirmOutcome, Confirmation, CorrectOutcome, Correction, EraseOutcome, NewSignature,
    SignOutcome, Signature, SignatureFilter, Signatures, Wishes, WithdrawOutcome, Withdrawal,
};

#[async_trait]
impl Signatures for Postgres {
    async fn record_signatures(&self, new: &[NewSignature]) -> StorageResult<Vec<SignOutcome>> {
        record::record(self, new).await
    }

    async fn confirm(&self, confirmations: &[Confirmation]) -> StorageResult<Vec<ConfirmOutcome>> {
        confirm::confirm(self, confirmations).await
    }

    async fn withdraw(&self, withdrawals: &[Withdrawal]) -> StorageResult<Vec<WithdrawOutcome>> {
        confirm::withdraw(self, withdrawals).await
    }

    async fn erase(&self, id: SignatureId, at: DateTime<Utc>) -> StorageResult<EraseOutcome> {
        change::erase(self, id, at).await
    }

    async fn erase_as_asked(
        &self,
        ids: &[SignatureId],
        deed: &Deed,
    ) -> StorageResult<Vec<SignatureId>> {
        staff::erase(self, ids, deed).await
    }

    async fn forget(&self, id: SignatureId, at: DateTime<Utc>) -> StorageResult<EraseOutcome> {
        change::forget(self, id, at).await
    }

    async fn list_left_over(
        &self,
        at: DateTime<Utc>,
        limit: u32,
    ) -> StorageResult<Vec<SignatureId>> {
        upkeep::list_left_over(self, at, limit).await
    }

    async fn reject(
        &self,
        ids: &[SignatureId],
        reason: RejectionReason,
        deed: &Deed,
    ) -> StorageResult<Vec<SignatureId>> {
        staff::reject(self, ids, reason, deed).await
    }

    async fn put_back(
        &self,
        ids: &[SignatureId],
        deed: &Deed,
        random: &mut (dyn CryptoRng + Send),
    ) -> StorageResult<Vec<SignatureId>> {
        staff::put_back(self, ids, deed, random).await
    }

    async fn correct(&self, corrections: &[Correction]) -> StorageResult<Vec<CorrectOutcome>> {
        change::correct(self, corrections).await
    }

    async fn relocate(
        &self,
        id: SignatureId,
        location: &Location,
        at: DateTime<Utc>,
    ) -> StorageResult<bool> {
        change::relocate(self, id, location, at).await
    }

    async fn record_wishes(&self, id: SignatureId, wishes: Wishes) -> StorageResult<bool> {
        change::record_wishes(self, id, wishes).await
    }

    async fn drop_address(&self, id: SignatureId) -> StorageResult<bool> {
        change::drop_address(self, id).await
    }

    async fn record_wrong_code(&self, id: SignatureId) -> StorageResult<u32> {
        change::record_wrong_code(self, id).await
    }

    async fn raise_epoch(&self, id: SignatureId) -> StorageResult<bool> {
        change::raise_epoch(self, id).await
    }

    async fn retire(&self, id: SignatureId, until_at: DateTime<Utc>) -> StorageResult<bool> {
        change::retire(self, id, until_at).await
    }

    async fn erase_expired(&self, at: DateTime<Utc>, limit: u32) -> StorageResult<u32> {
        upkeep::erase_expired(self, at, limit).await
    }

    async fn remind(
        &self,
        signed_before_at: DateTime<Utc>,
        at: DateTime<Utc>,
        limit: u32,
        random: &mut (dyn CryptoRng + Send),
    ) -> StorageResult<u32> {
        upkeep::remind(self, signed_before_at, at, limit, random).await
    }

    async fn find_signature(&self, id: SignatureId) -> StorageResult<Option<Signature>> {
        read::find(self, id).await
    }

    async fn list_signatures(
        &self,
        filter: &SignatureFilter,
        after: Option<SignatureId>,
        limit: u32,
    ) -> StorageResult<Vec<Signature>> {
        read::list(self, filter, after, limit).await
    }
    async fn list_several_mailboxes(
        &self,
        petition: PetitionId,
        address_keys: &[Fingerprint],
    ) -> StorageResult<Vec<(Fingerprint, u32)>> {
        read::list_several_mailboxes(self, petition, address_keys).await
    }
}
