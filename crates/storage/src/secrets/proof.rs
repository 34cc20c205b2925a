//! What signs the challenges of proof of work.

use super::InstanceKey;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// HMAC-SHA-256 of a challenge, as ALTCHA writes it, under a key made for it.
pub fn sign_challenge(key: &InstanceKey, challenge: &str) -> [u8; 32] {
    whole(&key.derive("proof"), challenge)
}

/// Whether a challenge was signed here; in constant time.
pub fn is_our_challenge(key: &InstanceKey, challenge: &str, signature: &[u8]) -> bool {
    key.derive_all("proof").any(|key| {
        let expected = whole(&key, challenge);
        subtle::ConstantTimeEq::ct_eq(expected.as_slice(), signature).into()
    })
}

fn whole(key: &[u8; 32], challenge: &str) -> [u8; 32] {
    // HMAC takes keys of any length.
    let Ok(mut hmac) = Hmac::<Sha256>::new_from_slice(key) else {
        return [0; 32];
    };
    hmac.update(challenge.as_bytes());
    hmac.finalize().into_bytes().into()
}
