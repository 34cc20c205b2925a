//! Without a relay: to the servers that take a recipient's mail, over SMTP.
//!
//! Servers are tried in the order of their preference, each address of each (RFC 5321, section 5.1), until one lets us in; what the message itself
//! is told there stands. The way is encrypted where the server offers it, whoever's its certificate is; where that fails the same server is tried in
//! clear (RFC 7435): the alternative is not to send. Addresses of this machine and of private networks are passed over, lest a domain's owner
//! points us at our own house. How large a message the server that let us in takes is remembered for its domain.

use super::ceilings::Ceilings;
use super::smtp::{Opening, Session, is_tired};
use super::{Ending, Fence, Outgoing};
use crate::connection::Encryption;
use crate::error::MailerError;
use crate::reply::Reply;
use crate::reply::class::Class;
use crate::servers::{Resolver, Servers, is_public};
use crate::settings::{DirectSettings, RelaySettings, Timeouts, TlsMode};
use redress_model::delivery::AttemptStage as Stage;
use std::collections::VecDeque;
use std::net::IpAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// How many connections wait for another message, over all domains: who writes to thousands of cities does not stay connected to them.
const MOST_IDLE: usize = 32;

/// How many addresses of one server are tried.
const MOST_ADDRESSES: usize = 4;

/// The servers of all recipients, with the connections to them that wait for the next message.
pub struct Direct {
    settings: DirectSettings,
    timeouts: Timeouts,
    hello: String,
    encryption: Encryption,
    resolver: Resolver,
    /// Where what servers say of sizes is remembered.
    ceilings: Arc<Ceilings>,
    /// By domain, those that wait longest first.
    idle: Mutex<VecDeque<(String, Session)>>,
}

impl Direct {
    /// Nobody is spoken to yet. Fails when encryption cannot be set up.
    pub(super) fn new(
        settings: DirectSettings,
        timeouts: Timeouts,
        domain: &str,
        resolver: Resolver,
        ceilings: Arc<Ceilings>,
    ) -> Result<Self, MailerError> {
        let hello = match settings.hello.as_str() {
            "" => domain.to_owned(),
            set => set.to_owned(),
        };
        let encryption = Encryption::new(domain, TlsMode::Opportunistic, Path::new(""))?;
        Ok(Self {
            settings,
            timeouts,
            hello,
            encryption,
            resolver,
            ceilings,
            idle: Mutex::default(),
        })
    }

    /// Carries one message to a server of its recipient's domain.
    pub async fn send(&self, message: &Outgoing<'_>, fence: &dyn Fence) -> Ending {
        let until = Instant::now() + Duration::from_millis(self.timeouts.before_body);
        let domain = message.domain();
        while let Some(mut session) = self.take(&domain) {
            // A server may have hung up in the meantime.
            let ending = session.send(message, fence, until).await;
            if is_tired(&ending) {
                continue;
            }
            self.keep(&domain, session).await;
            return ending;
        }
        match self.open(&domain, until).await {
            Ok(mut session) => {
                self.ceilings.hear(&domain, session.largest());
                let ending = session.send(message, fence, until).await;
                self.keep(&domain, session).await;
                ending
            }
            Err(ending) => ending,
        }
    }

    /// Says goodbye to connections that wait.
    pub async fn rest(&self) {
        let idle = std::mem::take(&mut *self.idle());
        for (_, session) in idle {
            session.quit().await;
        }
    }

    /// The first server that lets us in; otherwise how the last one did not.
    async fn open(&self, domain: &str, until: Instant) -> Result<Session, Ending> {
        let silent = || broken("the DNS does not answer");
        let found = timeout_at(until, self.resolver.servers(domain)).await;
        let hosts = match found {
            Ok(Ok(Servers::Named(hosts))) => hosts,
            Ok(Ok(Servers::Own)) => vec![domain.to_owned()],
            Ok(Ok(Servers::TakesNone)) => {
                return Err(refused("5.1.10 the domain takes no mail"));
            }
            Ok(Ok(Servers::NoDomain)) => return Err(refused("5.1.2 there is no such domain")),
            Ok(Err(_)) | Err(_) => return Err(silent()),
        };
        let mut last = None;
        let mut has_address = false;
        for host in &hosts {
            let Ok(Ok(addresses)) = timeout_at(until, self.resolver.addresses(host)).await else {
                last = Some(silent());
                continue;
            };
            for address in addresses.into_iter().take(MOST_ADDRESSES) {
                has_address = true;
                if !(self.settings.allow_private || is_public(address)) {
                    last = Some(broken("the server has a private address"));
                    continue;
                }
                match self.speak(host, address, until).await {
                    Ok(session) => return Ok(session),
                    Err(ending) => last = Some(ending),
                }
            }
        }
        if !has_address && last.is_none() {
            return Err(refused("5.1.2 no server of the domain has an address"));
        }
        Err(last.unwrap_or_else(silent))
    }

