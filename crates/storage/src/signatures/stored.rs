//! A signature as it is stored.

use super::new_signature::{SealedFields, Wishes};
use crate::comments::Review;
use chrono::{DateTime, Utc};
use redress_model::comment::CommentReview;
use redress_model::fingerprint::Fingerprint;
use redress_model::home::{Home, Location};
use redress_model::id::{PetitionId, SignatureId};
use redress_model::signature::state::SignatureState;
use redress_model::signature::{Origin, RejectedBy, RejectionReason};

/// One signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Its id.
    pub id: SignatureId,
    /// What was signed.
    pub petition_id: PetitionId,
    /// The canonical e-mail, hashed.
    pub email_key: Fingerprint,
    /// The client's address, hashed under the salt of its day.
    pub client_key: Option<Fingerprint>,
    /// Name, street, unit and ZIP, hashed.
    pub address_key: Option<Fingerprint>,
    /// Where it stands.
    pub state: SignatureState,
    /// Whether it is in the total: confirmed, or erased after it was in a frozen batch.
    pub is_counted: bool,
    /// Why it was rejected, and by whom.
    pub rejection: Option<(RejectedBy, RejectionReason)>,
    /// Where it is counted.
    pub location: Location,
    /// The level of its resolution.
    pub level: String,
    /// The pack that resolved it.
    pub pack: String,
    /// How it came in.
    pub origin: Origin,
    /// The sheet and line, of paper.
    pub sheet: Option<String>,
    /// What is personal; `None` once erased.
    pub sealed: Option<SealedFields>,
    /// What the signer wishes.
    pub wishes: Wishes,
    /// Where the review of the comment stands; `None` without a comment.
    pub review: Option<Review>,
    /// The language of mails.
    pub language: String,
    /// Raised to end its links.
    pub epoch: i32,
    /// Wrong codes so far.
    pub wrong_codes: u32,
    /// "You are number N".
    pub number: Option<i64>,
    /// When it was signed.
    pub signed_at: DateTime<Utc>,
    /// Until when its link confirms.
    pub confirm_by_at: DateTime<Utc>,
    /// When it was confirmed.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// When it was withdrawn, rejected or erased.
    pub ended_at: Option<DateTime<Utc>>,
    /// When it was first frozen into a batch.
    pub frozen_at: Option<DateTime<Utc>>,
}

impl Signature {
    /// Whether its comment may be shown to officials and on pages: the signer agreed, and a reviewer has passed it.
    pub fn shows_comment(&self) -> bool {
        let review = self.review.as_ref();
        self.wishes.shares_comment
            && review.is_some_and(|review| review.state == CommentReview::Passed)
    }
}

/// Which signatures are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureFilter {
    /// Of one petition.
    pub petition_id: PetitionId,
    /// In one state.
    pub state: Option<SignatureState>,
    /// Of one home.
    pub home: Option<Home>,
    /// Of one client.
    pub client_key: Option<Fingerprint>,
    /// At one address: the same person under several e-mails.
    pub address_key: Option<Fingerprint>,
    /// Of one mailbox.
    pub email_key: Option<Fingerprint>,
    /// Up to and with one.
    pub until: Option<SignatureId>,
}

impl SignatureFilter {
    /// All of a petition's.
    pub fn of(petition_id: PetitionId) -> Self {
        Self {
            petition_id,
            state: None,
            home: None,
            client_key: None,
            address_key: None,
            email_key: None,
            until: None,
        }
    }
}
