//! What the console says of letters, deliveries and seats.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use redress_model::batch::CityStatus;
use redress_model::delivery::NoContactReason;
use redress_model::delivery::state::DeliveryState as S;
use redress_model::office_wish::Closure;
use redress_storage::deliveries::Delivery;

/// A word of the model as people read it: `no contact`.
pub(crate) fn plain(word: &str) -> String {
    word.replace('_', " ")
}

/// How a delivery's state looks: `good` has arrived, `warn` waits for a person or its time, `bad` did not arrive.
pub(crate) fn tone(state: S) -> &'static str {
    match state {
        S::Accepted | S::PresumedDelivered | S::DeliveredByHand => "good",
        S::NoContact | S::Deferred | S::Held | S::Uncertain | S::BouncedSoft => "warn",
        S::Refused | S::TooLarge | S::Expired | S::Abandoned | S::BouncedHard => "bad",
        S::Waiting
        | S::Queued
        | S::Leased
        | S::DataSent
        | S::Cancelled
        | S::Suppressed
        | S::Superseded => "",
    }
}

/// What a delivery's state means.
pub(crate) fn meaning(state: S) -> &'static str {
    match state {
        S::Waiting => "Its batch is not approved yet.",
        S::NoContact => "There is nobody, or no address, to send it to.",
        S::Queued => "The mailer takes it when its time has come.",
        S::Leased => "In the mailer’s hands; nothing has left that could arrive.",
        S::DataSent => "On the wire; the office’s server has not answered yet.",
        S::Accepted => "The office’s server took it.",
        S::PresumedDelivered => "Taken, and nothing came back for 72 hours.",
        S::Deferred => "To be tried again by itself.",
        S::Held => "Kept until the trouble is over or a person decides.",
        S::Refused => "The office’s server will not have it.",
        S::TooLarge => "The office’s server will not have it at this size.",
        S::Uncertain => {
            "Sent, and no answer came: it may have arrived. It is never sent again by itself; a person decides."
        }
        S::Expired => "Tried for five days.",
        S::Abandoned => "Given up after it was uncertain.",
        S::BouncedHard => "Came back for good.",
        S::BouncedSoft => "Came back: it may be tried again.",
        S::DeliveredByHand => "Printed, or entered in a web form, by a named person.",
        S::Cancelled => "Its batch was cancelled, or a person stopped it.",
        S::Suppressed => "The office wishes none, or it is in the letter to the whole body.",
        S::Superseded => "Another letter took its place.",
    }
}

/// Where a delivery stands, in a word or two.
pub(crate) fn standing(delivery: &Delivery) -> String {
    if delivery.joined_id.is_some() {
        "in the letter to the whole body".to_owned()
    } else {
        plain(delivery.state.as_str())
    }
}

/// A reason as a person would say it.
pub(crate) fn why(reason: NoContactReason) -> &'static str {
    match reason {
        NoContactReason::NoEmail => "no e-mail address is known",
        NoContactReason::TermEnded => "the term has ended and no successor is known",
        NoContactReason::Vacant => "the post is vacant",
        NoContactReason::HolderUnknown => "nobody is known to hold the post",
    }
}

/// Why an office gets no letters, and since when.
pub(crate) fn closed(closure: Closure, since_at: Option<DateTime<Utc>>, zone: Tz) -> String {
    let on = since_at.map_or_else(String::new, |at| format!(" on {}", instant(at, zone)));
    match closure {
        Closure::Stopped => format!("It asked for no more letters{on}. Everybody may know."),
        Closure::NotMyDistrict => format!("It said{on} that this is not its district."),
        Closure::LeftOffice => format!("Whoever was written to said{on} that they have left."),
    }
}

/// What a city has done, and so which ask its letters carry.
pub(crate) fn ask(status: Option<CityStatus>) -> &'static str {
    match status {
        None => "the petition’s own",
        Some(CityStatus::Forbid) => "forbid: no partnership is known",
        Some(CityStatus::End) => "end: a partnership exists",
        Some(CityStatus::UnderStudy) => "under study by the council",
        Some(CityStatus::Met) => "met",
    }
}

/// An instant in a petition's time zone: `2 March 2026, 10:30 CST`.
pub(crate) fn instant(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone)
        .format("%-d %B %Y, %H:%M %Z")
        .to_string()
}

/// A server's answer: its code, and what it said.
pub(crate) fn reply(reply: Option<&(u16, String)>) -> String {
    reply.map_or_else(String::new, |(code, text)| format!("{code} {text}"))
}