    /// Greets a server, encrypted where it offers that and it works.
    async fn speak(&self, host: &str, address: IpAddr, until: Instant) -> Result<Session, Ending> {
        let encryption = self.encryption.for_host(host);
        let settings = |tls| RelaySettings {
            host: address.to_string(),
            port: self.settings.port,
            tls,
            hello: self.hello.clone(),
            ..RelaySettings::default()
        };
        let (encrypted, clear) = (settings(TlsMode::Opportunistic), settings(TlsMode::None));
        let mut opening = Opening {
            settings: &encrypted,
            timeouts: self.timeouts,
            encryption: &encryption,
            credentials: None,
        };
        let opened = Session::open(&opening, until).await;
        let is_about_encryption = matches!(
            &opened,
            Err(Ending::Broken { stage, .. } | Ending::Refused { stage, .. }) if *stage == Stage::Secure
        );
        if !is_about_encryption {
            return opened;
        }
        opening.settings = &clear;
        Session::open(&opening, until).await
    }

    fn idle(&self) -> MutexGuard<'_, VecDeque<(String, Session)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, domain: &str) -> Option<Session> {
        let mut idle = self.idle();
        let at = idle.iter().rposition(|(known, _)| known == domain)?;
        idle.remove(at).map(|(_, session)| session)
    }

    async fn keep(&self, domain: &str, session: Session) {
        if !session.is_usable(self.settings.messages_per_connection) {
            return;
        }
        let oldest = {
            let mut idle = self.idle();
            idle.push_back((domain.to_owned(), session));
            (idle.len() > MOST_IDLE).then(|| idle.pop_front()).flatten()
        };
        if let Some((_, oldest)) = oldest {
            oldest.quit().await;
        }
    }
}

fn broken(why: &str) -> Ending {
    Ending::Broken {
        stage: Stage::Connect,
        failure: why.to_owned(),
    }
}

