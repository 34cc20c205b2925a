//! Reports that a server made for machines: of delivery (RFC 3464 in RFC 6522) and of abuse (RFC 5965).

use super::parts::Parts;
use super::status::{Group, code_in, enhanced_in, groups};
use crate::reply::Reply;
use crate::reply::class::{Class, classify};
use redress_model::delivery::AttemptStage;
use redress_model::delivery::event::EventKind;

/// How many recipients of one report are kept.
const MOST: usize = 16;
/// The longest diagnostic text that is kept, in characters.
const LONGEST: usize = 1_000;

/// What a server did with a letter (RFC 3464, section 2.3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It could not be delivered, and is not tried any more.
    Failed,
    /// It is still tried.
    Delayed,
    /// It lies in the mailbox.
    Delivered,
    /// It was given to a server that makes no reports.
    Relayed,
    /// It was spread to the members of a list.
    Expanded,
}

impl Action {
    /// Reads the word; comments after it are left out.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let word = text.split([' ', '(', ';']).next()?.to_ascii_lowercase();
        Some(match word.as_str() {
            "failed" | "failure" => Self::Failed,
            "delayed" => Self::Delayed,
            "delivered" => Self::Delivered,
            "relayed" => Self::Relayed,
            "expanded" => Self::Expanded,
            _ => return None,
        })
    }
}

/// What became of a letter to one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fate {
    /// What was done.
    pub action: Action,
    /// The enhanced code (RFC 3463), if one was said.
    pub status: Option<(u16, u16, u16)>,
    /// What the last server said, at most 1,000 characters.
    pub diagnostic: Option<String>,
    /// Which server said it.
    pub remote_mta: Option<String>,
    /// For whom, as the report has it.
    pub recipient: Option<String>,
}

impl Fate {
    /// The event that it is. A failure is sorted by the table that sorts servers' answers, so that what a server says to us and
    /// what it says to a relay mean the same.
    pub fn event(&self) -> EventKind {
        match self.action {
            Action::Delivered | Action::Relayed | Action::Expanded => EventKind::Delivered,
            Action::Delayed => EventKind::Delayed,
            Action::Failed => match self.failure() {
                Some(Class::BadAddress) => EventKind::BadAddress,
                None | Some(Class::Greylist | Class::DomainTrouble | Class::MailboxFull) => {
                    EventKind::Passing
                }
                Some(Class::TooLarge | Class::Blocked | Class::OurFault | Class::Uncertain) => {
                    EventKind::Rejected
                }
            },
        }
    }

    /// The enhanced code under which it is kept: the one that was said. What is too large without a code of its own gets that of
    /// RFC 3463, X.3.4, so that it is known for what it is.
    pub fn code(&self) -> Option<(u16, u16, u16)> {
        let is_told = matches!(self.status, Some((5, 2, 3) | (5, 3, 4)));
        let is_too_large = self.action == Action::Failed && self.failure() == Some(Class::TooLarge);
        if is_too_large && !is_told {
            return Some((5, 3, 4));
        }
        self.status
    }

    /// What a failure means; `None` for what was tried for days.
    fn failure(&self) -> Option<Class> {
        let text = self.diagnostic.clone().unwrap_or_default();
        let said = code_in(&text);
        // What was tried for days failed for now, whatever its class says (RFC 3463, X.4.7).
        let is_over_time = matches!(self.status, Some((_, 4, 7 | 300 | 316)))
            || ["expired", "too old", "timed out", "retry timeout"]
                .iter()
                .any(|sign| text.to_ascii_lowercase().contains(sign));
        if is_over_time {
            return None;
        }
        let class = self.status.map(|(class, ..)| class);
        let code = said
            .filter(|code| class.is_none_or(|class| code / 100 == class))
            .or(class.map(|class| class * 100 + 50))
            .unwrap_or(550);
        // A report that says "5.0.0" says nothing; its words may.
        let enhanced = enhanced_in(&text)
            .filter(|(class, ..)| *class == code / 100)
            .or(self.status);
        let reply = Reply {
            code,
            enhanced: enhanced.filter(|it| *it != (5, 0, 0)),
            text,
        };
        Some(classify(AttemptStage::Recipient, &reply))
    }
}

/// The fates that a report of delivery tells; `None` for what is none.
pub(super) fn fates(parts: &Parts) -> Option<Vec<Fate>> {
    let text = parts
        .text_of("message/delivery-status")
        .or_else(|| parts.text_of("message/global-delivery-status"))?;
    let fates: Vec<Fate> = groups(text).iter().filter_map(fate).take(MOST).collect();
    Some(fates).filter(|fates| !fates.is_empty())
}

fn fate(group: &Group) -> Option<Fate> {
    let status = group.first("status").and_then(enhanced_in);
    let recipient = group
        .untyped("final-recipient")
        .or_else(|| group.untyped("original-recipient"));
    // The first group is of the message. Some servers leave the action out; its class says as much.
    let action = match (group.first("action").and_then(Action::parse), status) {
        (Some(action), _) => action,
        (None, Some((class, ..))) if recipient.is_some() => match class {
            2 => Action::Delivered,
            4 => Action::Delayed,
            _ => Action::Failed,
        },
        _ => return None,
    };
    let limited = |text: &str| text.chars().take(LONGEST).collect::<String>();
    Some(Fate {
        action,
        status,
        diagnostic: group.untyped("diagnostic-code").map(limited),
        remote_mta: group.untyped("remote-mta").map(limited),
        recipient: recipient.map(limited),
    })
}

/// The kind of a complaint; `None` for what is none.
pub(super) fn complaint(parts: &Parts) -> Option<String> {
    let text = parts.text_of("message/feedback-report")?;
    let groups = groups(text);
    let kind = groups.first()?.first("feedback-type")?;
    let kind: String = kind.to_ascii_lowercase().chars().take(40).collect();
    // An authentication failure is about a domain's records, not about a letter that somebody disliked.
    Some(kind).filter(|kind| !matches!(kind.as_str(), "auth-failure" | "dmarc"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(status: Option<(u16, u16, u16)>, said: &str) -> Fate {
        Fate {
            action: Action::Failed,
            status,
            diagnostic: Some(said.to_owned()),
            remote_mta: None,
            recipient: None,
        }
    }

    #[test]
    fn what_was_too_large_has_the_code_that_says_so() {
        let too_large = Some((5, 3, 4));
        for (status, said, code) in [
            (too_large, "", too_large),
            (Some((5, 2, 3)), "", Some((5, 2, 3))),
            (Some((5, 0, 0)), "552 5.3.4 Message too big", too_large),
            (None, "552 message size exceeds the limit", too_large),
            (Some((5, 1, 1)), "550 5.1.1 nobody", Some((5, 1, 1))),
            (Some((5, 0, 0)), "550 no", Some((5, 0, 0))),
            (None, "", None),
        ] {
            assert_eq!(failed(status, said).code(), code, "{status:?} {said}");
        }
        // Of what did arrive it says nothing.
        let relayed = Fate {
            action: Action::Relayed,
            ..failed(Some((2, 0, 0)), "250 message too large")
        };
        assert_eq!(relayed.code(), Some((2, 0, 0)));
    }
}
