//! A petition's rules against abuse, as an organizer writes them and as they are applied.

use super::disposable::DEFAULT_DOMAINS;
use super::name_pattern::NamePattern;
use super::roster::Roster;
use crate::email::Email;
use crate::email::canonical::{CanonicalEmail, CanonicalRules, DEFAULT_RULES};
use crate::name_key::NameKey;
use crate::signature::RejectionReason;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// The texts of the lists, as they were typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GuardTexts {
    /// Networks, domains and e-mails that limits spare.
    pub allowed: String,
    /// Networks, domains and e-mails that are rejected, allowed or not.
    pub blocked: String,
    /// Names that are rejected.
    pub names: String,
    /// Domains that are a signal.
    pub disposable: String,
    /// What providers ignore before the `@` ([`crate::email::canonical`]).
    pub mailboxes: String,
    /// A form that comes back sooner is a program's, in seconds.
    pub form_seconds: u32,
}

impl Default for GuardTexts {
    fn default() -> Self {
        Self {
            allowed: String::new(),
            blocked: String::new(),
            names: String::new(),
            disposable: DEFAULT_DOMAINS.to_owned(),
            mailboxes: DEFAULT_RULES.to_owned(),
            form_seconds: 1,
        }
    }
}

/// A line that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{list}, line {line}: `{text}` is not {wanted}")]
pub struct LineError {
    /// The list's word.
    pub list: &'static str,
    /// Counted from 1.
    pub line: usize,
    /// What stands there.
    pub text: String,
    /// What may stand there.
    pub wanted: &'static str,
}

/// The lists, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    allowed: Roster,
    blocked: Roster,
    names: Vec<NamePattern>,
    disposable: Roster,
    /// When two e-mails are one mailbox.
    pub rules: CanonicalRules,
    /// A form that comes back sooner is a program's, in seconds.
    pub form_seconds: u32,
}

/// Who wants to sign.
#[derive(Debug, Clone, Copy)]
pub struct Applicant<'a> {
    /// The client, if it is known.
    pub client: Option<IpAddr>,
    /// The e-mail's domain.
    pub domain: &'a str,
    /// The e-mail's mailbox.
    pub mailbox: &'a CanonicalEmail,
    /// The name.
    pub name: &'a NameKey,
}

/// What the lists say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListVerdict {
    /// Rejected, whatever else allows it.
    Blocked(RejectionReason),
    /// Goes on, under the limits that do not spare it.
    Open {
        /// The limit by client counts it.
        is_limited_by_client: bool,
        /// The limit by domain counts it.
        is_limited_by_domain: bool,
    },
}

const ROSTER: &str =
    "a network (198.51.100.0/24), a domain (mail.example, *.mail.example) or an e-mail";
const DOMAIN: &str = "a domain (mail.example, *.mail.example)";
const NAME: &str = "a name, with a * at either end for anything";
const MAILBOX: &str = "a rule: write `DOMAIN [dots] [+|-]` or `DOMAIN = DOMAIN`";

impl Guard {
    /// Reads the texts; every bad line is named, and then nothing is read.
    pub fn parse(texts: &GuardTexts) -> Result<Self, Vec<LineError>> {
        let mut errors = Vec::new();
        let rules = CanonicalRules::parse(&texts.mailboxes).unwrap_or_else(|error| {
            errors.push(LineError {
                list: "mailboxes",
                line: error.line,
                text: error.text,
                wanted: MAILBOX,
            });
            CanonicalRules::default()
        });
        let mut roster = |list, text: &str| {
            let mut roster = Roster::default();
            each(text, (list, ROSTER), &mut errors, |line| {
                roster.add(line, &rules)
            });
            roster
        };
        let (allowed, blocked) = (
            roster("allowed", &texts.allowed),
            roster("blocked", &texts.blocked),
        );
        let mut names = Vec::new();
        each(&texts.names, ("names", NAME), &mut errors, |line| {
            NamePattern::parse(line).is_some_and(|name| {
                names.push(name);
                true
            })
        });
        let mut disposable = Roster::default();
        let what = ("disposable", DOMAIN);
        each(&texts.disposable, what, &mut errors, |line| {
            !line.contains('@') && disposable.add(line, &rules)
        });
        if errors.is_empty() {
            Ok(Self {
                allowed,
                blocked,
                names,
                disposable,
                rules,
                form_seconds: texts.form_seconds,
            })
        } else {
            Err(errors)
        }
    }

    /// What the lists say of somebody. A block is stronger than anything that allows.
    pub fn judge(&self, who: &Applicant<'_>) -> ListVerdict {
        let blocked = &self.blocked;
        let reason = if blocked.holds_client(who.client) {
            Some(RejectionReason::NetworkBlocked)
        } else if blocked.holds_domain(who.domain) {
            Some(RejectionReason::DomainBlocked)
        } else if blocked.holds_mailbox(who.mailbox) {
            Some(RejectionReason::EmailBlocked)
        } else if self.names.iter().any(|name| name.names(who.name)) {
            Some(RejectionReason::NameBlocked)
        } else {
            None
        };
        if let Some(reason) = reason {
            return ListVerdict::Blocked(reason);
        }
        let is_spared =
            self.allowed.holds_mailbox(who.mailbox) || self.allowed.holds_client(who.client);
        ListVerdict::Open {
            is_limited_by_client: !is_spared,
            is_limited_by_domain: !is_spared && !self.allowed.holds_domain(who.domain),
        }
    }

