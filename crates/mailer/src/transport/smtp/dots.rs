//! Dots at the beginning of lines are doubled on their way (RFC 5321, section 4.5.2).

/// How much is written at once, in bytes.
const CHUNK: usize = 64 * 1024;

/// The pieces in which a body goes over the wire, dots doubled, without the final dot. The body's lines end in CRLF.
pub(super) fn chunks(body: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let mut lines = body.split_inclusive(|&byte| byte == b'\n').peekable();
    std::iter::from_fn(move || {
        lines.peek()?;
        let mut chunk = Vec::with_capacity(CHUNK + 1_024);
        while chunk.len() < CHUNK
            && let Some(line) = lines.next()
        {
            if line.first() == Some(&b'.') {
                chunk.push(b'.');
            }
            chunk.extend_from_slice(line);
        }
        Some(chunk)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
        let wire: Vec<u8> = chunks(b"a\r\n.\r\n..b\r\nc.\r\n").flatten().collect();
        assert_eq!(wire, b"a\r\n..\r\n...b\r\nc.\r\n");
    }

    proptest! {
        #[test]
        fn the_server_reads_what_was_written_and_ends_at_our_dot_alone(
            lines in proptest::collection::vec("\\.{0,3}[a-z.]{0,4}", 0..40),
            long in 0_usize..200_000,
        ) {
            let body = [lines.join("\r\n"), "x".repeat(long), String::new()].join("\r\n");
            let mut wire: Vec<u8> = chunks(body.as_bytes()).flatten().collect();
            wire.extend_from_slice(b".\r\n");
            let (read, end) = read_back(&wire);
            prop_assert_eq!(read, body.as_bytes());
            prop_assert_eq!(end, wire.len());
        }
    }
}
