//! Passwords: read or made, and hashed.

use crate::failure::Failure;
use crate::machine::random;
use anyhow::anyhow;
use argon2::{Argon2, PasswordHasher};
use rand::Rng;
use std::io::Read;

/// Least characters of a password.
const LEAST: usize = 12;
/// Most bytes.
const MOST: usize = 1024;

/// A password, and whether this program made it.
pub struct Password {
    /// The text.
    pub text: String,
    /// Nobody has seen it yet: it must be shown once.
    pub is_new: bool,
}

/// Reads a password from standard input, or makes one.
pub fn obtain(from_stdin: bool) -> Result<Password, Failure> {
    if !from_stdin {
        return Ok(Password {
            text: make(),
            is_new: true,
        });
    }
    let mut text = String::new();
    std::io::stdin()
        .take(MOST as u64 + 2)
        .read_to_string(&mut text)
        .map_err(|error| {
            Failure::input(anyhow!(
                "cannot read a password from standard input: {error}"
            ))
        })?;
    let text = text.trim_end_matches(['\n', '\r']).to_owned();
    if text.chars().count() < LEAST || text.len() > MOST || text.chars().any(char::is_control) {
        return Err(Failure::input(anyhow!(
            "a password has {LEAST} characters or more, on one line"
        )));
    }
    Ok(Password {
        text,
        is_new: false,
    })
}

/// Twenty letters and digits that nobody takes for one another: a hundred bits.
fn make() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567892";
    let mut bytes = [0_u8; 20];
    random().fill_bytes(&mut bytes);
    let mut text = String::with_capacity(24);
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 && at % 5 == 0 {
            text.push('-');
        }
        text.push(char::from(LETTERS[usize::from(byte & 31)]));
    }
    text
}

/// The hash to store, in PHC form.
pub fn hash(password: &Password) -> Result<String, Failure> {
    let hash = Argon2::default()
        .hash_password(password.text.as_bytes())
        .map_err(|error| Failure::failed(anyhow!("cannot hash the password: {error}")))?;
    Ok(hash.to_string())
}
