//! What comes back about a letter, and what it changes.
//!
//! Events come in any order, some twice, some before the answer to the dot is on record. So that the end does not depend on the
//! order, the worst of them decides: a letter that came back for good stays so whatever is heard later, and what is heard while
//! the letter's own answer is awaited waits with it.

use super::state::DeliveryState;
use crate::coded::worded_enum;
use DeliveryState as S;

worded_enum! {
    /// What is heard of a letter, the worst first.
    EventKind, UnknownEventKind {
        /// It came back: nobody is there under that address.
        BadAddress = "bad_address",
        /// It came back: a rule, its size or its form. The address may be good.
        Rejected = "rejected",
        /// It came back, and may be sent again: a full mailbox, a server that was long away.
        Passing = "passing",
        /// Somebody called it abuse.
        Complaint = "complaint",
        /// A program asks for proof that a person wrote.
        Challenge = "challenge",
        /// A server on the way still tries.
        Delayed = "delayed",
        /// A program answered.
        AutoReply = "auto_reply",
        /// A person answered.
        Reply = "reply",
        /// A server says that it arrived.
        Delivered = "delivered",
    }
}

/// What an event does to a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It takes these steps, one after the other.
    Moves(&'static [DeliveryState]),
    /// It is kept until the answer to the dot is on record.
    Waits,
    /// It is a fact, and nothing follows.
    Nothing,
}

impl EventKind {
    /// What follows for a letter that stands somewhere. Every step is one of the table of states.
    pub fn effect(self, state: DeliveryState) -> Effect {
        match self {
            Self::BadAddress | Self::Rejected => Self::for_good(state),
            Self::Passing => Self::for_now(state),
            // Only what the office's server has taken can be answered, complained of or reported as arrived.
            Self::Complaint | Self::AutoReply | Self::Reply | Self::Delivered => match state {
                S::DataSent => Effect::Waits,
                S::Uncertain => Effect::Moves(&[S::Accepted]),
                _ => Effect::Nothing,
            },
            Self::Challenge | Self::Delayed => Effect::Nothing,
        }
    }

    fn for_good(state: DeliveryState) -> Effect {
        match state {
            S::Accepted | S::PresumedDelivered | S::BouncedSoft => Effect::Moves(&[S::BouncedHard]),
            // What comes back had been taken: through accepted, so that the end is the same as when the answer had been heard.
            S::Uncertain => Effect::Moves(&[S::Accepted, S::BouncedHard]),
            // A second report of an earlier sending comes while the letter waits to be sent again.
            S::Queued | S::Leased | S::DataSent | S::Deferred | S::Held => Effect::Waits,
            _ => Effect::Nothing,
        }
    }

    fn for_now(state: DeliveryState) -> Effect {
        match state {
            S::Accepted | S::PresumedDelivered => Effect::Moves(&[S::BouncedSoft]),
            S::Uncertain => Effect::Moves(&[S::Accepted, S::BouncedSoft]),
            S::DataSent => Effect::Waits,
            _ => Effect::Nothing,
        }
    }

    /// Whether it says, of a letter that has arrived, that its address reaches somebody. A program's answer does not: it may say that
    /// nobody reads there.
    pub fn speaks_for_its_address(self) -> bool {
        matches!(self, Self::Reply | Self::Delivered)
    }

    /// Whether somebody has to look at it.
    pub fn task(self) -> Option<TaskKind> {
        match self {
            Self::BadAddress => Some(TaskKind::Bounced),
            Self::Rejected => Some(TaskKind::Rejected),
            Self::Complaint => Some(TaskKind::Complaint),
            Self::Challenge => Some(TaskKind::Challenge),
            Self::Reply => Some(TaskKind::Reply),
            Self::Passing | Self::Delayed | Self::AutoReply | Self::Delivered => None,
        }
    }
}

