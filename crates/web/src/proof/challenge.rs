//! A challenge and its solution (ALTCHA, version 1): find the number whose SHA-256 after a salt is the challenge.
//!
//! The salt ends with `&`, so that no digit of the number can be moved into it, and holds when the challenge is over and for which
//! petition it is good. The challenge is signed: nothing is kept until it is solved.

use super::Refused;
use crate::ledger::hexadecimal;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use rand::CryptoRng;
use redress_model::fingerprint::Fingerprint;
use redress_model::id::PetitionId;
use redress_storage::secrets::{InstanceKey, is_our_challenge, sign_challenge};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

const ALGORITHM: &str = "SHA-256";

/// The largest number: half of it is tried on average, some tenths of a second on a phone.
pub(crate) const MOST: u32 = 50_000;

/// As it is asked.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_field_names, reason = "the names of ALTCHA's fields")]
pub(crate) struct Challenge {
    algorithm: &'static str,
    challenge: String,
    maxnumber: u32,
    salt: String,
    signature: String,
}

/// As it is answered.
#[derive(Deserialize)]
struct Solution {
    algorithm: String,
    challenge: String,
    number: u32,
    salt: String,
    signature: String,
}

/// What a solution is spent as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Proof {
    /// The same for every copy of it.
    pub key: Fingerprint,
    /// After that it needs not be remembered.
    pub expires_at: DateTime<Utc>,
}

impl Challenge {
    pub(super) fn make(
        key: &InstanceKey,
        petition: PetitionId,
        expires_at: DateTime<Utc>,
        random: &mut (dyn CryptoRng + Send),
    ) -> Self {
        let mut chance = [0; 16];
        random.fill_bytes(&mut chance);
        let salt = format!(
            "{}?expires={}&petition={}&",
            hexadecimal(&chance[..12]),
            expires_at.timestamp(),
            petition.0.simple()
        );
        let number = u32::from_le_bytes([chance[12], chance[13], chance[14], chance[15]]);
        let challenge = hash(&salt, number % (MOST + 1));
        Self {
            algorithm: ALGORITHM,
            maxnumber: MOST,
            signature: hexadecimal(&sign_challenge(key, &challenge)),
            challenge,
            salt,
        }
    }
}

/// Reads a solution.
pub(super) fn read(
    key: &InstanceKey,
    petition: PetitionId,
    text: &str,
    now: DateTime<Utc>,
) -> Result<Proof, Refused> {
    let decoded = STANDARD.decode(text.trim()).map_err(|_| Refused::Wrong)?;
    let solution: Solution = serde_json::from_slice(&decoded).map_err(|_| Refused::Wrong)?;
    let is_solved = solution.algorithm == ALGORITHM
        && solution.salt.ends_with('&')
        && hash(&solution.salt, solution.number) == solution.challenge;
    let signature = bytes(&solution.signature);
    if !is_solved || !is_our_challenge(key, &solution.challenge, &signature) {
        return Err(Refused::Wrong);
    }
    let (expires_at, of) = terms(&solution.salt).ok_or(Refused::Wrong)?;
    if of != petition {
        return Err(Refused::Wrong);
    }
    if now >= expires_at {
        return Err(Refused::Expired);
    }
    let mut short = [0; 16];
    short.copy_from_slice(&Sha256::digest(solution.challenge.as_bytes())[..16]);
    Ok(Proof {
        key: Fingerprint(short),
        expires_at,
    })
}

/// Until when a salt is good, and for which petition.
fn terms(salt: &str) -> Option<(DateTime<Utc>, PetitionId)> {
    let (_, terms) = salt.split_once('?')?;
    let term = |name: &str| {
        let mut all = terms.split('&').filter_map(|term| term.split_once('='));
        all.find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    };
    let expires_at = DateTime::from_timestamp(term("expires")?.parse().ok()?, 0)?;
    Some((
        expires_at,
        PetitionId(Uuid::try_parse(term("petition")?).ok()?),
    ))
}

fn hash(salt: &str, number: u32) -> String {
    hexadecimal(&Sha256::digest(format!("{salt}{number}").as_bytes()))
}

/// Bytes written as hexadecimal digits; none for anything else.
fn bytes(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).ok()?;
        u8::from_str_radix(pair, 16).ok()
    });
    digits.collect::<Option<_>>().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
    use serde_json::{Value, json};

    fn solved(challenge: &Challenge) -> Value {
        let number = (0..=MOST)
            .find(|number| hash(&challenge.salt, *number) == challenge.challenge)
            .unwrap();
        json!({
            "algorithm": "SHA-256", "challenge": challenge.challenge, "number": number,
            "salt": challenge.salt, "signature": challenge.signature,
        })
    }

    fn packed(solution: &Value) -> String {
        STANDARD.encode(solution.to_string())
    }

    #[test]
    fn a_solution_is_good_for_its_petition_in_its_time_as_it_was_asked() {
        let mut random = ChaCha20Rng::seed_from_u64(1);
        let key = InstanceKey::generate(&mut random);
        let other = InstanceKey::generate(&mut random);
        let (petition, at) = (PetitionId(Uuid::from_u128(1)), DateTime::UNIX_EPOCH);
        let over = at + Duration::minutes(10);
        let solution = solved(&Challenge::make(&key, petition, over, &mut random));
        let read = |text: &str| read(&key, petition, text, at);
        assert!(read(&packed(&solution)).is_ok());
        let text = packed(&solution);
        assert_eq!(
            super::read(&other, petition, &text, at),
            Err(Refused::Wrong)
        );
        let stranger = PetitionId(Uuid::from_u128(2));
        assert_eq!(super::read(&key, stranger, &text, at), Err(Refused::Wrong));
        assert_eq!(
            super::read(&key, petition, &text, over),
            Err(Refused::Expired)
        );
        for (field, value) in [
            ("number", json!(MOST + 1)),
            ("signature", json!("00")),
            ("algorithm", json!("SHA-1")),
            ("challenge", json!("")),
            ("number", json!(-1)),
        ] {
            let mut changed = solution.clone();
            changed[field] = value;
            assert_eq!(read(&packed(&changed)), Err(Refused::Wrong), "{field}");
        }
        for text in ["", "e30=", "!", "bnVsbA=="] {
            assert_eq!(read(text), Err(Refused::Wrong), "{text}");
        }
    }

    #[test]
    fn no_digit_moves_from_the_number_into_the_salt() {
        let mut random = ChaCha20Rng::seed_from_u64(2);
        let key = InstanceKey::generate(&mut random);
        let (petition, at) = (PetitionId(Uuid::from_u128(1)), DateTime::UNIX_EPOCH);
        let over = at + Duration::minutes(10);
        let mut solution = solved(&Challenge::make(&key, petition, over, &mut random));
        let number = solution["number"].to_string();
        let (moved, rest) = number.split_at(1);
        assert!(!rest.is_empty() && !rest.starts_with('0'), "{number}");
        solution["salt"] = json!(format!("{}{moved}", solution["salt"].as_str().unwrap()));
        solution["number"] = json!(rest.parse::<u32>().unwrap());
        let refused = read(&key, petition, &packed(&solution), at);
        assert_eq!(refused, Err(Refused::Wrong));
    }
}
