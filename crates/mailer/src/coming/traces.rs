//! What a message says of the letter that it is about. All of it is a stranger's word until a seal or an id of ours is found in
//! it.

use super::What;
use super::parts::{Head, Parts};
use super::status::groups;

/// How many of each kind are kept.
const MOST: usize = 64;

/// Addresses and ids that may be ours, in the order in which they are believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traces {
    /// Addresses to which it came, or from which the letter went: the envelope's own recipients before what headers name.
    pub addresses: Vec<String>,
    /// Envelopes' ids (RFC 3461, section 4.4).
    pub envelope_ids: Vec<String>,
    /// Ids of messages, with their angle brackets.
    pub message_ids: Vec<String>,
}

/// To whom a message came, as ways in and servers note it.
const TO: [&str; 8] = [
    "x-original-to",
    "delivered-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
    "to",
    "cc",
    "original-recipient",
];

impl Traces {
    pub(super) fn of(parts: &Parts, what: &What, recipients: &[String]) -> Self {
        let mut traces = Self::default();
        for recipient in recipients {
            traces.add_addresses(recipient);
        }
        for name in TO {
            for value in parts.head.all(name) {
                traces.add_addresses(value);
            }
        }
        for part in &parts.list {
            if let Some(head) = &part.inner {
                traces.add_letter(head);
            }
            let is_fields = part.kind.ends_with("delivery-status")
                || part.kind.ends_with("feedback-report")
                || part.kind.ends_with("disposition-notification");
            if let Some(text) = part.text.as_deref().filter(|_| is_fields) {
                traces.add_fields(text);
            }
        }
        for name in ["in-reply-to", "references"] {
            for value in parts.head.all(name) {
                traces.add_ids(value);
            }
        }
        if matches!(what, What::Report(_) | What::Challenge | What::Complaint(_)) {
            traces.add_text(&parts.text());
        }
        traces
    }

    /// The header of the letter itself.
    fn add_letter(&mut self, head: &Head) {
        for name in ["return-path", "x-envelope-from", "reply-to", "sender"] {
            for value in head.all(name) {
                self.add_addresses(value);
            }
        }
        for value in head.all("message-id") {
            self.add_ids(value);
        }
    }

    fn add_fields(&mut self, text: &str) {
        for group in groups(text) {
            if let Some(id) = group.first("original-envelope-id") {
                add(&mut self.envelope_ids, id);
            }
            for name in ["original-mail-from", "x-original-mail-from"] {
                if let Some(value) = group.first(name) {
                    self.add_addresses(value);
                }
            }
            for name in ["original-message-id", "x-original-message-id"] {
                if let Some(value) = group.first(name) {
                    self.add_ids(value);
                }
            }
        }
    }

    /// A letter that stands as text below what a server says of it.
    fn add_text(&mut self, text: &str) {
        for line in text.lines().take(5_000) {
            let Some((name, value)) = line.trim_start_matches(['>', ' ']).split_once(':') else {
                continue;
            };
            match name.trim().to_ascii_lowercase().as_str() {
                "return-path" | "reply-to" => self.add_addresses(value),
                "message-id" => self.add_ids(value),
                _ => {}
            }
        }
    }

    fn add_addresses(&mut self, value: &str) {
        let words =
            value.split(|letter: char| letter.is_whitespace() || ",;<>\"()".contains(letter));
        for word in words.filter(|word| word.contains('@') && word.len() <= 320) {
            add(&mut self.addresses, word);
        }
    }

    fn add_ids(&mut self, value: &str) {
        for word in value.split(['<', '>', ' ', '\t']) {
            if word.contains('@') && word.len() <= 500 {
                add(&mut self.message_ids, &format!("<{word}>"));
            }
        }
    }
}

fn add(list: &mut Vec<String>, value: &str) {
    if list.len() < MOST && !list.iter().any(|known| known == value) {
        list.push(value.to_owned());
    }
}
