//! One table from what a server said to what it means, and from that to what follows.

use super::Reply;
use redress_model::delivery::AttemptStage;
use redress_model::delivery::state::DeliveryState;

/// What an answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Come back later; nothing is wrong with the domain.
    Greylist,
    /// The server, or the way to it, is in trouble.
    DomainTrouble,
    /// The mailbox is full: people empty them.
    MailboxFull,
    /// Nobody is there under that address.
    BadAddress,
    /// Too large for this server.
    TooLarge,
    /// A rule of theirs holds it off. Never a dead address.
    Blocked,
    /// We said something wrong: every letter would fail the same way.
    OurFault,
    /// Nothing was said after the dot: it may have arrived.
    Uncertain,
}

impl Class {
    /// The one state that follows.
    pub fn state(self) -> DeliveryState {
        match self {
            Self::Greylist | Self::DomainTrouble | Self::MailboxFull => DeliveryState::Deferred,
            Self::BadAddress => DeliveryState::Refused,
            Self::TooLarge => DeliveryState::TooLarge,
            Self::Blocked | Self::OurFault => DeliveryState::Held,
            Self::Uncertain => DeliveryState::Uncertain,
        }
    }

    /// Its word in logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Greylist => "greylist",
            Self::DomainTrouble => "domain_trouble",
            Self::MailboxFull => "mailbox_full",
            Self::BadAddress => "bad_address",
            Self::TooLarge => "too_large",
            Self::Blocked => "blocked",
            Self::OurFault => "our_fault",
            Self::Uncertain => "uncertain",
        }
    }
}

/// What a negative answer means. The enhanced code decides where there is one, then the basic code, then words that
/// servers without enhanced codes use, then how far the session had come.
pub fn classify(stage: AttemptStage, reply: &Reply) -> Class {
    let words = reply.text.to_ascii_lowercase();
    match reply.code {
        421 => Class::DomainTrouble,
        400..=499 => passing(stage, reply, &words),
        _ => lasting(stage, reply, &words),
    }
}

#[expect(
    clippy::match_same_arms,
    reason = "the first row that fits decides, so that rows of one class stand apart"
)]
fn passing(stage: AttemptStage, reply: &Reply, words: &str) -> Class {
    match (reply.code, reply.enhanced) {
        // Credentials and encryption do not mend themselves, but a relay's own back end may.
        (454, _) => Class::DomainTrouble,
        (_, Some((_, 2, 2))) => Class::MailboxFull,
        (_, Some((_, 3 | 4, _))) => Class::DomainTrouble,
        (_, Some((_, 7, 0 | 1))) => Class::Greylist,
        (_, Some((_, 7, _))) => Class::DomainTrouble,
        (_, Some(_)) => Class::Greylist,
        (452, None) if says_full(words) => Class::MailboxFull,
        (452, None) if words.contains("storage") || words.contains("disk") => Class::DomainTrouble,
        _ if says_later(words) => Class::Greylist,
        _ if is_before_the_address(stage) => Class::DomainTrouble,
        _ => Class::Greylist,
    }
}

#[expect(
    clippy::match_same_arms,
    reason = "the first row that fits decides, so that rows of one class stand apart"
)]
fn lasting(stage: AttemptStage, reply: &Reply, words: &str) -> Class {
    match (reply.code, reply.enhanced) {
        // Encryption or a login is asked for: the profile is wrong.
        (530 | 534 | 535 | 538, _) | (_, Some((_, 7, 8 | 9 | 10 | 11 | 14))) => Class::OurFault,
        (_, Some((_, 7, _))) => Class::Blocked,
        (_, Some((_, 2, 2))) => Class::MailboxFull,
        (_, Some((_, 2, 3) | (_, 3, 4))) => Class::TooLarge,
        // The sender's address, not the official's.
        (_, Some((_, 1, 7))) => Class::OurFault,
        (_, Some((_, 1, 8))) => Class::Blocked,
        (_, Some((_, 1, _) | (_, 2, 1) | (_, 4, 1 | 4 | 310))) => Class::BadAddress,
        (_, Some((_, 6, _))) => Class::OurFault,
        // Some servers call everything 5.5.0 or 5.0.0: their words say more.
        (_, Some((_, 0 | 2 | 5, _)) | None) if says_full(words) => Class::MailboxFull,
        (_, Some((_, 0 | 2 | 3, _)) | None) if says_large(words) => Class::TooLarge,
        (_, Some((_, 0 | 2 | 5, _)) | None) if says_blocked(words) => Class::Blocked,
        (_, Some((_, 0 | 2 | 5, _)) | None) if says_nobody(words) => Class::BadAddress,
        (_, Some((_, 5, _))) | (500..=504 | 555, None) => Class::OurFault,
        (_, Some((_, 3 | 4, _))) => Class::Blocked,
        (552, _) if stage == AttemptStage::Recipient => Class::MailboxFull,
        (552, _) => Class::TooLarge,
        (550 | 551 | 553, _) if stage == AttemptStage::Recipient => Class::BadAddress,
        _ => Class::Blocked,
    }
}

