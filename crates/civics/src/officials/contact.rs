//! Whether an address in a list can be written to, or linked to, at all.
//!
//! A wrong address does not make the official wrong: it is dropped and remarked on, and the rest
//! of the row stays.

/// Whether a text is one plain mailbox (the `dot-atom` form of RFC 5322, a host name of RFC 1123).
pub(crate) fn is_mailbox(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else {
        return false;
    };
    let is_atom = |atom: &str| {
        !atom.is_empty()
            && atom.bytes().all(|letter| {
                letter.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&letter)
            })
    };
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == b'-')
    };
    local.len() <= 64
        && local.split('.').all(is_atom)
        && host.len() <= 253
        && host.contains('.')
        && host.split('.').all(is_label)
        && !host
            .rsplit('.')
            .next()
            .is_some_and(|top| top.bytes().all(|letter| letter.is_ascii_digit()))
}

/// Whether a text can stand behind a link: `http` or `https`, a host, no spaces.
pub(crate) fn is_link(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let rest = lower
        .strip_prefix("https://")
        .or_else(|| lower.strip_prefix("http://"));
    rest.is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
        && !text.contains(|letter: char| {
            letter.is_whitespace() || matches!(letter, '"' | '<' | '>' | '\\')
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("mayor@aurora.example", true)]
    #[case("o'neill+ward3@city-hall.aurora.example", true)]
    #[case("mayor", false)]
    #[case("mayor@aurora", false)]
    #[case("mayor@@aurora.example", false)]
    #[case("mayor@aurora..example", false)]
    #[case(".mayor@aurora.example", false)]
    #[case("mayor@-aurora.example", false)]
    #[case("mayor@10.0.0.1", false)]
    #[case("mayor @aurora.example", false)]
    #[case("a@aurora.example; b@aurora.example", false)]
    #[case("Mayor <mayor@aurora.example>", false)]
    #[case("mayor@aurora.example\r\nbcc:x@y.example", false)]
    #[case("", false)]
    fn only_one_plain_mailbox_is_written_to(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(is_mailbox(text), expected, "{text}");
    }

    #[rstest]
    #[case("https://aurora.example/contact?ward=3", true)]
    #[case("HTTP://aurora.example", true)]
    #[case("aurora.example", false)]
    #[case("javascript:alert(1)", false)]
    #[case("https://", false)]
    #[case("https://aurora.example/a b", false)]
    fn only_web_addresses_are_linked(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(is_link(text), expected, "{text}");
    }
}