    /// Whether an e-mail's domain is of those made for a minute.
    pub fn is_disposable(&self, email: &Email) -> bool {
        self.disposable.holds_domain(email.domain()) && !self.allowed.holds_domain(email.domain())
    }
}

impl Default for Guard {
    fn default() -> Self {
        let nothing = Self {
            allowed: Roster::default(),
            blocked: Roster::default(),
            names: Vec::new(),
            disposable: Roster::default(),
            rules: CanonicalRules::default(),
            form_seconds: GuardTexts::default().form_seconds,
        };
        // A test holds that the built-in texts read.
        Self::parse(&GuardTexts::default()).unwrap_or(nothing)
    }
}

/// Reads a text line by line; what follows a `#` is a remark.
fn each(
    text: &str,
    (list, wanted): (&'static str, &'static str),
    errors: &mut Vec<LineError>,
    mut take: impl FnMut(&str) -> bool,
) {
    for (index, whole) in text.lines().enumerate() {
        let line = whole.split('#').next().unwrap_or_default().trim();
        if !line.is_empty() && !take(line) {
            errors.push(LineError {
                list,
                line: index + 1,
                text: line.to_owned(),
                wanted,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person_name::PersonName;

    fn guard(allowed: &str, blocked: &str, names: &str) -> Guard {
        Guard::parse(&GuardTexts {
            allowed: allowed.into(),
            blocked: blocked.into(),
            names: names.into(),
            mailboxes: "mail.example dots +\npost.example = mail.example".into(),
            ..GuardTexts::default()
        })
        .unwrap()
    }

    fn judge(guard: &Guard, client: &str, email: &str, name: &str) -> ListVerdict {
        let email = Email::parse(email).unwrap();
        guard.judge(&Applicant {
            client: client.parse().ok(),
            domain: email.domain(),
            mailbox: &guard.rules.canonical(&email),
            name: &NameKey::of(&PersonName::parse(name).unwrap()),
        })
    }

    #[test]
    fn each_kind_of_entry_blocks_with_its_reason() {
        let guard = guard(
            "",
            "198.51.100.0/24 # a farm\n\n*.spam.example\nAna.X+tag@mail.example",
            "Mickey*",
        );
        for (client, email, name, reason) in [
            (
                "198.51.100.3",
                "a@example.org",
                "Ana",
                RejectionReason::NetworkBlocked,
            ),
            (
                "192.0.2.1",
                "a@x.spam.example",
                "Ana",
                RejectionReason::DomainBlocked,
            ),
            (
                "192.0.2.1",
                "anax@post.example",
                "Ana",
                RejectionReason::EmailBlocked,
            ),
            (
                "192.0.2.1",
                "a@example.org",
                "mickey mouse",
                RejectionReason::NameBlocked,
            ),
        ] {
            assert_eq!(
                judge(&guard, client, email, name),
                ListVerdict::Blocked(reason)
            );
        }
    }

    #[test]
    fn a_block_beats_what_allows_and_what_is_allowed_is_spared_the_limits() {
        let guard = guard(
            "198.51.100.0/24\nmail.example\nana@example.org",
            "198.51.100.9",
            "",
        );
        let open = |client, domain| ListVerdict::Open {
            is_limited_by_client: client,
            is_limited_by_domain: domain,
        };
        for (client, email, verdict) in [
            (
                "198.51.100.9",
                "ana@example.org",
                ListVerdict::Blocked(RejectionReason::NetworkBlocked),
            ),
            ("198.51.100.8", "b@example.org", open(false, false)),
            ("192.0.2.1", "ana@example.org", open(false, false)),
            ("192.0.2.1", "b@mail.example", open(true, false)),
            ("192.0.2.1", "b@example.org", open(true, true)),
            ("", "b@example.org", open(true, true)),
        ] {
            assert_eq!(
                judge(&guard, client, email, "Ana"),
                verdict,
                "{client} {email}"
            );
        }
    }

    #[test]
    fn every_bad_line_is_named_by_its_list_and_number() {
        let errors = Guard::parse(&GuardTexts {
            allowed: "mail.example\n\nno domain".into(),
            blocked: "198.51.100.0/99".into(),
            disposable: "a@mail.example".into(),
            mailboxes: "mail.example plus".into(),
            ..GuardTexts::default()
        })
        .unwrap_err();
        let told: Vec<_> = errors
            .iter()
            .map(|error| (error.list, error.line))
            .collect();
        assert_eq!(
            told,
            [
                ("mailboxes", 1),
                ("allowed", 3),
                ("blocked", 1),
                ("disposable", 1)
            ]
        );
    }

    #[test]
    fn the_built_in_texts_read_and_mark_what_is_made_for_a_minute() {
        let guard = Guard::parse(&GuardTexts::default()).unwrap();
        let is_marked = |domain| {
            let email = Email::parse(&format!("a@{domain}")).unwrap();
            guard.is_disposable(&email)
        };
        assert!(is_marked("mailinator.com") && is_marked("x.mailinator.com"));
        assert!(!is_marked("example.org"));
    }
}
