//! The frozen set of signatures of one jurisdiction that is delivered together.

use crate::coded::worded_enum;
use chrono::NaiveDate;

worded_enum! {
    /// Where a batch stands. What is in it never changes.
    BatchState, UnknownBatchState {
        /// Made; nobody has said yet whether it goes out.
        Frozen = "frozen",
        /// Its letters go out.
        Approved = "approved",
        /// Its letters never went out, and its members are free for the next one.
        Cancelled = "cancelled",
    }
}

/// Every step that is allowed: a batch is decided once.
pub const TRANSITIONS: &[(BatchState, BatchState)] = &[
    (BatchState::Frozen, BatchState::Approved),
    (BatchState::Frozen, BatchState::Cancelled),
];

/// The most signers of one batch; what is more becomes further parts of the same letter.
pub const LARGEST: usize = 50_000;

worded_enum! {
    /// What a city has done so far about what a petition asks; it chooses the ask.
    CityStatus, UnknownCityStatus {
        /// No partnership is known: the ask is to forbid one.
        Forbid = "forbid",
        /// A partnership exists: the ask is to end it.
        End = "end",
        /// The council has it under study.
        UnderStudy = "under_study",
        /// The ask is met.
        Met = "met",
    }
}

/// A city's status, since when, and who says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceStatus {
    /// What.
    pub status: CityStatus,
    /// Since when, where that is known.
    pub since_on: Option<NaiveDate>,
    /// A web address that says so.
    pub source: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_decided_once() {
        for &(from, to) in TRANSITIONS {
            assert_eq!(from, BatchState::Frozen);
            assert_ne!(to, BatchState::Frozen);
        }
    }
}
