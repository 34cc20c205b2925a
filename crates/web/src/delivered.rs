//! Where letters stand, as a person would say it.

use crate::dates::day_of;
use crate::spoken::{say, t};
use chrono_tz::Tz;
use redress_model::batch::BatchState;
use redress_model::delivery::state::DeliveryState as S;
use redress_storage::deliveries::Delivery;

/// Of whose mail server a sentence speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    /// The reader's.
    Yours,
    /// The office's.
    Theirs,
}

/// Where one letter stands. Of an office that is in the letter to the whole body, that is told by the delivery that carries that letter.
pub(crate) fn of_letter(delivery: &Delivery, whose: Whose, zone: Tz) -> String {
    if delivery.joined_id.is_some() {
        return t("in the letter to the whole body").to_owned();
    }
    let server = match (whose, delivery.is_joint()) {
        (Whose::Yours, false) => t("your mail server"),
        (Whose::Theirs, false) => t("the office’s mail server"),
        (Whose::Yours, true) => t("your clerk’s mail server"),
        (Whose::Theirs, true) => t("the clerk’s mail server"),
    };
    let said = standing(delivery, server, zone);
    if delivery.is_joint() {
        say("in the letter to the whole body: {}", &[&said])
    } else {
        said
    }
}

fn standing(delivery: &Delivery, server: &'static str, zone: Tz) -> String {
    let accepted = delivery.accepted_at.unwrap_or(delivery.changed_at);
    let accepted_on = day_of(accepted, zone);
    let plain = match delivery.state {
        S::Waiting | S::Cancelled => t("not sent"),
        S::Queued | S::Leased => t("on its way"),
        S::DataSent => t("being sent now"),
        S::Held => t("on its way; it waits on our side"),
        S::Deferred => return say("on its way; {} asked to wait", &[&server]),
        S::Accepted => return say("accepted by {} on {}", &[&server, &accepted_on]),
        S::PresumedDelivered => {
            return say(
                "accepted by {} on {}; nothing came back",
                &[&server, &accepted_on],
            );
        }
        S::DeliveredByHand => return say("delivered by hand on {}", &[&accepted_on]),
        S::Refused => return say("refused by {}", &[&server]),
        S::TooLarge => return say("too large for {}", &[&server]),
        S::Uncertain => return say("sent, but {} gave no clear answer", &[&server]),
        S::Abandoned => return say("sent, and never confirmed by {}", &[&server]),
        S::Expired => t("not delivered, though we tried for five days"),
        S::BouncedHard | S::BouncedSoft => t("came back undelivered"),
        S::NoContact => t("not sent: no e-mail address is known"),
        S::Suppressed => t("not sent, as the office wishes"),
        S::Superseded => t("another message took its place"),
    };
    plain.to_owned()
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
    /// How many of all are in one letter to the whole body.
    pub joint: u64,
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
        BatchState::Frozen => return t("frozen; not sent yet").to_owned(),
        BatchState::Cancelled => return t("cancelled; it was never sent").to_owned(),
        BatchState::Approved => {}
    }
    let Offices { all, reached, .. } = offices;
    if all == 0 {
        return t("no office to send it to").to_owned();
    }
    if offices.without_address == all {
        return t("could not be sent: no address known").to_owned();
    }
    let noun = if all == 1 { t("office") } else { t("offices") };
    let mut parts = Vec::new();
    if reached > 0 {
        parts.push(say("accepted by {} of {} {}", &[&reached, &all, &noun]));
    }
    for (count, words) in [
        (offices.on_the_way, t("being sent to")),
        (offices.uncertain, t("without a clear answer from")),
        (offices.failed, t("not delivered to")),
        (offices.without_address, t("no address known for")),
    ] {
        if count > 0 {
            parts.push(format!("{words} {count}"));
        }
    }
    if offices.joint > 0 {
        parts.push(say(
            "{} of them in one letter to the whole body",
            &[&offices.joint],
        ));
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
        let together = Offices {
            joint: 3,
            ..offices(&[(S::Accepted, 3), (S::Queued, 1)])
        };
        assert_eq!(
            of_batch(BatchState::Approved, together),
            "accepted by 3 of 4 offices; being sent to 1; 3 of them in one letter to the whole body"
        );
        assert_eq!(
            of_batch(BatchState::Frozen, Offices::default()),
            "frozen; not sent yet"
        );
    }
}
