//! Keys, seals, keyed hashes and tokens.
//!
//! One [`InstanceKey`] lies in a file or the environment. From it come the MAC of every token and
//! the wrapping of one `PetitionKey` for each petition; from that come the seal of a petition's
//! personal fields and the keyed hashes by which its signers are looked up. Destroying a petition's
//! key therefore unreads and unlinks all of its people at once, in backups too.

pub mod base32;
mod client;
mod form_stamp;
mod instance_key;
mod petition_secrets;
mod proof;
mod sealed_address;
mod sealing;
mod signer_fields;
mod token;
mod vault;

pub use client::client_fingerprint;
pub use form_stamp::{read_form_stamp, stamp_form};
pub use instance_key::InstanceKey;
pub use petition_secrets::{PetitionSecrets, SealedField};
pub use proof::{is_our_challenge, sign_challenge};
pub use sealed_address::{bounce_address, read_address, reply_address};
pub use sealing::{Opened, Personal, Sealed};
pub use signer_fields::{AddressFields, Offer, Question, SignerFields};
pub use token::{Token, TokenPurpose, confirmation_code, is_confirmation_code};
pub use vault::Vault;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use thiserror::Error;

/// What can go wrong with secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SecretError {
    /// Another key sealed it, or a byte changed.
    #[error("a sealed field does not open: another key sealed it, or it was changed")]
    Sealed,
    /// Not 32 bytes as 64 hexadecimal digits.
    #[error("a key is 64 hexadecimal digits on one line")]
    Malformed,
    /// The petition's key was destroyed, and with it all that it sealed.
    #[error("the petition's key was destroyed")]
    Destroyed,
}

/// HMAC-SHA-256 (RFC 2104) over parts, each preceded by its length, so that no two lists of parts
/// are one text.
pub(crate) fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes keys of any length.
    let Ok(mut hmac) = Hmac::<Sha256>::new_from_slice(key) else {
        return [0; 32];
    };
    for part in parts {
        hmac.update(&(part.len() as u64).to_le_bytes());
        hmac.update(part);
    }
    hmac.finalize().into_bytes().into()
}
