//! What comes in when somebody signs, and what becomes of it.

use chrono::{DateTime, Utc};
use redress_model::fingerprint::Fingerprint;
use redress_model::home::Location;
use redress_model::id::{PetitionId, SignatureId};
use redress_model::petition::state::PetitionState;
use redress_model::signature::state::SignatureState;
use redress_model::signature::{Origin, RejectionReason};

/// Personal fields, sealed ([`crate::secrets`]).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SealedFields {
    /// [`crate::secrets::SignerFields`].
    pub signer: Vec<u8>,
    /// [`crate::secrets::AddressFields`]; absent where it is not kept.
    pub address: Option<Vec<u8>>,
    /// The comment's text.
    pub comment: Option<Vec<u8>>,
}

/// What the signer wishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wishes {
    /// The comment may be shown to officials and on the page.
    pub shares_comment: bool,
    /// Officials may see the name.
    pub lists_name: bool,
    /// Mail about this petition is welcome.
    pub wants_updates: bool,
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            shares_comment: false,
            lists_name: true,
            wants_updates: false,
        }
    }
}

/// What limits count a submission by; `None` where nothing is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Arrival {
    /// The client.
    pub client: Option<Counted>,
    /// The e-mail's domain.
    pub domain: Option<Counted>,
}

/// What is counted, and whether the limit may reject for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Its hash.
    pub key: Fingerprint,
    /// Whether the limit holds.
    pub is_limited: bool,
}

/// A submission, parsed, resolved and sealed.
#[derive(Debug, Clone)]
pub struct NewSignature {
    /// Its id, made by the caller, so that saving it twice is harmless.
    pub id: SignatureId,
    /// What is signed.
    pub petition_id: PetitionId,
    /// The canonical e-mail, hashed.
    pub email_key: Fingerprint,
    /// The name's key, hashed.
    pub name_key: Fingerprint,
    /// The ZIP's five digits, hashed.
    pub zip_key: Fingerprint,
    /// All that was submitted, hashed: a second click has the same.
    pub content_key: Fingerprint,
    /// Name, street, unit and ZIP, hashed: to flag one person with several e-mails.
    pub address_key: Option<Fingerprint>,
    /// The client's address, hashed under the day's salt.
    pub client_key: Option<Fingerprint>,
    /// What limits count it by.
    pub arrival: Arrival,
    /// What is personal.
    pub sealed: SealedFields,
    /// Whether the side of the block is among it.
    pub has_block: bool,
    /// Where it is counted.
    pub location: Location,
    /// The level of its resolution, as JSON names it.
    pub level: String,
    /// The pack that resolved it.
    pub pack: String,
    /// How it came in. Paper needs no confirmation.
    pub origin: Origin,
    /// The sheet and line, of paper.
    pub sheet: Option<String>,
    /// What the signer wishes.
    pub wishes: Wishes,
    /// The language of mails: `en`, `es`.
    pub language: String,
    /// The rule that rejected it.
    pub rejection: Option<RejectionReason>,
    /// When.
    pub signed_at: DateTime<Utc>,
}

/// Why a submission was not saved. The page looks the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The same was submitted before and waits: it gets its mail again.
    Again(SignatureId),
    /// This person has signed already.
    AlreadySigned(SignatureId),
    /// This mailbox has its two, or one at another ZIP.
    HouseholdFull(SignatureId),
    /// The petition cannot be signed now.
    NotOpen(PetitionState),
    /// There is no such petition.
    UnknownPetition,
}

/// What became of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignOutcome {
    /// It is saved.
    Saved {
        /// Pending, confirmed or rejected.
        state: SignatureState,
        /// "You are number N", if it counts at once.
        number: Option<i64>,
        /// Whose slots it took.
        displaced: Vec<SignatureId>,
        /// Whether a mail was queued; not when there were five within 24 hours.
        has_mail: bool,
    },
    /// It is not saved.
    Refused {
        /// Why.
        refusal: Refusal,
        /// Whether a mail was queued.
        has_mail: bool,
    },
}
