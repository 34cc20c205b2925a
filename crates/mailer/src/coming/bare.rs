//! Bounces without a report for machines: Exim's, qmail's, old Exchange's, and what gateways make of others. Two signs are asked
//! for, that a server wrote it and that it says so in known words: a person may quote either.

use super::parts::Parts;
use super::report::{Action, Fate};
use super::status::{code_in, enhanced_in};

/// The local parts under which servers write.
const DAEMONS: [&str; 6] = [
    "mailer-daemon",
    "postmaster",
    "mail-daemon",
    "maildaemon",
    "bounce-handler",
    "system-administrator",
];

/// What servers say of what they gave up.
const FAILED: [&str; 14] = [
    "this is the qmail-send program",
    "i'm afraid i wasn't able to deliver your message",
    "could not be delivered to one or more of its recipients",
    "could not be delivered to the following recipient",
    "did not reach some or all of the intended recipients",
    "did not reach the following recipient",
    "undeliverable: ",
    "delivery has failed to these recipients",
    "the following addresses had permanent fatal errors",
    "this is a permanent error",
    "message could not be delivered",
    "delivery to the following recipient failed permanently",
    "unable to deliver your message",
    "no se ha podido entregar",
];

/// What servers say of what they still try.
const DELAYED: [&str; 6] = [
    "this is a warning message only",
    "has not been delivered to one or more of its recipients after",
    "delivery attempts will continue",
    "message is delayed",
    "you do not need to resend your message",
    "will continue to try to deliver",
];

/// What becomes of a letter according to a bounce in words; `None` for what is none.
pub(super) fn fate(parts: &Parts) -> Option<Fate> {
    let head = &parts.head;
    let failed = head.first("x-failed-recipients");
    if failed.is_none() && !is_from_server(parts) {
        return None;
    }
    let text = parts.text();
    // What follows is the letter itself, which may say anything.
    let text = text
        .split("--- Below this line is a copy")
        .next()
        .and_then(|text| {
            text.split("This is a copy of the message, including")
                .next()
        })
        .unwrap_or_default();
    let words = format!("{}\n{}", head.subject, text).to_lowercase();
    let says = |signs: &[&str]| signs.iter().any(|sign| words.contains(sign));
    let action = if says(&DELAYED) {
        Action::Delayed
    } else if failed.is_some() || says(&FAILED) {
        Action::Failed
    } else {
        return None;
    };
    let diagnostic = diagnostic(text);
    let status = diagnostic.as_deref().and_then(enhanced_in);
    Some(Fate {
        action,
        status,
        remote_mta: None,
        recipient: failed
            .map(|failed| {
                failed
                    .split(',')
                    .next()
                    .unwrap_or_default()
                    .trim()
                    .to_owned()
            })
            .or_else(|| named_recipient(text)),
        diagnostic,
    })
}

/// Whether a server wrote it, by its sender or for want of one.
pub(super) fn is_from_server(parts: &Parts) -> bool {
    let from = parts.head.from.to_ascii_lowercase();
    let local = from.split('@').next().unwrap_or_default();
    parts.head.has_null_sender() || DAEMONS.contains(&local)
}

/// The lines in which a server is quoted: from the first with a code on, a few.
fn diagnostic(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let has_code = |line: &&str| enhanced_in(line).is_some() || code_in(line).is_some();
    let has_words = |line: &&str| {
        let line = line.to_lowercase();
        [
            "user unknown",
            "no such user",
            "mailbox is full",
            "quota",
            "unrouteable",
            "unrouteable address",
            "couldn't find any host",
            "doesn't exist",
            "does not exist",
            "no mailbox here",
            "retry timeout",
            "not found",
        ]
        .iter()
        .any(|sign| line.contains(sign))
    };
    let at = lines
        .iter()
        .position(has_code)
        .or_else(|| lines.iter().position(has_words))?;
    let quoted: Vec<&str> = lines[at..]
        .iter()
        .copied()
        .take_while(|line| !line.is_empty())
        .take(6)
        .collect();
    Some(quoted.join(" ").chars().take(1_000).collect())
}

/// An address that stands on a line of its own, as qmail and Exim write it.
fn named_recipient(text: &str) -> Option<String> {
    text.lines().map(str::trim).find_map(|line| {
        let address = line.trim_end_matches(':').trim_matches(['<', '>']);
        let is_address =
            address.contains('@') && address.len() <= 320 && !address.contains(char::is_whitespace);
        is_address.then(|| address.to_owned())
    })
}
