//! The states of a petition and the ways between them.

use crate::coded::worded_enum;
use chrono::{DateTime, Duration, Utc};

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

/// For how long after it closes a petition's links still confirm.
pub const GRACE_AFTER_CLOSE: Duration = Duration::hours(24);

impl PetitionState {
    /// Whether the step is in the table. Staying is no step.
    pub fn may_become(self, next: Self) -> bool {
        TRANSITIONS.contains(&(self, next))
    }

    /// Whether a link in a mail still confirms: always while the petition is open or paused, and
    /// for a day after it closed.
    pub fn takes_confirmations(self, closed_at: Option<DateTime<Utc>>, at: DateTime<Utc>) -> bool {
        match self {
            Open | Paused => true,
            Closed => closed_at.is_some_and(|closed_at| at <= closed_at + GRACE_AFTER_CLOSE),
            Draft | Archived => false,
        }
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
    fn a_link_confirms_for_a_day_after_its_petition_closed() {
        let closed_at: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
        assert!(Closed.takes_confirmations(Some(closed_at), closed_at + Duration::hours(24)));
        assert!(!Closed.takes_confirmations(Some(closed_at), closed_at + Duration::hours(25)));
        assert!(
            Paused.takes_confirmations(None, closed_at)
                && !Archived.takes_confirmations(None, closed_at)
        );
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
