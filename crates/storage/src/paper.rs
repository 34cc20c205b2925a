//! What is known of lines of paper before they are saved: a dry run asks for all of it, and writes nothing.

use crate::error::StorageResult;
use async_trait::async_trait;
use redress_model::fingerprint::Fingerprint;
use redress_model::household::Household;
use redress_model::id::PetitionId;

/// Looks many lines up at once. Saving them is the intake's.
#[async_trait]
pub trait Paper: Send + Sync {
    /// The households of mailboxes; a mailbox that nobody signed with is left out.
    async fn list_households(
        &self,
        petition: PetitionId,
        email_keys: &[Fingerprint],
    ) -> StorageResult<Vec<(Fingerprint, Household)>>;
    /// Of these keys of name and address, each under which a signature counts.
    async fn list_counted_addresses(
        &self,
        petition: PetitionId,
        address_keys: &[Fingerprint],
    ) -> StorageResult<Vec<Fingerprint>>;
    /// Of these references, each whose signature was erased: importing its sheet again would bring
    /// back a person who is forgotten.
    async fn list_erased_sheets(
        &self,
        petition: PetitionId,
        sheets: &[String],
    ) -> StorageResult<Vec<String>>;
}
