//! What a try says about the servers that it spoke to.

use crate::mailer::Mailer;
use crate::reply::Reply;
use crate::reply::class::Class;
use crate::transport::Ending;
use redress_model::delivery::AttemptStage as Stage;
use redress_storage::breakers::{RELAY, Sign};

/// A sign about a breaker, with the answer that gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) name: String,
    pub(super) sign: Sign,
    pub(super) reply: Reply,
}

/// What an ending tells of the relay and of the domain behind it. Before the recipient is named the relay speaks for itself; after that it
/// speaks for the domain, and by speaking at all it is well. Greylisting, full mailboxes and unknown people are no trouble of a domain.
pub(super) fn signs(domain: &str, ending: &Ending) -> Vec<Told> {
    let told = |name: &str, sign, reply: &Reply| Told {
        name: name.to_owned(),
        sign,
        reply: reply.clone(),
    };
    match ending {
        Ending::Accepted(reply) => vec![
            told(RELAY, Sign::Well, reply),
            told(domain, Sign::Well, reply),
        ],
        Ending::Refused {
            stage,
            reply,
            class,
            ..
        } => {
            let is_relay = is_relay(*stage);
            let name = if is_relay { RELAY } else { domain };
            let sign = match class {
                Class::DomainTrouble => Some(Sign::Trouble),
                Class::Blocked => Some(Sign::Blocked),
                Class::OurFault => is_ours(ending).then_some(Sign::Trouble),
                Class::Greylist | Class::MailboxFull | Class::BadAddress | Class::TooLarge => {
                    (reply.code > 0).then_some(Sign::Well)
                }
                Class::Uncertain => None,
            };
            let mut all: Vec<Told> = sign
                .map(|sign| told(name, sign, reply))
                .into_iter()
                .collect();
            if !is_relay && reply.code > 0 {
                all.push(told(RELAY, Sign::Well, reply));
            }
            all
        }
        Ending::Broken { stage, failure } => {
            let name = if is_relay(*stage) { RELAY } else { domain };
            vec![told(name, Sign::Trouble, &Reply::ours(failure))]
        }
        Ending::Silent { .. } | Ending::Fenced => Vec::new(),
    }
}

/// Whether the trouble is between the relay and us, so that no letter was tried: no encryption, no login.
pub(super) fn is_ours(ending: &Ending) -> bool {
    matches!(
        ending,
        Ending::Refused {
            stage: Stage::Connect | Stage::Greet | Stage::Secure,
            class: Class::OurFault,
            has_passed: false,
            ..
        }
    )
}

fn is_relay(stage: Stage) -> bool {
    matches!(
        stage,
        Stage::Connect | Stage::Greet | Stage::Secure | Stage::Sender
    )
}

impl Mailer {
    /// Takes what was told into account, for all processes, and gives the name of a breaker that it opened or blocked. What is well is
    /// written down only where it was not.
    pub(super) async fn record_signs(&self, all: Vec<Told>) -> Option<String> {
        let mut opened = None;
        for Told { name, sign, reply } in all {
            if sign == Sign::Well && !self.troubled().contains(&name) {
                continue;
            }
            let said = (reply.code, reply.text);
            let breakers = &self.store().breakers;
            let recorded = breakers
                .record_sign(&name, sign, Some(&said), self.now())
                .await;
            if let Err(error) = recorded {
                // Pace is not worth a letter: the next try says the same.
                tracing::warn!(error = %error, "a breaker was not written");
                continue;
            }
            if sign == Sign::Well {
                self.troubled().remove(&name);
            } else {
                tracing::warn!(
                    breaker.name = name,
                    reply.code = said.0,
                    "servers get no letters for a while"
                );
                self.troubled().insert(name.clone());
                opened = Some(name);
            }
        }
        opened
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(stage: Stage, code: u16, text: &str) -> Ending {
        let reply = Reply::new(code, text);
        let class = crate::reply::class::classify(stage, &reply);
        Ending::Refused {
            stage,
            reply,
            class,
            has_passed: stage == Stage::Dot,
        }
    }

    fn told(ending: &Ending) -> Vec<(String, Sign)> {
        signs("city.example", ending)
            .into_iter()
            .map(|told| (told.name, told.sign))
            .collect()
    }

    #[test]
    fn who_speaks_before_the_recipient_is_the_relay_and_after_it_the_domain() {
        let trouble = |name: &str| (name.to_owned(), Sign::Trouble);
        let well = |name: &str| (name.to_owned(), Sign::Well);
        let blocked = |name: &str| (name.to_owned(), Sign::Blocked);
        assert_eq!(told(&refused(Stage::Greet, 421, "busy")), [trouble(RELAY)]);
        assert_eq!(
            told(&refused(Stage::Recipient, 421, "4.7.0 slow down")),
            [trouble("city.example"), well(RELAY)]
        );
        assert_eq!(
            told(&refused(Stage::Dot, 550, "5.7.1 blocked")),
            [blocked("city.example"), well(RELAY)]
        );
        let broken = Ending::Broken {
            stage: Stage::Connect,
            failure: "refused".into(),
        };
        assert_eq!(told(&broken), [trouble(RELAY)]);
    }

    #[test]
    fn greylisting_and_unknown_people_are_no_trouble() {
        for (code, text) in [
            (451, "4.7.1 later"),
            (550, "5.1.1 nobody"),
            (452, "4.2.2 full"),
        ] {
            let told = told(&refused(Stage::Recipient, code, text));
            assert!(told.iter().all(|(_, sign)| *sign == Sign::Well), "{text}");
        }
    }

    #[test]
    fn a_refused_login_is_our_trouble_and_a_refused_letter_is_not() {
        assert!(is_ours(&refused(Stage::Secure, 535, "5.7.8 wrong")));
        assert!(!is_ours(&refused(Stage::Secure, 454, "4.7.0 later")));
        assert!(!is_ours(&refused(Stage::Recipient, 501, "5.5.4 what")));
    }
}
