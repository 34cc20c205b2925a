//! Mail to signers that waits to be sent. Rows hold ids, not text, and go when sent.

use crate::error::StorageResult;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::id::{MailId, PetitionId, ResponseId, SignatureId};

/// What a mail says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailKind {
    /// Link and code.
    Confirm,
    /// "You have already signed".
    AlreadySigned,
    /// Link and code, two days later.
    Reminder,
    /// The way to sign without proof of work.
    Permit,
    /// An office answered.
    Response,
}

impl MailKind {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::Confirm,
        Self::AlreadySigned,
        Self::Reminder,
        Self::Permit,
        Self::Response,
    ];

    /// Its word in SQL.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::AlreadySigned => "already_signed",
            Self::Reminder => "reminder",
            Self::Permit => "permit",
            Self::Response => "response",
        }
    }

    /// Reads its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == word)
    }
}

/// A mail to make and send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its id; of an already-signed notice, that of the submission which was not saved.
    pub id: MailId,
    /// About what.
    pub petition_id: PetitionId,
    /// To whom: the address lies sealed in the signature, or in the permit of that id.
    pub signature_id: SignatureId,
    /// What it says.
    pub kind: MailKind,
    /// The refused submission's [`crate::secrets::SignerFields`], sealed under the mail's id: an
    /// already-signed notice greets by the name typed this time.
    pub sealed_signer: Option<Vec<u8>>,
    /// Of what an office said; of a mail of [`MailKind::Response`] alone.
    pub response_id: Option<ResponseId>,
    /// Since when it waits.
    pub queued_at: DateTime<Utc>,
    /// How often it was tried.
    pub attempts: u32,
}

/// The queue. A mail that was claimed and not finished is claimed again when the claim is over:
/// a doubled confirmation is harmless.
#[async_trait]
pub trait Mails: Send + Sync {
    /// Takes the mails that have waited longest, until an instant, at most `limit`.
    async fn claim_mails(
        &self,
        at: DateTime<Utc>,
        until_at: DateTime<Utc>,
        limit: u32,
    ) -> StorageResult<Vec<Mail>>;
    /// Removes what was sent, or needs no sending.
    async fn finish_mails(&self, ids: &[MailId]) -> StorageResult<()>;
    /// Gives mails back to be tried at an instant.
    async fn defer_mails(&self, ids: &[MailId], until_at: DateTime<Utc>) -> StorageResult<()>;
    /// How many wait.
    async fn count_mails(&self) -> StorageResult<u64>;
}
