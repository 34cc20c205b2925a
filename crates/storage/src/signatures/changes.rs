//! What a signer does with a signature, and what becomes of it.

use chrono::{DateTime, Utc};
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
