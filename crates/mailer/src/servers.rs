//! Which servers take the mail of a domain (RFC 5321, section 5.1; RFC 7505), as the DNS says.
//!
//! Domains with the same servers are one group: what a provider says about one of its cities it says about all. A group is named for
//! the domain of the server that is tried first, so that `city-example.mail.provider.example` and `town-example.mail.provider.example` are one.

mod public;

pub(crate) use public::is_public;

use crate::error::MailerError;
use crate::settings::DnsSettings;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::RData;
use redress_storage::breakers::GROUP;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// Of how many servers of a domain addresses are asked for; who names more is not helped by them.
const MOST_HOSTS: usize = 8;

/// The servers of a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Servers {
    /// These, in the order in which they are tried, without the last dot.
    Named(Vec<String>),
    /// None is named: the domain is its own server.
    Own,
    /// The domain says that it takes no mail.
    TakesNone,
    /// There is no such domain.
    NoDomain,
}

/// The DNS did not answer, or not in a way that means anything: to be asked again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the DNS does not answer")]
pub(crate) struct NoAnswer;

/// Whoever is asked.
#[derive(Clone)]
pub(crate) struct Resolver(TokioResolver);

impl Resolver {
    /// Asks the servers that the settings name, or the machine's. Nobody is asked yet.
    pub(crate) fn open(settings: &DnsSettings) -> Result<Self, MailerError> {
        let unusable = MailerError::Settings(
            "mailer.dns.servers: addresses with ports, such as 127.0.0.1:53; or none, and a machine that knows its own",
        );
        let mut builder = if settings.servers.is_empty() {
            TokioResolver::builder_tokio().map_err(|_| unusable)?
        } else {
            let mut servers = Vec::new();
            for text in &settings.servers {
                let Ok(address) = text.parse::<SocketAddr>() else {
                    return Err(unusable);
                };
                servers.push(name_server(address));
            }
            let config = ResolverConfig::from_parts(None, Vec::new(), servers);
            TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
        };
        let options = builder.options_mut();
        options.timeout = Duration::from_secs(5);
        options.attempts = 2;
        options.use_hosts_file = ResolveHosts::Never;
        let resolver = builder
            .build()
            .map_err(|_| MailerError::Settings("mailer.dns: the DNS cannot be asked"))?;
        Ok(Self(resolver))
    }

    /// The servers of a domain.
    pub(crate) async fn servers(&self, domain: &str) -> Result<Servers, NoAnswer> {
        let answer = match self.0.mx_lookup(absolute(domain)).await {
            Ok(answer) => answer,
            Err(error) => {
                return match negative(&error) {
                    Some(ResponseCode::NXDomain) => Ok(Servers::NoDomain),
                    Some(ResponseCode::NoError) => Ok(Servers::Own),
                    _ => Err(NoAnswer),
                };
            }
        };
        let mut named: Vec<(u16, String)> = answer
            .answers()
            .iter()
            .filter_map(|record| match &record.data {
                RData::MX(mx) => Some((mx.preference, mx.exchange.to_lowercase().to_ascii())),
                _ => None,
            })
            .map(|(preference, host)| (preference, host.trim_end_matches('.').to_owned()))
            .collect();
        if named.is_empty() {
            return Ok(Servers::Own);
        }
        named.retain(|(_, host)| !host.is_empty());
        if named.is_empty() {
            return Ok(Servers::TakesNone);
        }
        // Of equal ones the order is the answer's, which DNS servers turn round from one question to the next.
        named.sort_by_key(|(preference, _)| *preference);
        named.truncate(MOST_HOSTS);
        Ok(Servers::Named(
            named.into_iter().map(|(_, host)| host).collect(),
        ))
    }

    /// The addresses of a server; none where it has none.
    pub(crate) async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, NoAnswer> {
        match self.0.lookup_ip(absolute(host)).await {
            Ok(answer) => Ok(answer.iter().collect()),
            Err(error) if negative(&error).is_some() => Ok(Vec::new()),
            Err(_) => Err(NoAnswer),
        }
    }

