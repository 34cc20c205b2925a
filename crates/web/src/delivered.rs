//! Where letters stand, as a person would say it.

use crate::dates::day_of;
use chrono_tz::Tz;
use redress_model::batch::BatchState;
use redress_model::delivery::state::DeliveryState as S;
use redress_storage::deliveries::Delivery;

/// Where one letter stands. `whose` mail server it is: `your`, or `the office’s`.
pub(crate) fn of_letter(delivery: &Delivery, whose: &str, zone: Tz) -> String {
    let accepted = delivery.accepted_at.unwrap_or(delivery.changed_at);
    let accepted_on = day_of(accepted, zone);
    match delivery.state {
        S::Waiting | S::Cancelled => "not sent".to_owned(),
        S::Queued | S::Leased => "on its way".to_owned(),
        S::DataSent => "being sent now".to_owned(),
        S::Held => "on its way; it waits on our side".to_owned(),
        S::Deferred => format!("on its way; {whose} mail server asked to wait"),
        S::Accepted => format!("accepted by {whose} mail server on {accepted_on}"),
        S::PresumedDelivered => {
            format!("accepted by {whose} mail server on {accepted_on}; nothing came back")
        }
        S::DeliveredByHand => format!("delivered by hand on {accepted_on}"),
        S::Refused => format!("refused by {whose} mail server"),
        S::TooLarge => format!("too large for {whose} mail server"),
        S::Uncertain => format!("sent, but {whose} mail server gave no clear answer"),
        S::Abandoned => format!("sent, and never confirmed by {whose} mail server"),
        S::Expired => "not delivered, though we tried for five days".to_owned(),
        S::BouncedHard | S::BouncedSoft => "came back undelivered".to_owned(),
        S::NoContact => "not sent: no e-mail address is known".to_owned(),
        S::Suppressed => "not sent, as the office wishes".to_owned(),
        S::Superseded => "another message took its place".to_owned(),
    }
}

/// How many letters of one batch stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Offices {
    /// Offices that it is for.
    pub all: u64,
    /// Reached.
    pub reached: u64,
    /// On the way.
    pub on_the_way: u64,
    /// Without a known address.
    pub without_address: u64,
    /// Sent without a clear answer.
    pub uncertain: u64,
    /// Not delivered.
    pub failed: u64,
}

impl Offices {
    /// Adds letters in a state. Those that stand no longer for an office are left out: cancelled, not
    /// wished for, or with another in their place.
    pub(crate) fn add(&mut self, state: S, count: u64) {
        let part = match state {
            S::Cancelled | S::Suppressed | S::Superseded => return,
            S::Accepted | S::PresumedDelivered | S::DeliveredByHand => &mut self.reached,
            S::NoContact => &mut self.without_address,
            S::Uncertain | S::Abandoned => &mut self.uncertain,
            S::Refused | S::TooLarge | S::Expired | S::BouncedHard => &mut self.failed,
            S::Waiting
            | S::Queued
            | S::Leased
            | S::DataSent
            | S::Deferred
            | S::Held
            | S::BouncedSoft => &mut self.on_the_way,
        };
        *part += count;
        self.all += count;
    }
}

/// Where a batch and its letters stand.
pub(crate) fn of_batch(state: BatchState, offices: Offices) -> String {
    match state {
        BatchState::Frozen => return "frozen; not sent yet".to_owned(),
        BatchState::Cancelled => return "cancelled; it was never sent".to_owned(),
        BatchState::Approved => {}
    }
    let Offices { all, reached, .. } = offices;
    if all == 0 {
        return "no office to send it to".to_owned();
    }
    if offices.without_address == all {
        return "could not be sent: no address known".to_owned();
    }
    let noun = if all == 1 { "office" } else { "offices" };
    let mut parts = Vec::new();
    if reached > 0 {
        parts.push(format!("accepted by {reached} of {all} {noun}"));
    }
    for (count, words) in [
        (offices.on_the_way, "being sent to"),
        (offices.uncertain, "without a clear answer from"),
        (offices.failed, "not delivered to"),
        (offices.without_address, "no address known for"),
    ] {
        if count > 0 {
            parts.push(format!("{words} {count}"));
        }
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offices(states: &[(S, u64)]) -> Offices {
        let mut offices = Offices::default();
        for (state, count) in states {
            offices.add(*state, *count);
        }
        offices
    }

    #[test]
    fn every_office_is_in_one_part() {
        for state in S::ALL {
            let one = offices(&[(*state, 3)]);
            let parts = [
                one.reached,
                one.on_the_way,
                one.without_address,
                one.uncertain,
                one.failed,
            ];
            assert_eq!(parts.iter().sum::<u64>(), one.all, "{state}");
            assert_eq!(one.reached > 0, state.has_arrived(), "{state}");
        }
    }

    #[test]
    fn a_batch_is_said_in_words() {
        let said = |states: &[(S, u64)]| of_batch(BatchState::Approved, offices(states));
        assert_eq!(
            said(&[(S::NoContact, 2)]),
            "could not be sent: no address known"
        );
        assert_eq!(said(&[(S::Queued, 2)]), "being sent to 2");
        assert_eq!(
            said(&[
                (S::Accepted, 5),
                (S::NoContact, 1),
                (S::Deferred, 1),
                (S::Superseded, 1)
            ]),
            "accepted by 5 of 7 offices; being sent to 1; no address known for 1"
        );
        assert_eq!(said(&[]), "no office to send it to");
        assert_eq!(
            of_batch(BatchState::Frozen, Offices::default()),
            "frozen; not sent yet"
        );
    }
}
