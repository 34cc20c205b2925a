//! One list: networks, domains and e-mails, one a line.

use super::domain_pattern::DomainPattern;
use super::network::Network;
use crate::email::Email;
use crate::email::canonical::{CanonicalEmail, CanonicalRules};
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Whom a list names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Roster {
    networks: Vec<Network>,
    domains: Vec<DomainPattern>,
    mailboxes: BTreeSet<String>,
}

impl Roster {
    /// Adds a line: what holds an `@` is an e-mail, then a network is tried, then a domain. `false` when it is none of them.
    pub(super) fn add(&mut self, line: &str, rules: &CanonicalRules) -> bool {
        if line.contains('@') {
            let Ok(email) = Email::parse(line) else {
                return false;
            };
            self.mailboxes
                .insert(rules.canonical(&email).as_str().to_owned());
        } else if let Some(network) = Network::parse(line) {
            self.networks.push(network);
        } else if let Some(domain) = DomainPattern::parse(line) {
            self.domains.push(domain);
        } else {
            return false;
        }
        true
    }

    /// Whether it names a client's network.
    pub fn holds_client(&self, client: Option<IpAddr>) -> bool {
        client.is_some_and(|client| self.networks.iter().any(|network| network.holds(client)))
    }

    /// Whether it names a domain.
    pub fn holds_domain(&self, domain: &str) -> bool {
        self.domains.iter().any(|pattern| pattern.names(domain))
    }

    /// Whether it names a mailbox.
    pub fn holds_mailbox(&self, mailbox: &CanonicalEmail) -> bool {
        self.mailboxes.contains(mailbox.as_str())
    }
}
