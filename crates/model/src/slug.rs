//! The word in an address that names a petition or an organization.

use crate::coded::coded_error;
use serde::{Deserialize, Serialize};

coded_error! {
    /// Why a text is no slug.
    SlugError {
        /// Nothing at all.
        Empty = "slug_empty", "a slug is needed";
        /// More than 64 characters.
        TooLong = "slug_too_long", "a slug has at most 64 characters";
        /// Anything but lower-case letters, digits and single hyphens between them.
        Malformed = "slug_malformed", "a slug has lower-case letters, digits and single hyphens between them";
    }
}

/// 1 to 64 lower-case ASCII letters, digits and single hyphens between them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

impl Slug {
    /// Reads a slug.
    pub fn parse(text: &str) -> Result<Self, SlugError> {
        let is_word = |word: &str| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        match text.len() {
            0 => Err(SlugError::Empty),
            1..=64 if text.split('-').all(is_word) => Ok(Self(text.to_owned())),
            1..=64 => Err(SlugError::Malformed),
            _ => Err(SlugError::TooLong),
        }
    }

    /// The slug's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Slug {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::str::FromStr for Slug {
    type Err = SlugError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Slug {
    type Error = SlugError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_words_with_hyphens_are_slugs() {
        for text in ["a", "ban-police-doorbells", "2019-campaign"] {
            assert_eq!(Slug::parse(text).unwrap().as_str(), text);
        }
        for text in ["-a", "a-", "a--b", "A", "a_b", "é", "a/b", "a b"] {
            assert_eq!(Slug::parse(text), Err(SlugError::Malformed), "{text}");
        }
        assert_eq!(Slug::parse(""), Err(SlugError::Empty));
        assert_eq!(Slug::parse(&"a".repeat(65)), Err(SlugError::TooLong));
    }
}
