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

/// Whom a letter goes to, by the names of breakers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Way {
    /// The recipient's domain.
    pub(super) domain: String,
    /// The group of servers that take its mail, or the domain where they are not known.
    pub(super) group: String,
    /// The letter's batch.
    pub(super) batch: String,
    /// Whether there is no relay between them and us.
    pub(super) is_direct: bool,
}

impl Way {
    /// Whether a breaker is about this letter.
    pub(super) fn is_of(&self, name: &str) -> bool {
        name == RELAY
            || [&self.domain, &self.group, &self.batch]
                .iter()
                .any(|it| *it == name)
    }
}

/// What an ending tells of the relay and of the servers behind it. Before the recipient is named the relay speaks for itself; after that it
/// speaks for the servers, and by speaking at all it is well. Without a relay the servers always speak for themselves. Their trouble is the whole
/// group's, a block is the domain's; greylisting, full mailboxes and unknown people are nobody's. What is our own fault is the batch's: the next of its letters
/// would be refused for the same.
pub(super) fn signs(way: &Way, ending: &Ending) -> Vec<Told> {
    let told = |name: &str, sign, reply: &Reply| Told {
        name: name.to_owned(),
        sign,
        reply: reply.clone(),
    };
    match ending {
        Ending::Accepted(reply) => vec![
            told(RELAY, Sign::Well, reply),
            told(&way.group, Sign::Well, reply),
            // Its own breaker is from before its group was known.
            told(&way.domain, Sign::Well, reply),
        ],
        Ending::Refused {
            stage,
            reply,
            class,
            ..
        } => {
            let is_relay = !way.is_direct && is_relay(*stage);
            let or_relay = |name| if is_relay { RELAY } else { name };
            let sign = match class {
                Class::DomainTrouble => Some((or_relay(&way.group), Sign::Trouble)),
                Class::Blocked => Some((or_relay(&way.domain), Sign::Blocked)),
                Class::OurFault if is_ours(ending) => Some((or_relay(&way.group), Sign::Trouble)),
                // Our own word is about one letter, which is held alone.
                Class::OurFault if reply.code > 0 => Some((way.batch.as_str(), Sign::Blocked)),
                Class::Greylist | Class::MailboxFull | Class::BadAddress | Class::TooLarge
                    if reply.code > 0 =>
                {
                    Some((or_relay(&way.group), Sign::Well))
                }
                _ => None,
            };
            let mut all: Vec<Told> = sign
                .map(|(name, sign)| told(name, sign, reply))
                .into_iter()
                .collect();
            if !(is_relay || way.is_direct) && reply.code > 0 {
                all.push(told(RELAY, Sign::Well, reply));
            }
            all
        }
        Ending::Broken { stage, failure } => {
            let is_relay = !way.is_direct && is_relay(*stage);
            let name = if is_relay { RELAY } else { &way.group };
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
    pub(super) async fn record_signs(&self, all: Vec<Told>) -> Option<(String, Sign)> {
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
                opened = Some((name, sign));
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

    fn way(is_direct: bool) -> Way {
        Way {
            domain: "city.example".into(),
            group: "mx:provider.example".into(),
            batch: "batch:7".into(),
            is_direct,
        }
    }

    fn told(ending: &Ending) -> Vec<(String, Sign)> {
        told_by(&way(false), ending)
    }

    fn told_by(way: &Way, ending: &Ending) -> Vec<(String, Sign)> {
        signs(way, ending)
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
            [trouble("mx:provider.example"), well(RELAY)]
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
    fn without_a_relay_the_servers_speak_for_themselves() {
        let way = way(true);
        let trouble = |name: &str| vec![(name.to_owned(), Sign::Trouble)];
        for ending in [
            refused(Stage::Greet, 421, "busy"),
            Ending::Broken {
                stage: Stage::Connect,
                failure: "refused".into(),
            },
        ] {
            assert_eq!(told_by(&way, &ending), trouble("mx:provider.example"));
        }
        let blocked = refused(Stage::Greet, 554, "5.7.1 your address is listed");
        assert_eq!(
            told_by(&way, &blocked)[0],
            ("city.example".to_owned(), Sign::Blocked)
        );
    }

    #[test]
    fn what_a_server_calls_our_fault_holds_the_batch_and_what_we_call_so_the_letter() {
        let fault = refused(Stage::Dot, 554, "5.6.0 bad header");
        assert_eq!(told(&fault)[0], ("batch:7".to_owned(), Sign::Blocked));
        let own = Ending::refused_here(Stage::Data, Class::OurFault, "a line is broken");
        assert_eq!(told(&own), []);
        assert!(way(false).is_of("batch:7") && way(false).is_of(RELAY));
        assert!(!way(false).is_of("batch:8"));
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
