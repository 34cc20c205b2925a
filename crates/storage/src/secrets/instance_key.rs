//! The key of the instance.

use super::{SecretError, mac};
use rand::CryptoRng;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Keys that a ring holds at most: more than anybody rotates to in the life of a link.
const MOST_KEYS: usize = 16;

/// A ring of keys of 32 random bytes, from a file or the environment; never stored in the database, never printed. The first
/// seals and signs; older ones still open what they sealed and know the links that they signed, until they are taken off.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct InstanceKey {
    current: [u8; 32],
    older: Vec<[u8; 32]>,
}

impl InstanceKey {
    /// Makes a new one.
    pub fn generate(random: &mut (dyn CryptoRng + Send)) -> Self {
        let mut current = [0; 32];
        random.fill_bytes(&mut current);
        let older = Vec::new();
        Self { current, older }
    }

    /// Reads the text of a key file: 64 hexadecimal digits a line, the current key first; spaces around them are ignored.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let mut keys = lines.map(read).collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() || keys.len() > MOST_KEYS {
            return Err(SecretError::Malformed);
        }
        let older = keys.split_off(1);
        let current = keys[0];
        Ok(Self { current, older })
    }

    /// The text of a key file.
    pub fn to_text(&self) -> String {
        use std::fmt::Write;
        let mut text = String::with_capacity(65 * (1 + self.older.len()));
        for key in self.keys() {
            for byte in key {
                let _ = write!(text, "{byte:02x}");
            }
            text.push('\n');
        }
        text
    }

    /// A ring on which a new key comes first and every other stays; `None` when it is full.
    pub fn with_new(&self, random: &mut (dyn CryptoRng + Send)) -> Option<Self> {
        let mut next = Self::generate(random);
        next.older = self.keys().copied().collect();
        (next.older.len() < MOST_KEYS).then_some(next)
    }

    /// The current key alone.
    #[must_use]
    pub fn without_older(&self) -> Self {
        Self {
            current: self.current,
            older: Vec::new(),
        }
    }

    /// How many older keys there are.
    pub fn older(&self) -> usize {
        self.older.len()
    }

    /// A key of its own for one purpose, of the current key.
    pub(crate) fn derive(&self, purpose: &str) -> [u8; 32] {
        derive(&self.current, purpose)
    }

    /// The same of every key, the current one first.
    pub(crate) fn derive_all(&self, purpose: &str) -> impl Iterator<Item = [u8; 32]> {
        self.keys().map(move |key| derive(key, purpose))
    }

    fn keys(&self) -> impl Iterator<Item = &[u8; 32]> {
        std::iter::once(&self.current).chain(&self.older)
    }
}

fn derive(key: &[u8; 32], purpose: &str) -> [u8; 32] {
    mac(key, &[b"redress instance", purpose.as_bytes()])
}

fn read(line: &str) -> Result<[u8; 32], SecretError> {
    let digits = line.as_bytes();
    if digits.len() != 64 {
        return Err(SecretError::Malformed);
    }
    let mut key = [0; 32];
    for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Ok(key)
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
        assert_eq!(key.current, again.current);
        assert_eq!(format!("{key:?}"), "InstanceKey(..)");
    }

    #[test]
    fn a_new_key_comes_first_and_the_old_ones_stay_until_they_are_taken_off() {
        let mut random = ChaCha20Rng::seed_from_u64(1);
        let old = InstanceKey::generate(&mut random);
        let ring = InstanceKey::parse(&old.with_new(&mut random).unwrap().to_text()).unwrap();
        assert_eq!((ring.older(), ring.older[0]), (1, old.current));
        assert_ne!(ring.current, old.current);
        assert_eq!(ring.without_older().older(), 0);
        let mut full = old;
        for _ in 1..MOST_KEYS {
            full = full.with_new(&mut random).unwrap();
        }
        assert!(full.with_new(&mut random).is_none());
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
