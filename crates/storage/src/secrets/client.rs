//! A client's address, as it is kept: hashed, under a salt that is thrown away at the end of its day.

use super::{InstanceKey, mac};
use redress_model::fingerprint::Fingerprint;
use std::net::IpAddr;

/// The hash of a client under the salt of a day. The instance's key goes into it too: whoever has the database alone cannot try all
/// addresses while the salt lives.
pub fn client_fingerprint(key: &InstanceKey, salt: &[u8; 32], client: IpAddr) -> Fingerprint {
    let octets = match client {
        IpAddr::V4(four) => four.octets().to_vec(),
        IpAddr::V6(six) => six.octets().to_vec(),
    };
    let whole = mac(&key.derive("client"), &[salt, &octets]);
    let mut short = [0; 16];
    short.copy_from_slice(&whole[..16]);
    Fingerprint(short)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    #[test]
    fn a_client_is_known_again_under_the_same_salt_alone() {
        let key = InstanceKey::generate(&mut ChaCha20Rng::seed_from_u64(1));
        let client = "192.0.2.1".parse().unwrap();
        let once = client_fingerprint(&key, &[1; 32], client);
        assert_eq!(client_fingerprint(&key, &[1; 32], client), once);
        assert_ne!(client_fingerprint(&key, &[2; 32], client), once);
        let other = "192.0.2.2".parse().unwrap();
        assert_ne!(client_fingerprint(&key, &[1; 32], other), once);
    }
}
