//! One value of a list, whatever the format: whether its text can be trusted.

/// Longest value, in bytes; longer ones are a broken quotation or worse.
pub(super) const LONGEST: usize = 1000;

/// The value of a cell, trimmed, or why it cannot be used.
pub(super) fn read<'bytes>(bytes: &'bytes [u8], name: &str) -> Result<&'bytes str, String> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| format!("`{name}` is not UTF-8; save the file in UTF-8"))?;
    let text = value(text.trim());
    checked(text, name)?;
    Ok(text)
}

/// Whether a text is short and holds nothing that hides.
pub(super) fn checked(text: &str, name: &str) -> Result<(), String> {
    if text.len() > LONGEST {
        return Err(format!(
            "`{name}` is {} bytes long, more than {LONGEST}; look for a quotation mark without its pair",
            text.len()
        ));
    }
    if text.chars().any(is_unprintable) {
        return Err(format!(
            "`{name}` holds a control character or a line break; remove it"
        ));
    }
    Ok(())
}

/// Control characters, and those that turn the direction of the text around them.
fn is_unprintable(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What a spreadsheet takes for a formula at the beginning of a cell.
fn begins_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\'', '＝', '＋', '－', '＠'])
}

/// Whether a text begins with an apostrophe that [`cell`] has put there.
fn is_guarded(text: &str) -> bool {
    text.strip_prefix('\'').is_some_and(begins_formula)
}

/// A value as a cell that no spreadsheet calculates: an apostrophe before what looks like a formula.
/// [`value`] takes it away again, and leaves a name such as `'Aina` as it is.
pub(super) fn cell(text: &str) -> String {
    let is_formula = begins_formula(text) && !text.starts_with('\'');
    if is_formula || is_guarded(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// A cell as the value that it stands for.
pub(super) fn value(text: &str) -> &str {
    if is_guarded(text) { &text[1..] } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("=1+1", "'=1+1")]
    #[case("+1 555 0100", "'+1 555 0100")]
    #[case("@city", "'@city")]
    #[case("'Aina Lane", "'Aina Lane")]
    #[case("'=x", "''=x")]
    #[case("Ward 3", "Ward 3")]
    fn what_looks_like_a_formula_is_guarded(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(cell(text), expected);
        assert_eq!(value(expected), text);
    }

    proptest! {
        #[test]
        fn every_value_comes_back_from_its_cell(text in "['=+@a-]{0,4}\\PC{0,5}") {
            let written = cell(&text);
            prop_assert_eq!(value(&written), text.as_str());
            prop_assert!(!written.starts_with(['=', '+', '-', '@']));
        }
    }
}