    /// The name of the group of servers that take a domain's mail: `mx:provider.example`, or the domain's own.
    pub(crate) async fn group(&self, domain: &str) -> Result<String, NoAnswer> {
        Ok(match self.servers(domain).await? {
            Servers::Named(hosts) => group_of(domain, &hosts),
            Servers::Own | Servers::TakesNone | Servers::NoDomain => domain.to_owned(),
        })
    }
}

fn group_of(domain: &str, hosts: &[String]) -> String {
    let Some(first) = hosts.first() else {
        return domain.to_owned();
    };
    let owner = psl::domain_str(first).unwrap_or(first);
    if psl::domain_str(domain).unwrap_or(domain) == owner {
        // Its own servers, whatever their names.
        return domain.to_owned();
    }
    format!("{GROUP}{owner}")
}

fn name_server(address: SocketAddr) -> NameServerConfig {
    let mut connections = vec![ConnectionConfig::udp(), ConnectionConfig::tcp()];
    for connection in &mut connections {
        connection.port = address.port();
    }
    NameServerConfig::new(address.ip(), true, connections)
}

/// With its last dot, so that no search domain of the machine is tried.
fn absolute(domain: &str) -> String {
    format!("{}.", domain.trim_end_matches('.'))
}

/// What an answer without records says; `None` for no answer.
fn negative(error: &NetError) -> Option<ResponseCode> {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(none)) => Some(none.response_code),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{DnsAnswer, DnsStage};

    fn opened(stage: &DnsStage) -> Resolver {
        let settings = DnsSettings {
            servers: vec![stage.address().to_string()],
            ..DnsSettings::default()
        };
        Resolver::open(&settings).unwrap()
    }

    #[tokio::test]
    async fn servers_come_in_the_order_of_their_preference() {
        let stage = DnsStage::open(&[(
            "city.example",
            DnsAnswer::Mx(vec![(20, "two.city.example"), (10, "One.city.example")]),
        )]);
        let servers = opened(&stage).servers("city.example").await.unwrap();
        let named = ["one.city.example", "two.city.example"].map(str::to_owned);
        assert_eq!(servers, Servers::Named(named.to_vec()));
    }

    #[tokio::test]
    async fn a_domain_without_servers_is_its_own_and_one_that_takes_none_says_so() {
        let stage = DnsStage::open(&[
            ("own.example", DnsAnswer::Address([192, 0, 2, 7])),
            ("none.example", DnsAnswer::Mx(vec![(0, ".")])),
            ("busy.example", DnsAnswer::Fails),
        ]);
        let resolver = opened(&stage);
        assert_eq!(resolver.servers("own.example").await, Ok(Servers::Own));
        assert_eq!(
            resolver.servers("none.example").await,
            Ok(Servers::TakesNone)
        );
        assert_eq!(
            resolver.servers("gone.example").await,
            Ok(Servers::NoDomain)
        );
        assert_eq!(resolver.servers("busy.example").await, Err(NoAnswer));
        let addresses = resolver.addresses("own.example").await.unwrap();
        assert_eq!(addresses, [IpAddr::from([192, 0, 2, 7])]);
        assert_eq!(resolver.addresses("gone.example").await, Ok(Vec::new()));
    }

    #[tokio::test]
    async fn cities_of_one_provider_are_one_group_and_own_servers_are_none() {
        let mx = |host: &'static str| DnsAnswer::Mx(vec![(10, host)]);
        let stage = DnsStage::open(&[
            ("city.example", mx("city-example.mail.provider.example")),
            ("town.example", mx("town-example.mail.provider.example")),
            ("village.example", mx("mx.village.example")),
            ("own.example", DnsAnswer::Address([192, 0, 2, 7])),
        ]);
        let resolver = opened(&stage);
        for (domain, group) in [
            ("city.example", "mx:provider.example"),
            ("town.example", "mx:provider.example"),
            ("village.example", "village.example"),
            ("own.example", "own.example"),
            ("gone.example", "gone.example"),
        ] {
            assert_eq!(resolver.group(domain).await.as_deref(), Ok(group));
        }
    }

    #[test]
    fn a_server_that_is_no_address_is_refused_when_it_is_set() {
        let settings = DnsSettings {
            servers: vec!["dns.example".into()],
            ..DnsSettings::default()
        };
        assert!(Resolver::open(&settings).is_err());
    }
}
