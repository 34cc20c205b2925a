//! Letters without the secrets of offices' desks, for readers whose they are not.

/// What comes before the secret of an office's link.
const DESK: &str = "/desk/";
/// What stands in its place.
const VEIL: &str = "(secret-of-the-office)";

/// Text or HTML of a letter. Whoever has an office's link can answer in its name: one secret alone stays, the reader's own.
pub(crate) fn veil(text: &str, own: Option<&str>) -> String {
    let mut pieces = text.split(DESK);
    let mut veiled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let is_secret = |letter: char| letter.is_ascii_alphanumeric() || ".-_%~".contains(letter);
        let rest = piece.trim_start_matches(is_secret);
        let secret = &piece[..piece.len() - rest.len()];
        veiled.push_str(DESK);
        veiled.push_str(if own == Some(secret) { secret } else { VEIL });
        veiled.push_str(rest);
    }
    veiled
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_secret_of_a_desk_is_veiled_in_text_and_in_html() {
        let html = r#"<a href="https://petition.example/desk/0a.1b">https://petition.example/desk/0a.1b</a>"#;
        let veiled = veil(html, None);
        assert!(!veiled.contains("0a.1b"), "{veiled}");
        assert!(veiled.starts_with(r#"<a href="https://petition.example/desk/("#));
        assert!(veiled.ends_with("office)</a>"));
        assert_eq!(veil("a letter without\n", None), "a letter without\n");
    }

    #[test]
    fn the_readers_own_secret_stays() {
        let text = "  https://petition.example/desk/0a.1b\n  https://petition.example/desk/0a.2c\n";
        let veiled = veil(text, Some("0a.1b"));
        assert!(
            veiled.contains("/desk/0a.1b\n") && !veiled.contains("0a.2c"),
            "{veiled}"
        );
    }

    proptest! {
        #[test]
        fn no_secret_is_left(before in "[ -~]{0,40}", id: u128, mac: u128, after in "[ \n\"<]") {
            let secret = format!("{id:032x}.{mac:032x}");
            let text = format!("{before}https://petition.example/desk/{secret}{after}");
            prop_assert!(!veil(&text, None).contains(&secret));
        }
    }
}
