//! What the DNS says about a key (RFC 6376, section 3.6.1).

use super::key::{KeyKind, SigningKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The longest string within a TXT record, in bytes (RFC 1035, section 3.3).
const LONGEST: usize = 255;

/// A TXT record to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its name, without a full stop at its end.
    pub name: String,
    /// What it says, in one.
    pub value: String,
}

impl Record {
    /// The record of a key.
    pub fn of(key: &SigningKey, selector: &str, domain: &str) -> Self {
        let kind = match key.kind() {
            KeyKind::Ed25519 => "ed25519",
            KeyKind::Rsa => "rsa",
        };
        Self {
            name: format!("{selector}._domainkey.{domain}"),
            value: format!(
                "v=DKIM1; k={kind}; p={}",
                STANDARD.encode(key.public_bytes())
            ),
        }
    }

    /// As a zone file writes it.
    pub fn zone_line(&self) -> String {
        let strings: Vec<String> = strings(&self.value)
            .iter()
            .map(|string| format!("\"{string}\""))
            .collect();
        format!("{}. IN TXT ( {} )", self.name, strings.join(" "))
    }
}

/// Cuts what a record says into strings that fit; whoever reads joins them without a blank.
pub fn strings(value: &str) -> Vec<&str> {
    let mut rest = value;
    let mut strings = Vec::new();
    while let Some((string, more)) = rest.split_at_checked(LONGEST) {
        strings.push(string);
        rest = more;
    }
    if !rest.is_empty() || strings.is_empty() {
        strings.push(rest);
    }
    strings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_for_a_string_is_cut_and_nothing_is_lost() {
        for length in [0, 1, 254, 255, 256, 410, 510, 511] {
            let value = "a".repeat(length);
            let cut = strings(&value);
            assert!(cut.iter().all(|string| string.len() <= LONGEST));
            assert_eq!(cut.concat(), value);
            assert_eq!(cut.len(), length.div_ceil(LONGEST).max(1));
        }
    }
}
