//! The address that a provider is asked about.

use crate::parse::Input;
use crate::text::Line;
use sha2::{Digest, Sha256};

/// An address on one line, without its unit: whoever is asked for a district needs no apartment.
#[derive(Clone, PartialEq, Eq)]
pub struct Query(String);

impl Query {
    /// Of an address as it came in. What the signer wrote is sent, not what the pack made of it:
    /// an opinion about our own correction would be none.
    pub fn new(input: &Input<'_>) -> Self {
        Self(Input { unit: "", ..*input }.to_line())
    }

    /// The line.
    pub fn line(&self) -> &str {
        &self.0
    }

    /// The same for all spellings that fold alike; it does not say what the address is.
    pub fn key(&self) -> [u8; 32] {
        let line = Line::new(&self.0);
        let mut hash = Sha256::new();
        for at in 0..line.len() {
            hash.update(line.token(at));
            hash.update(if line.is_after_break(at) { [1] } else { [0] });
        }
        hash.finalize().into()
    }
}

/// An address is not for logs.
impl std::fmt::Debug for Query {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Query(...)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_stays_here() {
        let query = Query::new(&Input {
            street: "12 Oak St",
            unit: "Apt 4",
            city: "Alder",
            state: "ZZ",
            zip: "00501",
        });
        assert_eq!(query.line(), "12 Oak St, Alder, ZZ 00501");
        assert!(!format!("{query:?}").contains("Oak"));
    }

    #[test]
    fn spellings_that_fold_alike_share_a_key() {
        let key = |line| Query::new(&Input::line(line)).key();
        assert_eq!(
            key("12 Oak St., Alder ZZ"),
            key("  12 OAK ST, \u{e1}lder zz")
        );
        assert_ne!(key("12 Oak St, Alder ZZ"), key("13 Oak St, Alder ZZ"));
    }
}
