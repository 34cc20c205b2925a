//! Dots at the beginning of lines are doubled on their way (RFC 5321, section 4.5.2).

use memchr::memmem;
use std::borrow::Cow;

/// How much is written at once, in bytes.
const CHUNK: usize = 64 * 1024;

/// The pieces in which a body goes over the wire, dots doubled, without the final dot. The body's lines end in CRLF.
pub(super) fn chunks(body: &[u8]) -> impl Iterator<Item = Cow<'_, [u8]>> {
    let mut rest = body;
    let mut is_at_line = true;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (piece, after) = rest.split_at(rest.len().min(CHUNK));
        let doubled = double(piece, is_at_line);
        is_at_line = piece.ends_with(b"\n");
        rest = after;
        Some(doubled)
    })
}

/// A piece with its dots doubled; hardly any has one.
fn double(piece: &[u8], is_at_line: bool) -> Cow<'_, [u8]> {
    let begins = is_at_line && piece.first() == Some(&b'.');
    let mut dots = memmem::find_iter(piece, b"\n.").peekable();
    if !begins && dots.peek().is_none() {
        return Cow::Borrowed(piece);
    }
    let mut doubled = Vec::with_capacity(piece.len() + 64);
    if begins {
        doubled.push(b'.');
    }
    let mut done = 0;
    for line_end in dots {
        doubled.extend_from_slice(&piece[done..=line_end]);
        doubled.push(b'.');
        done = line_end + 1;
    }
    doubled.extend_from_slice(&piece[done..]);
    Cow::Owned(doubled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn whole(body: &[u8]) -> Vec<u8> {
        chunks(body).collect::<Vec<_>>().concat()
    }

    /// As a server reads it: up to a line that is one dot.
    fn read_back(wire: &[u8]) -> (Vec<u8>, usize) {
        let mut body = Vec::new();
        let mut at = 0;
        for line in wire.split_inclusive(|&byte| byte == b'\n') {
            at += line.len();
            if line == b".\r\n" {
                break;
            }
            body.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
        }
        (body, at)
    }

    #[test]
    fn a_lone_dot_is_doubled() {
        let wire = whole(b"a\r\n.\r\n..b\r\nc.\r\n");
        assert_eq!(wire, b"a\r\n..\r\n...b\r\nc.\r\n");
    }

    proptest! {
        #[test]
        fn the_server_reads_what_was_written_and_ends_at_our_dot_alone(
            lines in proptest::collection::vec("\\.{0,3}[a-z.]{0,4}", 0..40),
            long in 0_usize..200_000,
        ) {
            let body = [lines.join("\r\n"), "x".repeat(long), String::new()].join("\r\n");
            let mut wire = whole(body.as_bytes());
            wire.extend_from_slice(b".\r\n");
            let (read, end) = read_back(&wire);
            prop_assert_eq!(read, body.as_bytes());
            prop_assert_eq!(end, wire.len());
        }
    }
}