/// What the DNS says is as good as a server's word: the address is dead.
fn refused(why: &str) -> Ending {
    Ending::Refused {
        stage: Stage::Recipient,
        reply: Reply::ours(why),
        class: Class::BadAddress,
        has_passed: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{DnsSettings, MailerSettings, TransportSettings};
    use crate::testing::{DnsAnswer, DnsStage, Judge, Manner};
    use crate::transport::{NoFence, Transport};

    const LETTER: &[u8] = b"Subject: Forbid it\r\n\r\nForbid it.\r\n";
    const HERE: DnsAnswer = DnsAnswer::Address([127, 0, 0, 1]);

    /// All servers are one, on this machine.
    fn settings(judge: &Judge, dns: &DnsStage) -> MailerSettings {
        MailerSettings {
            transport: TransportSettings::Direct(DirectSettings {
                port: judge.port(),
                allow_private: true,
                ..DirectSettings::default()
            }),
            dns: DnsSettings {
                servers: vec![dns.address().to_string()],
                ..DnsSettings::default()
            },
            ..MailerSettings::default()
        }
    }

    fn direct(settings: &MailerSettings) -> Direct {
        let TransportSettings::Direct(direct) = &settings.transport else {
            panic!("a relay was asked for");
        };
        let resolver = Resolver::open(&settings.dns).unwrap();
        let ceilings = Arc::new(Ceilings::new(settings).unwrap());
        Direct::new(
            direct.clone(),
            settings.timeouts,
            "petition.example",
            resolver,
            ceilings,
        )
        .unwrap()
    }

    fn letter<'a>(recipient: &'a str, bytes: &'a [u8]) -> Outgoing<'a> {
        Outgoing {
            sender: "bounce@petition.example",
            recipient,
            bytes,
            envelope_id: None,
        }
    }

    #[tokio::test]
    async fn whoever_writes_to_many_domains_does_not_stay_connected_to_all() {
        let domains: Vec<&'static str> = (0..MOST_IDLE + 8)
            .map(|number| &*format!("city{number}.example").leak())
            .collect();
        let told: Vec<_> = domains.iter().map(|domain| (*domain, HERE)).collect();
        let (dns, judge) = (DnsStage::open(&told), Judge::open(Manner::default()));
        let judge = judge.unwrap();
        let direct = direct(&settings(&judge, &dns));
        for domain in domains.iter().chain(domains.last()) {
            let recipient = format!("mayor@{domain}");
            let ending = direct.send(&letter(&recipient, LETTER), &NoFence).await;
            assert!(matches!(ending, Ending::Accepted(_)), "{ending:?}");
        }
        assert_eq!(direct.idle().len(), MOST_IDLE);
        // The last one was written to twice over one connection.
        assert_eq!(judge.connections(), domains.len());
        direct.rest().await;
        assert!(direct.idle().is_empty());
    }

    fn is_too_large(ending: &Ending) -> bool {
        matches!(
            ending,
            Ending::Refused {
                stage: Stage::Sender,
                class: Class::TooLarge,
                has_passed: false,
                ..
            }
        )
    }

    #[tokio::test]
    async fn what_a_domains_server_said_of_sizes_spares_the_next_large_letter_a_connection() {
        let manner = Manner {
            extensions: vec![format!("SIZE {}", LETTER.len())],
            ..Manner::default()
        };
        let (dns, judge) = (
            DnsStage::open(&[("city.example", HERE), ("town.example", HERE)]),
            Judge::open(manner).unwrap(),
        );
        let settings = settings(&judge, &dns);
        let transport = Transport::open(&settings, "petition.example")
            .await
            .unwrap();
        let bytes = [LETTER, b"Again.\r\n".as_slice()].concat();
        let large = letter("mayor@city.example", &bytes);
        let first = transport.send(&large, &NoFence).await;
        assert!(is_too_large(&first), "{first:?}");
        assert_eq!(judge.connections(), 1);
        transport.rest().await;
        let asked = dns.asked();

        for recipient in ["mayor@city.example", "clerk@City.example"] {
            let next = transport.send(&letter(recipient, &bytes), &NoFence).await;
            assert_eq!(next, first);
        }

        assert_eq!((judge.connections(), dns.asked()), (1, asked));
        // What is small enough goes, and another domain speaks for itself.
        let small = letter("mayor@city.example", LETTER);
        let ending = transport.send(&small, &NoFence).await;
        assert!(matches!(ending, Ending::Accepted(_)), "{ending:?}");
        let elsewhere = letter("mayor@town.example", &bytes);
        let ending = transport.send(&elsewhere, &NoFence).await;
        assert!(is_too_large(&ending), "{ending:?}");
        assert_eq!((judge.ledger().len(), judge.connections()), (1, 3));
    }

    #[tokio::test]
    async fn a_server_that_names_no_size_takes_what_is_under_the_ceiling() {
        for extensions in [vec!["SIZE".to_owned()], vec!["SIZE 0".to_owned()], vec![]] {
            let manner = Manner {
                extensions,
                ..Manner::default()
            };
            let dns = DnsStage::open(&[("city.example", HERE)]);
            let judge = Judge::open(manner).unwrap();
            let settings = MailerSettings {
                ceiling: LETTER.len(),
                ..settings(&judge, &dns)
            };
            let transport = Transport::open(&settings, "petition.example");
            let transport = transport.await.unwrap();
            let double = [LETTER, LETTER].concat();
            for (bytes, is_sent) in [(LETTER, true), (&double[..], false), (LETTER, true)] {
                let message = letter("mayor@city.example", bytes);
                let ending = transport.send(&message, &NoFence).await;
                let is_right = match &ending {
                    Ending::Accepted(_) => is_sent,
                    other => !is_sent && is_too_large(other),
                };
                assert!(is_right, "{ending:?}");
            }
            assert_eq!((judge.ledger().len(), judge.connections()), (2, 1));
        }
    }
}
