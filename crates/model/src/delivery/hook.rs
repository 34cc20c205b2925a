//! What providers of mail tell over the web, in the shapes that each of them documents.
//!
//! Whose word it is, is decided elsewhere: here is only what it says. What a provider tells that is nothing to a letter (an opened
//! mail, a click) is left out.

mod mailgun;
mod postmark;
mod sendgrid;
mod ses;

use super::event::EventKind;
use crate::coded::worded_enum;
use serde_json::Value;

worded_enum! {
    /// Who carries mail and tells what became of it.
    Provider, UnknownProvider {
        /// Amazon SES, through SNS.
        Ses = "ses",
        /// Postmark.
        Postmark = "postmark",
        /// Mailgun.
        Mailgun = "mailgun",
        /// Twilio SendGrid.
        Sendgrid = "sendgrid",
    }
}

/// The longest text of a server that is kept, in characters.
const LONGEST: usize = 1_000;

/// What a provider tells of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The provider's own word for what it tells: the same told again has the same.
    pub id: String,
    /// What it says.
    pub kind: EventKind,
    /// The enhanced code (RFC 3463), where one is told.
    pub status: Option<String>,
    /// What the last server said.
    pub diagnostic: Option<String>,
    /// Which server said it.
    pub remote_mta: Option<String>,
    /// Addresses that may be ours: the envelope's sender, Reply-To, what was put along with the message.
    pub addresses: Vec<String>,
    /// Message-IDs that may be ours, with their angle brackets.
    pub message_ids: Vec<String>,
    /// The provider's words for the message, one of which its answer to the dot may have named.
    pub queue_ids: Vec<String>,
}

/// Reads what a provider sent: of Amazon SES the message inside the notification, of the others the body. `None` for
/// another shape than the documented one.
pub fn read(provider: Provider, body: &Value) -> Option<Vec<Told>> {
    match provider {
        Provider::Ses => ses::read(body),
        Provider::Postmark => postmark::read(body),
        Provider::Mailgun => mailgun::read(body),
        Provider::Sendgrid => sendgrid::read(body),
    }
}

/// A failure for good, by its enhanced code where one is told: nobody is there, or a rule, a size or a form. `otherwise` where the code
/// says neither.
fn for_good(status: Option<&str>, otherwise: EventKind) -> EventKind {
    let Some(status) = status else {
        return otherwise;
    };
    match status {
        "5.1.1" | "5.1.2" | "5.1.6" | "5.1.10" | "5.4.1" => EventKind::BadAddress,
        "5.2.2" => EventKind::Passing,
        other if other.starts_with("4.") => EventKind::Passing,
        other
            if ["5.7.", "5.6.", "5.3.", "5.5."]
                .iter()
                .any(|class| other.starts_with(class))
                || other == "5.2.3" =>
        {
            EventKind::Rejected
        }
        _ => otherwise,
    }
}

/// A member's text; `None` where it is absent, empty or no text.
fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    let text = value.pointer(pointer)?.as_str()?.trim();
    (!text.is_empty()).then_some(text)
}

fn limited(text: Option<&str>) -> Option<String> {
    text.map(|text| text.chars().take(LONGEST).collect())
}

/// An id with its angle brackets.
fn bracketed(id: &str) -> String {
    let bare = id.trim().trim_start_matches('<').trim_end_matches('>');
    format!("<{bare}>")
}

/// The first enhanced code that a text names.
fn enhanced(text: &str) -> Option<String> {
    let is_code = |word: &&str| {
        let mut parts = word.split('.');
        let class = parts.next().is_some_and(|it| matches!(it, "2" | "4" | "5"));
        let rest: Vec<&str> = parts.collect();
        let is_number = |part: &&str| {
            (1..=3).contains(&part.len()) && part.bytes().all(|it| it.is_ascii_digit())
        };
        class && rest.len() == 2 && rest.iter().all(is_number)
    };
    let words = text.split(|letter: char| !(letter.is_ascii_digit() || letter == '.'));
    words
        .map(|it| it.trim_end_matches('.'))
        .find(is_code)
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_found_in_a_servers_words() {
        for (text, code) in [
            ("550 5.1.1 <a@b.example> unknown", Some("5.1.1")),
            ("smtp; 550-5.7.26 This mail", Some("5.7.26")),
            ("Mailbox full. (4.2.2).", Some("4.2.2")),
            ("from 10.0.0.1 at 5.1", None),
            ("", None),
        ] {
            assert_eq!(enhanced(text).as_deref(), code, "{text}");
        }
    }

    #[test]
    fn a_failure_is_sorted_by_its_code_and_otherwise_by_the_providers_word() {
        let sort = |status| for_good(status, EventKind::Rejected);
        assert_eq!(sort(Some("5.1.1")), EventKind::BadAddress);
        assert_eq!(sort(Some("5.2.2")), EventKind::Passing);
        assert_eq!(sort(Some("4.4.7")), EventKind::Passing);
        assert_eq!(
            for_good(Some("5.7.1"), EventKind::BadAddress),
            EventKind::Rejected
        );
        assert_eq!(
            for_good(Some("5.0.0"), EventKind::BadAddress),
            EventKind::BadAddress
        );
        assert_eq!(sort(None), EventKind::Rejected);
    }

    fn json() -> impl Strategy<Value = Value> {
        let word = prop_oneof![
            "eventType|notificationType|RecordType|event|bounce|bounceType|event-data|signature|mail|id|Type|ID|MessageID",
            "Bounce|Delivery|failed|bounce|Permanent|HardBounce|permanent",
            "\\PC{0,8}",
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            word.clone().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::vec((word.clone(), inner), 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_shape_is_too_strange(body in json()) {
            for provider in Provider::ALL {
                for told in read(*provider, &body).unwrap_or_default() {
                    prop_assert!(!told.id.is_empty());
                    prop_assert!(told.diagnostic.is_none_or(|it| it.chars().count() <= LONGEST));
                }
            }
        }
    }
}
