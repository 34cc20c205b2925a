//! The states of a delivery and the ways between them.
//!
//! The same table stands in the database, which refuses every other step. An answer to the dot is
//! evidence and may lead back to the queue; silence is not.

use crate::coded::worded_enum;

worded_enum! {
    /// Where a delivery stands.
    DeliveryState, UnknownDeliveryState {
        /// Made with its batch; not approved yet.
        Waiting = "waiting",
        /// There is nobody, or no address, to send it to.
        NoContact = "no_contact",
        /// Approved; a mailer takes it when its time has come.
        Queued = "queued",
        /// In a mailer's hands; nothing has left that could arrive.
        Leased = "leased",
        /// The intent to send is on record: from here on it may have arrived.
        DataSent = "data_sent",
        /// The office's server said yes to the dot.
        Accepted = "accepted",
        /// Accepted, and nothing came back for 72 hours.
        PresumedDelivered = "presumed_delivered",
        /// To be tried again at its time.
        Deferred = "deferred",
        /// Kept until a breaker closes or a person decides.
        Held = "held",
        /// The server will not have it.
        Refused = "refused",
        /// The server will not have it at this size.
        TooLarge = "too_large",
        /// Sent, and no answer came: only evidence or a named person moves it on.
        Uncertain = "uncertain",
        /// Tried for five days.
        Expired = "expired",
        /// Given up after it was uncertain.
        Abandoned = "abandoned",
        /// Came back: the address is bad.
        BouncedHard = "bounced_hard",
        /// Came back: try again.
        BouncedSoft = "bounced_soft",
        /// Printed, or entered in a web form, by a named person.
        DeliveredByHand = "delivered_by_hand",
        /// Its batch was cancelled, or a person stopped it.
        Cancelled = "cancelled",
        /// The office wishes none; or none of its own, and it is in the letter to the whole body.
        Suppressed = "suppressed",
        /// Another delivery took its place: a smaller variant, or a letter to the fallback contact.
        Superseded = "superseded",
    }
}

use DeliveryState as S;

/// Every step that is allowed.
pub const TRANSITIONS: &[(S, S)] = &[
    (S::Waiting, S::Queued),
    (S::Waiting, S::Cancelled),
    (S::Waiting, S::Suppressed),
    (S::Queued, S::Leased),
    (S::Queued, S::Cancelled),
    (S::Queued, S::Suppressed),
    // The lease was lost or given back.
    (S::Leased, S::Queued),
    (S::Leased, S::DataSent),
    (S::Leased, S::Deferred),
    (S::Leased, S::Held),
    (S::Leased, S::Refused),
    (S::Leased, S::TooLarge),
    (S::DataSent, S::Accepted),
    (S::DataSent, S::Deferred),
    (S::DataSent, S::Refused),
    (S::DataSent, S::TooLarge),
    (S::DataSent, S::Held),
    // No answer: the connection broke, or the mailer died.
    (S::DataSent, S::Uncertain),
    (S::Deferred, S::Queued),
    (S::Deferred, S::Expired),
    (S::Deferred, S::Cancelled),
    (S::Deferred, S::Suppressed),
    (S::Held, S::Queued),
    (S::Held, S::Expired),
    (S::Held, S::Cancelled),
    (S::Held, S::Suppressed),
    (S::Uncertain, S::Accepted),
    (S::Uncertain, S::Refused),
    // A named approver sends the same bytes again.
    (S::Uncertain, S::Queued),
    (S::Uncertain, S::Abandoned),
    (S::Accepted, S::PresumedDelivered),
    (S::Accepted, S::BouncedHard),
    (S::Accepted, S::BouncedSoft),
    (S::PresumedDelivered, S::BouncedHard),
    (S::PresumedDelivered, S::BouncedSoft),
    (S::BouncedSoft, S::Queued),
    // A later report says that the address is bad.
    (S::BouncedSoft, S::BouncedHard),
    (S::BouncedSoft, S::Expired),
    // A contact was found, and an approver agrees.
    (S::NoContact, S::Queued),
    // A contact was found before the batch was approved.
    (S::NoContact, S::Waiting),
    (S::NoContact, S::DeliveredByHand),
    (S::NoContact, S::Cancelled),
    (S::NoContact, S::Suppressed),
    // The letter to the whole body that it was in was taken apart. The database holds that nothing else leads back.
    (S::Suppressed, S::Waiting),
    (S::Suppressed, S::Queued),
    (S::TooLarge, S::Superseded),
    (S::BouncedHard, S::Superseded),
    (S::Refused, S::Superseded),
];

impl DeliveryState {
    /// Whether the step is in the table. Staying is no step.
    pub fn may_become(self, next: Self) -> bool {
        TRANSITIONS.contains(&(self, next))
    }

    /// Whether the office's server has taken the letter, as far as is known.
    pub fn has_arrived(self) -> bool {
        matches!(
            self,
            S::Accepted | S::PresumedDelivered | S::DeliveredByHand
        )
    }

    /// Whether nothing more will happen to it by itself and nobody needs to decide: its attachment
    /// is needed no longer.
    pub fn is_over(self) -> bool {
        matches!(
            self,
            S::PresumedDelivered
                | S::DeliveredByHand
                | S::Expired
                | S::Abandoned
                | S::Cancelled
                | S::Suppressed
                | S::Superseded
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn reachable(from: S) -> BTreeSet<S> {
        let mut seen = BTreeSet::new();
        let mut next = vec![from];
        while let Some(state) = next.pop() {
            for &(_, to) in TRANSITIONS.iter().filter(|(from, _)| *from == state) {
                if seen.insert(to) {
                    next.push(to);
                }
            }
        }
        seen
    }

    #[test]
    fn every_state_can_be_reached_from_the_two_that_begin() {
        let mut seen = reachable(S::Waiting);
        seen.extend(reachable(S::NoContact));
        seen.extend([S::Waiting, S::NoContact]);
        assert_eq!(seen.len(), S::ALL.len());
    }

    #[test]
    fn what_may_have_arrived_returns_to_the_queue_only_by_an_answer_or_a_person() {
        let back: Vec<S> = S::ALL
            .iter()
            .copied()
            .filter(|state| state.may_become(S::Queued))
            .collect();
        assert!(!back.contains(&S::DataSent) && !back.contains(&S::Accepted));
        assert!(!S::DataSent.may_become(S::Leased) && !S::Uncertain.may_become(S::Deferred));
    }

    #[test]
    fn nothing_leads_on_from_what_is_over() {
        for state in S::ALL.iter().copied().filter(|state| state.is_over()) {
            // A late bounce, and a letter to the whole body that is taken apart.
            let leads_on = matches!(state, S::PresumedDelivered | S::Suppressed);
            assert_eq!(
                TRANSITIONS.iter().any(|(from, _)| *from == state),
                leads_on,
                "{state}"
            );
        }
    }
}
