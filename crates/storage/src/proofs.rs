//! Proof of work: when a petition asks for it, which proofs are spent, and permits in its place.
//!
//! Whoever has no script cannot work out a proof. A mail brings them a permit instead, which counts as one. A permit knows an e-mail,
//! sealed, and nothing else; it is over after a day.

use crate::audit::Deed;
use crate::error::StorageResult;
use crate::mails::{Mail, MailKind};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use redress_model::abuse::proof::ProofMode;
use redress_model::fingerprint::Fingerprint;
use redress_model::id::{MailId, PermitId, PetitionId, SignatureId};

/// For how long a permit is good.
pub const PERMITTED: Duration = Duration::hours(24);

/// The most mails to one e-mail about one petition within 24 hours, those about its signatures included.
pub const MAILS_A_DAY: i64 = crate::signatures::MAILS_A_DAY as i64;

/// When a petition asks for proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProofRule {
    /// What an organizer chose.
    pub mode: ProofMode,
    /// Until when it is under attack, as some server saw last.
    pub until_at: Option<DateTime<Utc>>,
}

impl Default for ProofRule {
    /// Where nobody chose.
    fn default() -> Self {
        Self {
            mode: ProofMode::Automatic,
            until_at: None,
        }
    }
}

impl ProofRule {
    /// Whether proof is asked for at an instant.
    pub fn is_asking(&self, at: DateTime<Utc>) -> bool {
        match self.mode {
            ProofMode::Off => false,
            ProofMode::On => true,
            ProofMode::Automatic => self.until_at.is_some_and(|until| at < until),
        }
    }
}

/// A permit that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPermit {
    /// Its id.
    pub id: PermitId,
    /// For which petition.
    pub petition_id: PetitionId,
    /// The mailbox, hashed.
    pub email_key: Fingerprint,
    /// The client, hashed.
    pub client_key: Option<Fingerprint>,
    /// To where the mail goes, sealed ([`crate::secrets::SealedField::Permit`]).
    pub sealed_email: Vec<u8>,
    /// In which language.
    pub language: String,
    /// When.
    pub asked_at: DateTime<Utc>,
}

impl NewPermit {
    /// The mail that brings it.
    pub fn mail(&self) -> Mail {
        Mail {
            id: MailId(self.id.0),
            petition_id: self.petition_id,
            signature_id: SignatureId(self.id.0),
            kind: MailKind::Permit,
            sealed_signer: None,
            response_id: None,
            queued_at: self.asked_at,
            attempts: 0,
        }
    }
}

/// A permit as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    /// Its id.
    pub id: PermitId,
    /// For which petition.
    pub petition_id: PetitionId,
    /// To where the mail goes, sealed.
    pub sealed_email: Vec<u8>,
    /// In which language.
    pub language: String,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
    /// Whether the button behind its mail was pressed.
    pub is_granted: bool,
}

/// Proofs and permits.
#[async_trait]
pub trait Proofs: Send + Sync {
    /// When a petition asks for proof.
    async fn find_proof_rule(&self, petition: PetitionId) -> StorageResult<ProofRule>;
    /// Sets what an organizer chose. An attack that was seen is over with it.
    async fn record_proof_mode(
        &self,
        petition: PetitionId,
        mode: ProofMode,
        deed: &Deed,
    ) -> StorageResult<()>;
    /// A server saw an attack: it lasts at least until an instant.
    async fn extend_attack(
        &self,
        petition: PetitionId,
        until_at: DateTime<Utc>,
    ) -> StorageResult<()>;
    /// How many submissions came in steps that began after an instant and not after another.
    async fn count_arrivals(
        &self,
        petition: PetitionId,
        after_at: DateTime<Utc>,
        until_at: DateTime<Utc>,
    ) -> StorageResult<u64>;
    /// Spends a proof for a signature. `false` when another had it first.
    async fn spend_proof(
        &self,
        petition: PetitionId,
        proof: Fingerprint,
        signature: SignatureId,
        expires_at: DateTime<Utc>,
    ) -> StorageResult<bool>;
    /// The signature that a proof was spent for could not be saved: the proof is good again. Harmless where another has it by now.
    async fn return_proof(
        &self,
        petition: PetitionId,
        proof: Fingerprint,
        signature: SignatureId,
    ) -> StorageResult<()>;
    /// Keeps a permit with the mail that brings it. `false`, and nothing is kept, when the e-mail has had its mails of the day, or
    /// the client asked as often as it may within an hour.
    async fn request_permit(
        &self,
        permit: &NewPermit,
        client_an_hour: Option<u32>,
    ) -> StorageResult<bool>;
    /// A permit.
    async fn find_permit(&self, id: PermitId) -> StorageResult<Option<Permit>>;
    /// The button behind its mail was pressed; again is harmless.
    async fn grant_permit(&self, id: PermitId, at: DateTime<Utc>) -> StorageResult<()>;
    /// Erases proofs and permits that are over at an instant. Gives back how many.
    async fn erase_proofs(&self, at: DateTime<Utc>) -> StorageResult<u64>;
}
