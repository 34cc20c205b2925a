//! What a signer does with a signature, and what becomes of it.

use crate::plan::Standing;
use chrono::{DateTime, Utc};
use redress_model::home::Location;
use redress_model::id::SignatureId;
use redress_model::signature::state::SignatureState;

/// A click on the button behind a confirmation link, or its code. The caller has checked the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmation {
    /// Which.
    pub id: SignatureId,
    /// The epoch of its token.
    pub epoch: i32,
    /// When.
    pub at: DateTime<Utc>,
}

/// What became of a confirmation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfirmOutcome {
    /// It counts now.
    Confirmed {
        /// "You are number N".
        number: i64,
    },
    /// It counted before.
    Already {
        /// "You are number N".
        number: i64,
    },
    /// Another submission of the same e-mail took its slot.
    Replaced,
    /// Its link is too old, or was ended.
    Late,
    /// The petition takes no confirmations any more.
    Closed,
    /// It was withdrawn, rejected or erased.
    Ended(SignatureState),
    /// There is no such signature.
    Unknown,
}

/// A signer takes a signature back. The caller has checked the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Withdrawal {
    /// Which.
    pub id: SignatureId,
    /// When.
    pub at: DateTime<Utc>,
}

/// What became of a withdrawal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithdrawOutcome {
    /// It counts no longer.
    Withdrawn,
    /// It was withdrawn before.
    Already,
    /// It did not count.
    NotCounted(SignatureState),
    /// There is no such signature.
    Unknown,
}

/// A signer says where a signature is counted. The caller has checked the token, and that it was offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// Which.
    pub id: SignatureId,
    /// Where.
    pub location: Location,
    /// When.
    pub at: DateTime<Utc>,
}

/// What became of a correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CorrectOutcome {
    /// It is counted there now, or will be once it counts.
    Corrected,
    /// It is counted there already.
    Already,
    /// A letter holds it: it stays where the letter says.
    Frozen,
    /// It was withdrawn, rejected or erased.
    Ended(SignatureState),
    /// There is no such signature.
    Unknown,
}

impl CorrectOutcome {
    /// What becomes of a correction of a signature in a state; `None` where it is to be written.
    pub fn before(correction: &Correction, standing: Option<&Standing>) -> Option<Self> {
        let Some(standing) = standing else {
            return Some(Self::Unknown);
        };
        match standing.state {
            SignatureState::Pending | SignatureState::Confirmed => {}
            ended => return Some(Self::Ended(ended)),
        }
        if standing.location == correction.location {
            Some(Self::Already)
        } else if standing.frozen_at.is_some() {
            Some(Self::Frozen)
        } else {
            None
        }
    }
}

/// What became of an erasure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EraseOutcome {
    /// The personal fields are gone.
    Erased {
        /// Whether it stays counted: it was in a frozen batch.
        is_counted: bool,
    },
    /// They were gone before.
    Already,
    /// There is no such signature.
    Unknown,
}
