//! What comes back: a message's bytes in, what it is out. Nothing here touches storage, a clock or the network.
//!
//! A message is taken apart by a walk of our own that is bounded in depth, parts and size, because a parser that goes into nested
//! messages by itself can be made to exhaust the stack; headers and encodings of single parts are read by a library. What a
//! message is, is decided in one order: a report of delivery (RFC 3464), a complaint (RFC 5965), a bounce without a report, a
//! challenge, an automatic answer (RFC 3834), and only what is none of these is somebody's answer. An automatic answer is never
//! taken for one, because an answer is shown to people and can be published.
//!
//! Which letter a message is about is decided elsewhere ([`Traces`] holds the evidence), by our own seals and ids alone.

mod answer;
mod automatic;
mod bare;
pub mod matching;
mod parts;
mod report;
mod status;
mod traces;

pub use answer::Answer;
pub use report::{Action, Fate};
pub use traces::Traces;

use crate::coming::parts::Parts;
use redress_model::delivery::event::EventKind;
use sha2::{Digest, Sha256};

/// A message that came in, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coming {
    /// SHA-256 of its bytes: the same message is taken once, however often it is handed in.
    pub digest: [u8; 32],
    /// What it is.
    pub what: What,
    /// What it says of the letter that it is about.
    pub traces: Traces,
}

/// What a message is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A server says what became of a letter; at least one recipient's fate.
    Report(Vec<Fate>),
    /// Somebody called a letter abuse; the kind that the report names, such as `abuse`.
    Complaint(String),
    /// A program asks whoever wrote to prove that a person did.
    Challenge,
    /// A program answered.
    AutoReply,
    /// A person answered.
    Reply(Answer),
    /// Nothing can be made of it.
    Nothing,
}

impl What {
    /// The event that it is; `None` for what says nothing.
    pub fn event(&self) -> Option<EventKind> {
        Some(match self {
            Self::Report(_) => self.worst()?.event(),
            Self::Complaint(_) => EventKind::Complaint,
            Self::Challenge => EventKind::Challenge,
            Self::AutoReply => EventKind::AutoReply,
            Self::Reply(_) => EventKind::Reply,
            Self::Nothing => return None,
        })
    }

    /// Of a report, the fate that counts. A letter has one recipient; where an office's list has spread it to several, the worst
    /// counts, because somebody has to look at it.
    pub fn worst(&self) -> Option<&Fate> {
        match self {
            Self::Report(fates) => fates.iter().min_by_key(|fate| fate.event()),
            _ => None,
        }
    }
}

/// Reads a message. `recipients` are the envelope's, where the way in knows them; empty otherwise.
pub fn read(bytes: &[u8], recipients: &[String]) -> Coming {
    let parts = Parts::of(bytes);
    let what = classify(&parts);
    let traces = Traces::of(&parts, &what, recipients);
    Coming {
        digest: Sha256::digest(bytes).into(),
        what,
        traces,
    }
}

fn classify(parts: &Parts) -> What {
    if let Some(fates) = report::fates(parts) {
        return What::Report(fates);
    }
    if let Some(kind) = report::complaint(parts) {
        return What::Complaint(kind);
    }
    if let Some(fate) = bare::fate(parts) {
        return What::Report(vec![fate]);
    }
    if automatic::is_challenge(parts) {
        return What::Challenge;
    }
    if automatic::is_automatic(parts) {
        return What::AutoReply;
    }
    answer::answer(parts).map_or(What::Nothing, What::Reply)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let coming = read(&bytes, &[]);
            prop_assert_eq!(coming, read(&bytes, &[]));
        }

        #[test]
        fn no_message_is_too_strange(
            lines in proptest::collection::vec(
                prop_oneof![
                    Just("Content-Type: multipart/report; boundary=b".to_owned()),
                    Just("Content-Type: message/delivery-status".to_owned()),
                    Just("Content-Type: message/rfc822".to_owned()),
                    Just("Content-Transfer-Encoding: base64".to_owned()),
                    Just("From: MAILER-DAEMON@mx.example".to_owned()),
                    Just("Action: failed".to_owned()),
                    Just("Status: 5.1.1".to_owned()),
                    Just("--b".to_owned()),
                    Just("--b--".to_owned()),
                    Just(String::new()),
                    "\\PC{0,40}",
                    "[A-Za-z-]{1,12}: \\PC{0,30}",
                ],
                0..40,
            ),
            break_with in prop_oneof![Just("\n"), Just("\r\n"), Just("\r")],
        ) {
            let text = lines.join(break_with);
            let coming = read(text.as_bytes(), &[]);
            // A report says something of somebody.
            if let What::Report(fates) = &coming.what {
                prop_assert!(!fates.is_empty());
            }
        }
    }
}
