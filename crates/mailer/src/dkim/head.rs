//! Headers in `relaxed` form (RFC 6376, section 3.4.2), and what of them is hashed.

/// One header, as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Field<'a> {
    /// Its name, as it is written.
    pub(crate) name: &'a str,
    /// What follows the colon, its folds and its last break included.
    pub(crate) value: &'a [u8],
}

impl Field<'_> {
    /// Name in lower case, folds undone, runs of blanks as one, none at the ends; ended by CR LF.
    pub(crate) fn relaxed(&self) -> Vec<u8> {
        let mut line = self.name.trim_end().to_ascii_lowercase().into_bytes();
        line.push(b':');
        let start = line.len();
        let mut is_after_blank = false;
        for &byte in self.value {
            match byte {
                b'\r' | b'\n' => {}
                b' ' | b'\t' => is_after_blank = true,
                other => {
                    if is_after_blank && line.len() > start {
                        line.push(b' ');
                    }
                    is_after_blank = false;
                    line.push(other);
                }
            }
        }
        line.extend_from_slice(b"\r\n");
        line
    }
}

/// The headers of a message and where its body begins. `None` for what is no message.
pub(crate) fn fields(message: &[u8]) -> Option<(Vec<Field<'_>>, usize)> {
    let mut fields = Vec::new();
    let mut at = 0;
    loop {
        let end = at + line(&message[at..])?;
        if &message[at..end] == b"\r\n" {
            return Some((fields, end));
        }
        let mut whole = end;
        while matches!(message.get(whole), Some(b' ' | b'\t')) {
            whole += line(&message[whole..])?;
        }
        let field = &message[at..whole];
        let colon = field.iter().position(|&byte| byte == b':')?;
        let name = std::str::from_utf8(&field[..colon]).ok()?;
        fields.push(Field {
            name,
            value: &field[colon + 1..],
        });
        at = whole;
    }
}

/// How long the first line is, its break included.
fn line(bytes: &[u8]) -> Option<usize> {
    let at = bytes.windows(2).position(|pair| pair == b"\r\n")?;
    Some(at + 2)
}

/// What is signed (RFC 6376, section 3.7): the headers that are named, the last of a name first, and the signature's own without its break;
/// a name that is there no more stands for nothing.
pub(crate) fn hash_input<'a>(
    fields: &[Field<'_>],
    names: impl Iterator<Item = &'a str>,
    signature: &Field<'_>,
) -> Vec<u8> {
    let mut input = Vec::with_capacity(2_048);
    let mut taken = vec![false; fields.len()];
    for name in names {
        let found = (0..fields.len())
            .rev()
            .find(|&at| !taken[at] && fields[at].name.trim_end().eq_ignore_ascii_case(name.trim()));
        if let Some(at) = found {
            taken[at] = true;
            input.extend(fields[at].relaxed());
        }
    }
    input.extend(signature.relaxed());
    input.truncate(input.len() - 2);
    input
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_headers_of_the_rfc_read_as_it_says() {
        // RFC 6376, section 3.4.5.
        let message = b"A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\n";
        let (found, body) = fields(message).unwrap();
        let relaxed: Vec<u8> = found.iter().flat_map(Field::relaxed).collect();
        assert_eq!(relaxed, b"a:X\r\nb:Y Z\r\n");
        assert_eq!(&message[body..], b" C \r\n");
    }

    #[test]
    fn the_last_of_a_name_is_hashed_first_and_one_too_many_for_nothing() {
        let (found, _) = fields(b"To: a\r\nTo: b\r\nFrom: c\r\n\r\n").unwrap();
        let signature = Field {
            name: "DKIM-Signature",
            value: b" v=1; b=\r\n",
        };
        let input = hash_input(&found, ["to", "TO", "from", "from"].into_iter(), &signature);
        assert_eq!(input, b"to:b\r\nto:a\r\nfrom:c\r\ndkim-signature:v=1; b=");
    }

    #[test]
    fn what_is_no_message_has_no_headers() {
        for bytes in [
            &b""[..],
            b"a",
            b"a\r\n\r\n",
            b"A: b\r\n",
            b"\xff: b\r\n\r\n",
        ] {
            assert_eq!(fields(bytes), None);
        }
        assert_eq!(fields(b"\r\n"), Some((Vec::new(), 2)));
    }

    proptest! {
        #[test]
        fn folding_changes_nothing_that_is_signed(
            words in proptest::collection::vec("[!-~]{1,9}", 1..12),
            folds in proptest::collection::vec("( |\t|\r\n |  |\r\n\t )", 12),
        ) {
            let folded: String = words.iter().zip(&folds).flat_map(|(word, fold)| [fold.as_str(), word]).collect();
            let folded = format!("{folded} \r\n");
            let plain = format!("{}\r\n", words.join(" "));
            let relaxed = |name, value: &str| Field { name, value: value.as_bytes() }.relaxed();
            prop_assert_eq!(relaxed("Subject", &plain), relaxed("suBJect ", &folded));
        }

        #[test]
        fn eight_bits_and_words_are_kept(text in "[a-z\u{e4}\u{4e16}]{1,20}") {
            let value = format!(" {text}\r\n");
            let line = Field { name: "X", value: value.as_bytes() }.relaxed();
            prop_assert_eq!(line, format!("x:{text}\r\n").into_bytes());
        }

        #[test]
        fn no_bytes_are_too_strange(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Some((found, body)) = fields(&bytes) {
                prop_assert!(body <= bytes.len());
                for field in found {
                    prop_assert!(field.relaxed().ends_with(b"\r\n"));
                }
            }
        }
    }
}
