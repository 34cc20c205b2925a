//! The name a signer gives.

use crate::coded::coded_error;
use unicode_normalization::UnicodeNormalization;

/// The longest name, in characters.
pub const LONGEST: usize = 120;

coded_error! {
    /// Why a text is no name.
    NameError {
        /// Nothing but spaces.
        Empty = "name_empty", "a name is needed";
        /// More than 120 characters.
        TooLong = "name_too_long", "a name has at most 120 characters";
        /// Spreadsheets would read it as a formula.
        LeadingSign = "name_leading_sign", "a name cannot begin with =, +, - or @";
        /// An advertisement, not a name.
        HoldsUrl = "name_holds_url", "a name cannot hold a web address";
        /// Control characters and marks that turn the direction of text around.
        HoldsControl = "name_holds_control", "a name cannot hold control characters";
    }
}

/// A name of 1 to 120 characters, any script, trimmed, in NFC.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PersonName(String);

impl PersonName {
    /// Reads a name as it was typed.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if text.chars().any(is_forbidden) {
            return Err(NameError::HoldsControl);
        }
        let name: String = text.trim().nfc().collect();
        if name.is_empty() {
            return Err(NameError::Empty);
        }
        if name.chars().count() > LONGEST {
            return Err(NameError::TooLong);
        }
        // Full-width forms of the signs start a formula too, once a spreadsheet has folded them.
        if name
            .nfkc()
            .next()
            .is_some_and(|first| "=+-@".contains(first))
        {
            return Err(NameError::LeadingSign);
        }
        if holds_url(&name) {
            return Err(NameError::HoldsUrl);
        }
        Ok(Self(name))
    }

    /// The name as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Control characters, line and paragraph separators, and marks that override the direction of
/// text. Joiners (U+200C, U+200D) stay: some scripts need them.
pub(crate) fn is_forbidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Endings that make a dotted word a web address. A name such as `J.R. Smith` has none.
const ENDINGS: &[&str] = &[
    "com", "net", "org", "info", "biz", "ru", "xyz", "io", "co", "link", "click", "top", "site",
    "online", "shop", "me", "app", "dev",
];

fn holds_url(name: &str) -> bool {
    let folded: String = name.nfkc().collect::<String>().to_lowercase();
    folded.contains("://")
        || folded.split_whitespace().any(|word| {
            let host = word.split(['/', '?', '#']).next().unwrap_or_default();
            let host = host.trim_matches(|edge: char| !edge.is_alphanumeric());
            host.starts_with("www.")
                || host.rsplit_once('.').is_some_and(|(stem, ending)| {
                    stem.chars().count() > 1 && ENDINGS.contains(&ending)
                })
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_of_any_script_are_names() {
        for name in [
            "Ana",
            "O'Neil, Mary-Ann",
            "Ngô Thị Lan",
            "Анна Иванова",
            "李小龍",
            "محمد علي",
            "J.R. Smith",
            "Dr. Wm. Co",
            "क्षितिज",
            "X",
        ] {
            assert!(PersonName::parse(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn what_is_no_name_is_refused_with_its_reason() {
        for (text, error) in [
            ("  ", NameError::Empty),
            ("=1+1", NameError::LeadingSign),
            ("\u{FF1D}cmd", NameError::LeadingSign),
            (" -Ana", NameError::LeadingSign),
            ("@ana", NameError::LeadingSign),
            ("see https://spam.example", NameError::HoldsUrl),
            ("www.spam.example", NameError::HoldsUrl),
            ("Buy at cheap.com/now", NameError::HoldsUrl),
            ("Ana\u{0}", NameError::HoldsControl),
            ("Ana\nB", NameError::HoldsControl),
            ("Ana\u{202E}", NameError::HoldsControl),
        ] {
            assert_eq!(PersonName::parse(text), Err(error), "{text:?}");
        }
        assert_eq!(PersonName::parse(&"a".repeat(121)), Err(NameError::TooLong));
        assert!(PersonName::parse(&"ж".repeat(120)).is_ok());
    }

    proptest! {
        #[test]
        fn a_name_that_was_read_reads_again_as_itself(text in "\\PC{0,130}") {
            if let Ok(name) = PersonName::parse(&text) {
                prop_assert_eq!(PersonName::parse(name.as_str()), Ok(name.clone()));
                prop_assert!((1..=LONGEST).contains(&name.as_str().chars().count()));
            }
        }
    }
}
