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
        let wide: String = name.as_str().nfkc().collect();
        let folded: String = caseless::default_case_fold_str(&wide).nfkc().collect();
        let kept: String = folded.chars().filter(|&letter| is_kept(letter)).collect();
        // A name of signs alone still differs from another.
        Self(if kept.is_empty() {
            folded
        } else {
            kept.nfkc().collect()
        })
    }

    /// The key's text, to be hashed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
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
