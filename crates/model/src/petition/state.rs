//! The states of a petition and the ways between them.

use crate::coded::worded_enum;

worded_enum! {
    /// Where a petition stands.
    PetitionState, UnknownPetitionState {
        /// Being written; nobody else sees it.
        Draft = "draft",
        /// Can be signed.
        Open = "open",
        /// Cannot be signed for now.
        Paused = "paused",
        /// Cannot be signed any more; links in mails confirm for another day.
        Closed = "closed",
        /// Put away.
        Archived = "archived",
    }
}

use PetitionState::{Archived, Closed, Draft, Open, Paused};

/// Every step that is allowed.
pub const TRANSITIONS: &[(PetitionState, PetitionState)] = &[
    (Draft, Open),
    // A draft that was given up.
    (Draft, Archived),
    (Open, Paused),
    (Open, Closed),
    (Paused, Open),
    (Paused, Closed),
    // Closed too early.
    (Closed, Open),
    (Closed, Archived),
];

impl PetitionState {
    /// Whether the step is in the table. Staying is no step.
    pub fn may_become(self, next: Self) -> bool {
        TRANSITIONS.contains(&(self, next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_open_petition_was_ever_reached_from_a_draft() {
        assert!(Draft.may_become(Open));
        assert!(!Draft.may_become(Paused) && !Draft.may_become(Closed));
    }

    #[test]
    fn an_archived_petition_stays_archived() {
        assert!(
            PetitionState::ALL
                .iter()
                .all(|&next| !Archived.may_become(next))
        );
    }
}
