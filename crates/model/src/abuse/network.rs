//! A network, as lists name it: one address or a block of them.

use ipnet::{IpNet, Ipv6Net};
use std::net::IpAddr;

/// The longest prefix of an IPv6 client: a house has a /64.
pub const HOUSE: u8 = 64;

/// `198.51.100.7`, `198.51.100.0/24`, `2001:db8::/32`. Of IPv6 nothing smaller than a /64 is told apart, for clients are known by
/// that much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network(IpNet);

impl Network {
    /// Reads an address or a block in CIDR's form (RFC 4632, RFC 4291).
    pub fn parse(text: &str) -> Option<Self> {
        let net = text
            .parse::<IpAddr>()
            .map(IpNet::from)
            .or_else(|_| text.parse::<IpNet>())
            .ok()?;
        let net = match net {
            IpNet::V6(six) => match six.addr().to_ipv4_mapped() {
                Some(four) => IpNet::new(four.into(), six.prefix_len().checked_sub(96)?).ok()?,
                None => Ipv6Net::new(six.addr(), six.prefix_len().min(HOUSE))
                    .ok()?
                    .into(),
            },
            four @ IpNet::V4(_) => four,
        };
        Some(Self(net.trunc()))
    }

    /// Whether a client is in it.
    pub fn holds(&self, client: IpAddr) -> bool {
        self.0.contains(&client.to_canonical())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_in_the_blocks_that_hold_it() {
        for (network, client, is_in) in [
            ("198.51.100.0/24", "198.51.100.9", true),
            ("198.51.100.9/24", "198.51.100.200", true),
            ("198.51.100.0/24", "198.51.101.9", false),
            ("198.51.100.9", "198.51.100.9", true),
            ("198.51.100.9", "::ffff:198.51.100.9", true),
            ("::ffff:198.51.100.0/120", "198.51.100.9", true),
            ("2001:db8::/32", "2001:db8:1:2::", true),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::", true),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:3::", false),
            ("0.0.0.0/0", "2001:db8::", false),
        ] {
            let client = client.parse().unwrap();
            assert_eq!(
                Network::parse(network).unwrap().holds(client),
                is_in,
                "{network} {client}"
            );
        }
    }

    #[test]
    fn what_is_no_network_is_none() {
        for text in ["", "198.51.100", "198.51.100.0/33", "2001:db8::/129", "x/8"] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }
}
