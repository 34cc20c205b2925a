//! The key of the instance.

use super::{SecretError, mac};
use rand::CryptoRng;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// 32 random bytes, from a file or the environment; never stored in the database, never printed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct InstanceKey([u8; 32]);

impl InstanceKey {
    /// Makes a new one.
    pub fn generate(random: &mut (dyn CryptoRng + Send)) -> Self {
        let mut key = [0; 32];
        random.fill_bytes(&mut key);
        Self(key)
    }

    /// Reads the text of a key file: 64 hexadecimal digits, spaces around them ignored.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        let digits = text.trim().as_bytes();
        if digits.len() != 64 {
            return Err(SecretError::Malformed);
        }
        let mut key = [0; 32];
        for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
        }
        Ok(Self(key))
    }

    /// The text of a key file.
    pub fn to_text(&self) -> String {
        use std::fmt::Write;
        let mut text = String::with_capacity(65);
        for byte in self.0 {
            let _ = write!(text, "{byte:02x}");
        }
        text + "\n"
    }

    /// A key of its own for one purpose.
    pub(crate) fn derive(&self, purpose: &str) -> [u8; 32] {
        mac(&self.0, &[b"redress instance", purpose.as_bytes()])
    }
}

fn nibble(digit: u8) -> Result<u8, SecretError> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
        .ok_or(SecretError::Malformed)
}

impl std::fmt::Debug for InstanceKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("InstanceKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    #[test]
    fn a_key_is_written_and_read_back_and_never_shown() {
        let key = InstanceKey::generate(&mut ChaCha20Rng::seed_from_u64(1));
        let again = InstanceKey::parse(&key.to_text()).unwrap();
        assert_eq!(key.0, again.0);
        assert_eq!(format!("{key:?}"), "InstanceKey(..)");
    }

    #[test]
    fn a_short_or_strange_key_is_refused() {
        for text in ["", "00", &"g".repeat(64), &"0".repeat(65)] {
            assert_eq!(
                InstanceKey::parse(text).unwrap_err(),
                SecretError::Malformed
            );
        }
    }
}
