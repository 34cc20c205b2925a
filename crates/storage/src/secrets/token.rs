//! The secret part of links in mails: `id.MAC(instance key, purpose, id, epoch)`.
//!
//! A token is never stored. It is made again whenever a mail needs it, and ended by raising the
//! epoch of what it names.

use super::{InstanceKey, mac};
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// What a link is for. One does not stand in for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenPurpose {
    /// To confirm a signature.
    Confirm,
    /// To see and change one's own signature.
    Receipt,
    /// To get no more mail about a petition.
    Unsubscribe,
    /// To be let sign without proof of work.
    Permit,
    /// Carried by the form of whoever was let.
    Pass,
    /// An official's page.
    Desk,
    /// Where a letter's bounce comes back to.
    Bounce,
    /// Where an answer to a letter comes back to.
    Reply,
    /// A letter's Message-ID.
    Message,
}

impl TokenPurpose {
    const fn word(self) -> &'static [u8] {
        match self {
            Self::Confirm => b"confirm",
            Self::Receipt => b"receipt",
            Self::Unsubscribe => b"unsubscribe",
            Self::Permit => b"permit",
            Self::Pass => b"pass",
            Self::Desk => b"desk",
            Self::Bounce => b"bounce",
            Self::Reply => b"reply",
            Self::Message => b"message",
        }
    }
}

/// A token as it was read: it proves nothing until it is checked.
#[derive(Debug, Clone, Copy)]
pub struct Token {
    /// What it names.
    pub id: Uuid,
    mac: [u8; 16],
}

impl Token {
    /// Makes the token for an id in its epoch.
    pub fn issue(key: &InstanceKey, purpose: TokenPurpose, id: Uuid, epoch: i32) -> Self {
        let mut short = [0; 16];
        short.copy_from_slice(&whole(&key.derive("token"), purpose, id, epoch)[..16]);
        Self { id, mac: short }
    }

    /// Reads 32 hexadecimal digits, a dot and 32 more. `None` if it is cut or strange.
    pub fn parse(text: &str) -> Option<Self> {
        let (id, mac) = text.split_once('.')?;
        let simple = |text: &str| {
            (text.len() == 32)
                .then(|| Uuid::try_parse(text).ok())
                .flatten()
        };
        Some(Self {
            id: simple(id)?,
            mac: simple(mac)?.into_bytes(),
        })
    }

    /// A token from its two halves, where they are written in another way than in links.
    pub fn from_parts(id: Uuid, mac: [u8; 16]) -> Self {
        Self { id, mac }
    }

    /// Its half that proves.
    pub fn mac(&self) -> [u8; 16] {
        self.mac
    }

    /// Whether it is the token for this purpose in this epoch; in constant time.
    pub fn is_valid(&self, key: &InstanceKey, purpose: TokenPurpose, epoch: i32) -> bool {
        key.derive_all("token").any(|key| {
            let whole = whole(&key, purpose, self.id, epoch);
            whole[..16].ct_eq(&self.mac).into()
        })
    }
}

impl std::fmt::Display for Token {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "{}.{}",
            self.id.simple(),
            Uuid::from_bytes(self.mac).simple()
        )
    }
}

/// The six digits that stand beside a confirmation link, from the same MAC.
pub fn confirmation_code(key: &InstanceKey, id: Uuid, epoch: i32) -> String {
    code(&key.derive("token"), id, epoch)
}

fn code(key: &[u8; 32], id: Uuid, epoch: i32) -> String {
    let whole = whole(key, TokenPurpose::Confirm, id, epoch);
    let mut last = [0; 8];
    last.copy_from_slice(&whole[24..]);
    format!("{:06}", u64::from_le_bytes(last) % 1_000_000)
}

/// Whether six digits are the code; in constant time.
pub fn is_confirmation_code(key: &InstanceKey, id: Uuid, epoch: i32, digits: &str) -> bool {
    key.derive_all("token").any(|key| {
        let code = code(&key, id, epoch);
        code.as_bytes().ct_eq(digits.trim().as_bytes()).into()
    })
}

fn whole(key: &[u8; 32], purpose: TokenPurpose, id: Uuid, epoch: i32) -> [u8; 32] {
    mac(key, &[purpose.word(), id.as_bytes(), &epoch.to_le_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    const PURPOSES: [TokenPurpose; 9] = [
        TokenPurpose::Confirm,
        TokenPurpose::Receipt,
        TokenPurpose::Unsubscribe,
        TokenPurpose::Permit,
        TokenPurpose::Pass,
        TokenPurpose::Desk,
        TokenPurpose::Bounce,
        TokenPurpose::Reply,
        TokenPurpose::Message,
    ];

    #[test]
    fn a_token_is_good_for_its_purpose_and_epoch_alone() {
        let key = InstanceKey::generate(&mut ChaCha20Rng::seed_from_u64(1));
        let other = InstanceKey::generate(&mut ChaCha20Rng::seed_from_u64(2));
        let id = Uuid::from_u128(7);
        for issued in PURPOSES {
            let token = Token::parse(&Token::issue(&key, issued, id, 3).to_string()).unwrap();
            for asked in PURPOSES {
                assert_eq!(token.is_valid(&key, asked, 3), issued == asked);
            }
            assert!(!token.is_valid(&key, issued, 4));
            assert!(!token.is_valid(&other, issued, 3));
        }
    }

    #[test]
    fn a_link_of_an_older_key_is_good_until_that_key_is_taken_off() {
        let mut random = ChaCha20Rng::seed_from_u64(1);
        let old = InstanceKey::generate(&mut random);
        let ring = old.with_new(&mut random).unwrap();
        let id = Uuid::from_u128(7);
        let token = Token::issue(&old, TokenPurpose::Receipt, id, 0);
        let code = confirmation_code(&old, id, 0);
        assert!(token.is_valid(&ring, TokenPurpose::Receipt, 0));
        assert!(is_confirmation_code(&ring, id, 0, &code));
        assert!(!token.is_valid(&ring.without_older(), TokenPurpose::Receipt, 0));
        assert!(!is_confirmation_code(&ring.without_older(), id, 0, &code));
        assert!(!Token::issue(&ring, TokenPurpose::Receipt, id, 0).is_valid(
            &old,
            TokenPurpose::Receipt,
            0
        ));
    }

    #[test]
    fn a_cut_or_changed_token_is_never_good() {
        let key = InstanceKey::generate(&mut ChaCha20Rng::seed_from_u64(1));
        let text = Token::issue(&key, TokenPurpose::Receipt, Uuid::from_u128(7), 0).to_string();
        for end in 0..text.len() {
            assert!(Token::parse(&text[..end]).is_none());
        }
        for index in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[index] = if changed[index] == b'0' { b'1' } else { b'0' };
            let token = Token::parse(std::str::from_utf8(&changed).unwrap());
            assert!(token.is_none_or(|token| !token.is_valid(&key, TokenPurpose::Receipt, 0)));
        }
    }

    #[test]
    fn the_code_has_six_digits_and_ends_with_its_epoch() {
        let key = InstanceKey::generate(&mut ChaCha20Rng::seed_from_u64(1));
        let id = Uuid::from_u128(7);
        let code = confirmation_code(&key, id, 0);
        assert!(code.len() == 6 && code.bytes().all(|digit| digit.is_ascii_digit()));
        assert!(is_confirmation_code(&key, id, 0, &format!(" {code} ")));
        assert!(!is_confirmation_code(&key, id, 1, &code));
        assert!(!is_confirmation_code(&key, id, 0, "12345"));
    }
}