worded_enum! {
    /// What an organizer is asked to do.
    TaskKind, UnknownTaskKind {
        /// A letter came back: find another address, or write to the fallback contact.
        Bounced = "bounced",
        /// A letter was turned away after it had been taken: speak with the office.
        Rejected = "rejected",
        /// Somebody called a letter abuse.
        Complaint = "complaint",
        /// A program asks for proof that a person wrote.
        Challenge = "challenge",
        /// An office answered: read it, and publish it if it is its position.
        Reply = "reply",
        /// An office answered at its desk: publish it or not.
        Response = "response",
        /// An office says that the matter is not its district's: look at where the letters go.
        NotMyDistrict = "not_my_district",
        /// Somebody has left the office: find who holds it now.
        LeftOffice = "left_office",
        /// An office asked for no more letters.
        Stopped = "stopped",
    }
}

worded_enum! {
    /// Why a message is about no letter.
    StrayReason, UnknownStrayReason {
        /// It came to an address in the shape of ours whose seal does not hold.
        Forged = "forged",
        /// It names no letter of ours.
        Unmatched = "unmatched",
        /// Nothing can be made of it.
        Unreadable = "unreadable",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn apply(kind: EventKind, state: &mut S, waiting: &mut Vec<EventKind>) {
        match kind.effect(*state) {
            Effect::Moves(steps) => {
                for step in steps {
                    assert!(state.may_become(*step), "{kind}: {state} to {step}");
                    *state = *step;
                }
            }
            Effect::Waits => waiting.push(kind),
            Effect::Nothing => {}
        }
    }

    /// The answer to the dot, or its absence, comes on record; what waited follows, the worst first.
    fn settle(state: &mut S, next: S, waiting: &mut Vec<EventKind>) {
        assert!(state.may_become(next));
        *state = next;
        waiting.sort();
        for kind in std::mem::take(waiting) {
            apply(kind, state, &mut Vec::new());
        }
    }

    #[test]
    fn every_effect_takes_legal_steps() {
        for &kind in EventKind::ALL {
            for &state in S::ALL {
                apply(kind, &mut state.clone(), &mut Vec::new());
            }
        }
    }

    #[test]
    fn a_delay_a_challenge_and_what_is_heard_of_an_ended_letter_change_nothing() {
        for &state in S::ALL {
            assert_eq!(EventKind::Delayed.effect(state), Effect::Nothing);
            assert_eq!(EventKind::Challenge.effect(state), Effect::Nothing);
        }
        for state in [
            S::BouncedHard,
            S::Superseded,
            S::Cancelled,
            S::DeliveredByHand,
            S::Refused,
        ] {
            for kind in EventKind::ALL {
                assert_eq!(kind.effect(state), Effect::Nothing, "{kind} {state}");
            }
        }
    }

    proptest! {
        #[test]
        fn the_end_does_not_depend_on_the_order(
            kinds in proptest::collection::vec(proptest::sample::select(EventKind::ALL), 0..6),
            first_at in 0_usize..7,
            second_at in 0_usize..7,
            swaps in proptest::collection::vec((0_usize..6, 0_usize..6), 0..6),
            is_answered: bool,
        ) {
            let end = |kinds: &[EventKind], at: usize| {
                let (mut state, mut waiting) = (S::DataSent, Vec::new());
                let next = if is_answered { S::Accepted } else { S::Uncertain };
                for (place, kind) in kinds.iter().enumerate() {
                    if place == at.min(kinds.len()) {
                        settle(&mut state, next, &mut waiting);
                    }
                    apply(*kind, &mut state, &mut waiting);
                }
                if state == S::DataSent {
                    settle(&mut state, next, &mut waiting);
                }
                state
            };
            let mut other = kinds.clone();
            for (one, two) in swaps {
                if one < other.len() && two < other.len() {
                    other.swap(one, two);
                }
            }
            prop_assert_eq!(end(&kinds, first_at), end(&other, second_at));
        }
    }
}
