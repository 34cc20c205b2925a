//! The hash of a body, in `simple` form (RFC 6376, section 3.4.3): as it is, but for empty lines at its end.

use sha2::{Digest, Sha256};

/// Hashes a body that comes in pieces, cut anywhere: what a message is put together from need not lie in one place.
#[derive(Debug, Clone, Default)]
pub struct BodyHash {
    hash: Sha256,
    /// Breaks that may turn out to be the end.
    held: Vec<u8>,
}

impl BodyHash {
    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        let is_break = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let Some(last) = piece.iter().rposition(|byte| !is_break(byte)) else {
            self.held.extend_from_slice(piece);
            return;
        };
        let (body, breaks) = piece.split_at(last + 1);
        self.hash.update(&self.held);
        self.hash.update(body);
        self.held.clear();
        self.held.extend_from_slice(breaks);
    }

    /// The hash of the whole. A body that does not end in CR LF gets one, the empty body too.
    pub fn finish(mut self) -> [u8; 32] {
        let mut rest = self.held.as_slice();
        while let Some(shorter) = rest.strip_suffix(b"\r\n") {
            rest = shorter;
        }
        self.hash.update(rest);
        self.hash.update(b"\r\n");
        self.hash.finalize().into()
    }

    /// Of a body in one piece.
    pub fn of(body: &[u8]) -> [u8; 32] {
        let mut hash = Self::default();
        hash.update(body);
        hash.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sha256(bytes: &[u8]) -> [u8; 32] {
        Sha256::digest(bytes).into()
    }

    #[test]
    fn the_body_of_the_rfc_loses_its_empty_lines_alone() {
        // RFC 6376, section 3.4.5.
        let body = b" C \r\nD \t E\r\n\r\n\r\n";
        assert_eq!(BodyHash::of(body), sha256(b" C \r\nD \t E\r\n"));
    }

    #[test]
    fn an_empty_body_is_one_break_and_an_unended_line_is_ended() {
        for body in [&b""[..], b"\r\n", b"\r\n\r\n\r\n"] {
            assert_eq!(BodyHash::of(body), sha256(b"\r\n"));
        }
        assert_eq!(BodyHash::of(b"a"), sha256(b"a\r\n"));
        assert_eq!(BodyHash::of(b"a\r\n.\r\n"), sha256(b"a\r\n.\r\n"));
        assert_eq!(BodyHash::of(b"a\n\r\n"), sha256(b"a\n\r\n"));
        assert_eq!(
            BodyHash::of("ä \r\n \r\n".as_bytes()),
            sha256("ä \r\n \r\n".as_bytes())
        );
    }

    /// By the letter of the RFC, on a body that lies in one place.
    fn plainly(body: &[u8]) -> [u8; 32] {
        let mut end = body.len();
        while body[..end].ends_with(b"\r\n") {
            end -= 2;
        }
        sha256(&[&body[..end], b"\r\n"].concat())
    }

    proptest! {
        #[test]
        fn where_a_body_is_cut_makes_no_difference(
            pieces in proptest::collection::vec("(\r\n|\r|\n|\\.| |[a-z]|\u{e9}){0,6}", 0..12),
        ) {
            let mut hash = BodyHash::default();
            for piece in &pieces {
                hash.update(piece.as_bytes());
            }
            prop_assert_eq!(hash.finish(), plainly(pieces.concat().as_bytes()));
        }
    }
}
