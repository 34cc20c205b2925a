//! Which addresses a mail server on the internet can have.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// IPv4 networks that are nobody's on the internet, each with the length of its prefix (RFC 6890, and IANA's registry of
/// special-purpose addresses).
const CLOSED_V4: [(Ipv4Addr, u32); 15] = [
    // This network.
    (Ipv4Addr::UNSPECIFIED, 8),
    // Private (RFC 1918).
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    // Shared by a provider's customers (RFC 6598).
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    // This machine.
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    // This link (RFC 3927).
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    // Protocols of the IETF (RFC 6890).
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    // Documentation (RFC 5737).
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    // Relays of 6to4, given up (RFC 7526).
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    // Measurements (RFC 2544).
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    // Groups (RFC 5771).
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    // For later, and everybody on this link.
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// All that is given to anybody (RFC 4291, section 2.4): neither this machine nor this link, neither private (RFC 4193) nor groups, nor
/// the local prefixes of translators (RFC 8215).
const GLOBAL: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// What of that is nobody's.
const CLOSED_V6: [(Ipv6Addr, u32); 3] = [
    // Protocols of the IETF, Teredo (RFC 4380) and measurements (RFC 5180) among them.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    // Documentation (RFC 3849, RFC 9637).
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Whether an address is one that a mail server on the internet can have.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    !CLOSED_V4.iter().any(|(network, length)| {
        let differing = v4.to_bits() ^ network.to_bits();
        differing >> (32 - length) == 0
    })
}

fn is_public_v6(v6: Ipv6Addr) -> bool {
    let is_within = |(network, length): (Ipv6Addr, u32)| {
        let differing = v6.to_bits() ^ network.to_bits();
        differing >> (128 - length) == 0
    };
    match carried(v6) {
        Some(v4) => is_public_v4(v4),
        None => is_within(GLOBAL) && !CLOSED_V6.into_iter().any(is_within),
    }
}

/// The IPv4 address to which a translator (NAT64, RFC 6052) or a tunnel (6to4, RFC 3056) takes what is sent to an IPv6 one.
fn carried(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    match v6.octets() {
        [0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, a, b, c, d]
        | [0x20, 0x02, a, b, c, d, ..] => Some(Ipv4Addr::new(a, b, c, d)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CLOSED: [&str; 60] = [
        "0.0.0.0",
        "0.1.2.3",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        // IPv4 within IPv6: mapped, and compatible, which leads nowhere whatever is in it.
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:100.64.0.1",
        "::10.0.0.1",
        "::127.0.0.1",
        "::8.8.8.8",
        // NAT64.
        "64:ff9b::10.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::169.254.169.254",
        "64:ff9b::192.168.0.1",
        "64:ff9b::100.64.0.1",
        "64:ff9b:1::10.0.0.1",
        "64:ff9b:1::8.8.8.8",
        "64:ff9b:0:1::8.8.8.8",
        // 6to4: 10.0.0.1, 127.0.0.1, 192.168.1.1, 169.254.169.254, 100.64.0.1.
        "2002:a00:1::1",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
        "2002:a9fe:a9fe::1",
        "2002:6440:1::1",
        // Teredo, measurements, ORCHID.
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:2::1",
        "2001:10::1",
        "2001:1ff:ffff::1",
        // Documentation.
        "2001:db8::1",
        "2001:db8:ffff::1",
        "3fff::1",
        "3fff:fff:ffff::1",
        // What leads into nothing, into one network, to one link or to a group.
        "100::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
    ];

    const OPEN: [&str; 19] = [
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.255.255",
        "172.32.0.1",
        "192.0.1.1",
        "198.17.255.255",
        "198.20.0.1",
        "223.255.255.255",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2001:200::1",
        "2001:4860::8888",
        "2002:808:808::1",
        "2606:4700::1111",
        "3fff:1000::1",
    ];

    #[test]
    fn addresses_that_nobody_has_on_the_internet_are_not_public() {
        for text in CLOSED {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn addresses_beside_them_are() {
        for text in OPEN {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn within_an_ipv6_address_an_ipv4_one_is_as_public_as_by_itself(bits: u32) {
            let v4 = Ipv4Addr::from_bits(bits);
            let is_open = is_public(v4.into());
            let [a, b, c, d] = v4.octets().map(u16::from);
            let (high, low) = ((a << 8) | b, (c << 8) | d);
            for v6 in [
                v4.to_ipv6_mapped(),
                Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
                Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
            ] {
                prop_assert_eq!((v6, is_public(v6.into())), (v6, is_open));
            }
            prop_assert!(!is_public(v4.to_ipv6_compatible().into()));
        }
    }
}