fn is_before_the_address(stage: AttemptStage) -> bool {
    matches!(
        stage,
        AttemptStage::Connect | AttemptStage::Greet | AttemptStage::Secure | AttemptStage::Sender
    )
}

fn has_any(words: &str, signs: &[&str]) -> bool {
    signs.iter().any(|sign| words.contains(sign))
}

fn says_full(words: &str) -> bool {
    has_any(
        words,
        &[
            "quota",
            "mailbox full",
            "mailbox is full",
            "inbox full",
            "mailfolder is full",
            "out of space",
        ],
    )
}

fn says_large(words: &str) -> bool {
    has_any(words, &["size", "too large", "too big", "too long"])
}

fn says_later(words: &str) -> bool {
    has_any(
        words,
        &[
            "greylist",
            "graylist",
            "grey list",
            "try again later",
            "try later",
            "come back",
        ],
    )
}

fn says_blocked(words: &str) -> bool {
    has_any(
        words,
        &[
            "block",
            "spam",
            "policy",
            "policies",
            "prohibit",
            "reputation",
            "denied",
            "not permitted",
            "blacklist",
            "banned",
            "dmarc",
            "spf",
            "dkim",
            "virus",
            "listed",
            "unsolicited",
        ],
    )
}

fn says_nobody(words: &str) -> bool {
    has_any(
        words,
        &[
            "no such",
            "unknown",
            "does not exist",
            "doesn't exist",
            "not found",
            "no mailbox",
            "mailbox unavailable",
            "unrouteable",
            "unroutable",
            "invalid recipient",
            "invalid mailbox",
            "not a valid",
            "no longer",
            "disabled",
            "inactive",
            "user doesn't",
            "undeliverable",
            "bad address",
            "address rejected",
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::recorded::RECORDED;
    use proptest::prelude::*;
    use redress_model::delivery::AttemptStage as Stage;

    #[test]
    fn every_recorded_answer_has_its_class() {
        assert!(RECORDED.len() >= 60);
        let wrong: Vec<String> = RECORDED
            .iter()
            .filter_map(|&(stage, code, text, class)| {
                let found = classify(stage, &Reply::new(code, text));
                (found != class).then(|| format!("{code} {text}: {found:?}, not {class:?}"))
            })
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn every_class_has_a_step_that_the_database_takes() {
        for class in [
            Class::Greylist,
            Class::DomainTrouble,
            Class::MailboxFull,
            Class::BadAddress,
            Class::TooLarge,
            Class::Blocked,
            Class::OurFault,
        ] {
            assert!(DeliveryState::Leased.may_become(class.state()), "{class:?}");
            assert!(
                DeliveryState::DataSent.may_become(class.state()),
                "{class:?}"
            );
        }
        assert!(DeliveryState::DataSent.may_become(Class::Uncertain.state()));
        assert!(!DeliveryState::Leased.may_become(Class::Uncertain.state()));
    }

    fn stage() -> impl Strategy<Value = Stage> {
        proptest::sample::select(Stage::ALL)
    }

    proptest! {
        #[test]
        fn a_passing_answer_never_ends_a_delivery(stage in stage(), code in 400_u16..500, text in "\\PC{0,80}") {
            prop_assert_eq!(classify(stage, &Reply::new(code, &text)).state(), DeliveryState::Deferred);
        }

        #[test]
        fn an_answer_of_policy_never_means_a_dead_address(
            stage in stage(), code in 550_u16..560, detail in 0_u16..999, text in "\\PC{0,80}",
        ) {
            let reply = Reply::new(code, &format!("5.7.{detail} {text}"));
            prop_assert_eq!(classify(stage, &reply).state(), DeliveryState::Held);
        }

        #[test]
        fn no_answer_to_anything_is_uncertain(stage in stage(), code in 300_u16..1000, text in "\\PC{0,80}") {
            prop_assert_ne!(classify(stage, &Reply::new(code, &text)), Class::Uncertain);
        }
    }
}
