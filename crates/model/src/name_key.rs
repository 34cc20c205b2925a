//! When two names are one person's.

use crate::person_name::PersonName;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// What is left of a name for comparison: NFKC, case folded, without spaces and punctuation, in
/// every script. Letters, their marks and digits stay: two Cyrillic or Chinese names differ when
/// a letter does.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NameKey(String);

impl NameKey {
    /// The key of a name.
    pub fn of(name: &PersonName) -> Self {
        if name.as_str().is_ascii() {
            let kept = name.as_str().bytes().filter(u8::is_ascii_alphanumeric);
            let kept: String = kept
                .map(|letter| char::from(letter.to_ascii_lowercase()))
                .collect();
            if !kept.is_empty() {
                return Self(kept);
            }
        }
        Self::in_every_script(name)
    }

    fn in_every_script(name: &PersonName) -> Self {
        // Letter by letter before anything is composed or put in order: a mark that follows a
        // letter must fold alike whether a space stood between the two or not.
        let once: String = fold_and_strip(name.as_str()).nfkc().collect();
        let kept: String = fold_and_strip(&once).nfkc().collect();
        // A name of signs alone still differs from another.
        Self(if kept.is_empty() {
            caseless::default_case_fold_str(name.as_str())
                .nfkc()
                .filter(|letter| !letter.is_whitespace())
                .collect()
        } else {
            kept
        })
    }

    /// The key's text, to be hashed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn fold_and_strip(text: &str) -> String {
    caseless::default_case_fold_str(text)
        .chars()
        .filter(|&letter| is_kept(letter))
        .collect()
}

fn is_kept(letter: char) -> bool {
    // The letters U+02B9 to U+02BF are how O'Neil and Hawai'i write their apostrophe.
    !matches!(letter, '\u{2B9}'..='\u{2BF}')
        && matches!(
            letter.general_category_group(),
            GeneralCategoryGroup::Letter
                | GeneralCategoryGroup::Mark
                | GeneralCategoryGroup::Number
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(name: &str) -> NameKey {
        NameKey::of(&PersonName::parse(name).unwrap())
    }

    proptest! {
        #[test]
        fn plain_letters_have_the_same_key_on_either_way(name in "[ -~]{1,40}") {
            if let Ok(name) = PersonName::parse(&name) {
                prop_assert_eq!(NameKey::of(&name), NameKey::in_every_script(&name));
            }
        }
    }

    #[test]
    fn spaces_case_and_punctuation_make_no_other_person() {
        for (one, other) in [
            ("Mary-Ann O'Neil", "mary ann  ONEIL"),
            ("Mary O\u{2019}Neil", "Mary O\u{2BC}Neil"),
            ("Stra\u{DF}er", "STRASSER"),
            ("Ａｎａ", "Ana"),
            ("Jose\u{301}", "José"),
            ("Иван Петров", "ИВАН ПЕТРОВ"),
            ("李・小龍", "李小龍"),
            ("♪ ♪", "♪♪"),
            ("\u{37A}\u{2DE0}", "\u{37A} \u{2DE0}"),
            ("\u{1FB3}\u{2DE0}", "\u{3B1}\u{3B9} \u{2DE0}"),
        ] {
            assert_eq!(key(one), key(other), "{one} {other}");
        }
    }

    #[test]
    fn another_letter_makes_another_person_in_every_script() {
        for (one, other) in [
            ("Ana", "Anna"),
            ("Иванов", "Иванова"),
            ("李小龍", "李小明"),
            ("Jose", "José"),
            ("कमल", "कमला"),
            ("!!", "..."),
        ] {
            assert_ne!(key(one), key(other), "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn case_and_spaces_never_change_a_key(name in "[\\p{Latin}\\p{Cyrillic}\\p{Greek}]{1,20}") {
            prop_assume!(PersonName::parse(&name).is_ok());
            let spaced: String = name.chars().flat_map(|letter| [letter, ' ']).collect();
            let upper = caseless::default_case_fold_str(&spaced);
            prop_assert_eq!(key(&name), key(&upper));
        }
    }
}
