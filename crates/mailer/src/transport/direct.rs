//! Without a relay: to the servers that take a recipient's mail, over SMTP.
//!
//! Servers are tried in the order of their preference, each address of each (RFC 5321, section 5.1), until one lets us in; what the message itself
//! is told there stands. The way is encrypted where the server offers it, whoever's its certificate is; where that fails the same server is tried in
//! clear (RFC 7435): the alternative is not to send. Addresses of this machine and of private networks are passed over, lest a domain's owner
//! points us at our own house.

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
use std::sync::{Mutex, MutexGuard, PoisonError};
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
    /// By domain, those that wait longest first.
    idle: Mutex<VecDeque<(String, Session)>>,
}

impl Direct {
    /// Nobody is spoken to yet. Fails when encryption cannot be set up.
    pub(crate) fn new(
        settings: DirectSettings,
        timeouts: Timeouts,
        domain: &str,
        resolver: Resolver,
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
            idle: Mutex::default(),
        })
    }

    /// Carries one message to a server of its recipient's domain.
    pub async fn send(&self, message: &Outgoing<'_>, fence: &dyn Fence) -> Ending {
        let until = Instant::now() + Duration::from_millis(self.timeouts.before_body);
        let (_, domain) = message
            .recipient
            .rsplit_once('@')
            .unwrap_or(("", message.recipient));
        let domain = domain.to_ascii_lowercase();
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
    use crate::settings::DnsSettings;
    use crate::testing::{DnsAnswer, DnsStage, Judge, Manner};
    use crate::transport::NoFence;

    #[tokio::test]
    async fn whoever_writes_to_many_domains_does_not_stay_connected_to_all() {
        let domains: Vec<&'static str> = (0..MOST_IDLE + 8)
            .map(|number| &*format!("city{number}.example").leak())
            .collect();
        let told: Vec<_> = domains
            .iter()
            .map(|domain| (*domain, DnsAnswer::Address([127, 0, 0, 1])))
            .collect();
        let (dns, judge) = (DnsStage::open(&told), Judge::open(Manner::default()));
        let judge = judge.unwrap();
        let settings = DirectSettings {
            port: judge.port(),
            allow_private: true,
            ..DirectSettings::default()
        };
        let resolver = Resolver::open(&DnsSettings {
            servers: vec![dns.address().to_string()],
            ..DnsSettings::default()
        });
        let timeouts = Timeouts::default();
        let direct =
            Direct::new(settings, timeouts, "petition.example", resolver.unwrap()).unwrap();
        for domain in domains.iter().chain(domains.last()) {
            let message = Outgoing {
                sender: "bounce@petition.example",
                recipient: &format!("mayor@{domain}"),
                bytes: b"Subject: Forbid it\r\n\r\nForbid it.\r\n",
                envelope_id: None,
            };
            let ending = direct.send(&message, &NoFence).await;
            assert!(matches!(ending, Ending::Accepted(_)), "{ending:?}");
        }
        assert_eq!(direct.idle().len(), MOST_IDLE);
        // The last one was written to twice over one connection.
        assert_eq!(judge.connections(), domains.len());
        direct.rest().await;
        assert!(direct.idle().is_empty());
    }
}
