//! Bodies of parts in the seven bits that every server takes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::borrow::Cow;

/// The longest line of an encoded body (RFC 2045, sections 6.7 and 6.8).
const LINE: usize = 76;

/// Quoted-printable (RFC 2045, section 6.7) of text whose lines end in any way. A full stop or `From ` that begins a line is
/// encoded too, so that no carrier has a reason to change it. The bytes for a text never change: letters on their way are told by their hash.
pub(super) fn write_quoted_printable(out: &mut Vec<u8>, text: &str) {
    let text = if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    };
    out.reserve(text.len() + text.len() / 16);
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.extend_from_slice(b"\r\n");
        }
        write_line(out, line.as_bytes());
    }
}

fn write_line(out: &mut Vec<u8>, line: &[u8]) {
    let (mut column, mut index) = (0, 0);
    while let Some(&byte) = line.get(index) {
        let is_last = index + 1 == line.len();
        let is_literal = match byte {
            b' ' | b'\t' => !is_last,
            b'.' => column > 0,
            b'F' => column > 0 || !line[index..].starts_with(b"From "),
            other => is_plain(other),
        };
        let width = if is_literal { 1 } else { 3 };
        // A soft break takes a column of its own, unless the line ends here.
        if column + width > LINE - usize::from(!is_last) {
            out.extend_from_slice(b"=\r\n");
            column = 0;
        }
        // What follows a soft break begins a line as well.
        if is_literal && !(column == 0 && needs_cover(&line[index..])) {
            out.push(byte);
            column += 1;
        } else {
            let digit = |half: u8| b"0123456789ABCDEF"[usize::from(half)];
            out.extend_from_slice(&[b'=', digit(byte >> 4), digit(byte & 15)]);
            column += 3;
        }
        index += 1;
        // What stands as it is goes in one piece, but for the line's last byte and the last column.
        let room = (LINE - 1).saturating_sub(column);
        let rest = &line[index..];
        let most = room.min(rest.len().saturating_sub(1));
        let run = rest[..most]
            .iter()
            .position(|&byte| !(is_plain(byte) || byte == b' ' || byte == b'\t'))
            .unwrap_or(most);
        out.extend_from_slice(&rest[..run]);
        column += run;
        index += run;
    }
}

/// Whether a byte stands for itself wherever it is, but for stops and `From ` at the beginning of a line.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_graphic() && byte != b'='
}

fn needs_cover(rest: &[u8]) -> bool {
    rest.starts_with(b".") || rest.starts_with(b"From ")
}

/// Base64 in lines of 76 columns, without a break after the last.
pub(super) fn write_base64(out: &mut Vec<u8>, bytes: &[u8]) {
    out.reserve(bytes.len() / 3 * 4 + bytes.len() / 28 + LINE);
    let mut line = [0; LINE];
    for (index, chunk) in bytes.chunks(LINE / 4 * 3).enumerate() {
        if index > 0 {
            out.extend_from_slice(b"\r\n");
        }
        // A line has room for what a chunk becomes.
        let length = STANDARD.encode_slice(chunk, &mut line).unwrap_or_default();
        out.extend_from_slice(&line[..length]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn encoded(text: &str) -> String {
        let mut out = Vec::new();
        write_quoted_printable(&mut out, text);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_a_carrier_might_change_is_covered() {
        assert_eq!(
            encoded("a \n.\nFrom b\r..é=\t"),
            "a=20\r\n=2E\r\n=46rom b\r\n=2E.=C3=A9=3D=09"
        );
    }

    #[test]
    fn a_line_of_seventy_six_is_not_broken_and_a_longer_one_is() {
        assert_eq!(encoded(&"x".repeat(76)), "x".repeat(76));
        assert_eq!(
            encoded(&"x".repeat(77)),
            format!("{}=\r\nxx", "x".repeat(75))
        );
    }

    /// Byte by byte, as it was first written.
    fn slowly(line: &[u8]) -> Vec<u8> {
        let (mut out, mut column) = (Vec::new(), 0);
        for (index, byte) in line.iter().enumerate() {
            let is_last = index + 1 == line.len();
            let is_literal = match byte {
                b' ' | b'\t' => !is_last,
                b'.' => column > 0,
                b'F' => column > 0 || !line[index..].starts_with(b"From "),
                b'=' => false,
                other => other.is_ascii_graphic(),
            };
            let width = if is_literal { 1 } else { 3 };
            if column + width > LINE - usize::from(!is_last) {
                out.extend_from_slice(b"=\r\n");
                column = 0;
            }
            if is_literal && !(column == 0 && needs_cover(&line[index..])) {
                out.push(*byte);
                column += 1;
            } else {
                out.extend_from_slice(format!("={byte:02X}").as_bytes());
                column += 3;
            }
        }
        out
    }

    proptest! {
        #[test]
        fn runs_are_written_as_their_bytes_would_be(line in "[a. F\té=\u{1F600}]{0,300}(From ){0,40}[ a.=]{0,3}") {
            let mut out = Vec::new();
            write_line(&mut out, line.as_bytes());
            prop_assert_eq!(out, slowly(line.as_bytes()));
        }

        #[test]
        fn no_line_passes_seventy_six_and_none_begins_with_a_stop(text in "[a.F é\n=\u{1F600}]{0,400}(From ){0,40}") {
            for line in encoded(&text).split("\r\n") {
                prop_assert!(line.len() <= 76 && line.is_ascii());
                prop_assert!(!line.starts_with('.') && !line.starts_with("From "));
                prop_assert!(!line.ends_with([' ', '\t']));
            }
        }
    }
}
