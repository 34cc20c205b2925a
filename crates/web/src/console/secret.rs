//! A session's secret: in the browser's cookie and nowhere else.

use crate::state::AppState;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// What the token of a form is a MAC of.
const FORM: &[u8] = b"redress console form";

/// 32 random bytes.
pub(crate) struct Secret([u8; 32]);

impl Secret {
    /// A new one.
    pub(crate) fn generate(state: &AppState) -> Self {
        let mut bytes = [0; 32];
        state.random().fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// Reads 64 hexadecimal digits.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        unhex(text).map(Self)
    }

    /// As the cookie has it.
    pub(crate) fn to_text(&self) -> String {
        hex(&self.0)
    }

    /// As storage has it: SHA-256, from which nobody makes a cookie.
    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// What a form of this session carries: it tells nothing of the secret, and no other site can know it.
    pub(crate) fn form_token(&self) -> String {
        let mac: [u8; 32] = self.mac().finalize().into_bytes().into();
        hex(&mac)
    }

    /// Whether a form belongs to this session; compared in constant time.
    pub(crate) fn is_form_token(&self, text: &str) -> bool {
        unhex(text).is_some_and(|token| self.mac().verify_slice(&token).is_ok())
    }

    fn mac(&self) -> Hmac<Sha256> {
        // HMAC fills a short key up with zeros to the block of its hash.
        let mut key = [0; 64];
        key[..32].copy_from_slice(&self.0);
        let mut mac = Hmac::<Sha256>::new(&key.into());
        mac.update(FORM);
        mac
    }
}

fn hex(bytes: &[u8; 32]) -> String {
    let mut text = String::with_capacity(64);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let nibble = |digit: u8| char::from(digit).to_digit(16).map(|value| value as u8);
    let mut bytes = [0; 32];
    if text.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_form_belongs_to_its_own_session_alone(one: [u8; 32], other: [u8; 32]) {
            let token = Secret(one).form_token();
            prop_assert!(Secret(one).is_form_token(&token));
            prop_assert_eq!(Secret(other).is_form_token(&token), one == other);
            prop_assert!(!Secret(one).is_form_token(&Secret(one).to_text()));
        }

        #[test]
        fn a_cookie_reads_back_and_anything_else_is_none(bytes: [u8; 32], text in ".{0,80}") {
            let read = Secret::parse(&Secret(bytes).to_text()).map(|secret| secret.0);
            prop_assert_eq!(read, Some(bytes));
            let is_hex = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
            prop_assert_eq!(Secret::parse(&text).is_some(), is_hex);
        }
    }
}
