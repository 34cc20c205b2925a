//! The states of a signature and the ways between them.
//!
//! The databases hold the same table and a trigger that refuses any other step.

use crate::coded::worded_enum;

worded_enum! {
    /// Where a signature stands.
    SignatureState, UnknownSignatureState {
        /// Saved, waiting for its signer's click.
        Pending = "pending",
        /// Counted.
        Confirmed = "confirmed",
        /// Taken back by its signer; keeps its slot.
        Withdrawn = "withdrawn",
        /// Refused by a rule or by staff, with a reason.
        Rejected = "rejected",
        /// Without personal fields, for good. Counted still if it was in a frozen batch.
        Erased = "erased",
    }
}

use SignatureState::{Confirmed, Erased, Pending, Rejected, Withdrawn};

/// Every step that is allowed.
pub const TRANSITIONS: &[(SignatureState, SignatureState)] = &[
    (Pending, Confirmed),
    // A later submission needs the slot, or staff refuse.
    (Pending, Rejected),
    // Past its time, or its signer wants it gone.
    (Pending, Erased),
    (Confirmed, Withdrawn),
    (Confirmed, Rejected),
    // Erasing before a freeze is a withdrawal too; after it the count stays.
    (Confirmed, Erased),
    (Withdrawn, Erased),
    // Put back by staff: as it was, unconfirmed or confirmed.
    (Rejected, Pending),
    (Rejected, Confirmed),
    (Rejected, Erased),
];

impl SignatureState {
    /// Whether the step is in the table. Staying is no step.
    pub fn may_become(self, next: Self) -> bool {
        TRANSITIONS.contains(&(self, next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_erased_stays_erased() {
        assert!(
            SignatureState::ALL
                .iter()
                .all(|&next| !Erased.may_become(next))
        );
    }

    #[test]
    fn a_withdrawn_signature_never_counts_again() {
        assert!(!Withdrawn.may_become(Confirmed));
        assert!(!Withdrawn.may_become(Pending));
    }

    proptest! {
        #[test]
        fn every_walk_can_end_in_erased(steps in proptest::collection::vec(0_usize..5, 0..20)) {
            let mut state = Pending;
            for step in steps {
                let next = SignatureState::ALL[step];
                if state.may_become(next) {
                    state = next;
                }
            }
            prop_assert!(state == Erased || state.may_become(Erased));
            prop_assert_eq!(state.as_str().parse::<SignatureState>(), Ok(state));
        }
    }
}
