//! What an office says about a petition.

use crate::coded::{coded_error, worded_enum};

/// The longest response, in characters.
pub const LONGEST: usize = 5_000;

worded_enum! {
    /// Where an office stands.
    Position, UnknownPosition {
        /// For the petition.
        Support = "support",
        /// Against it.
        Oppose = "oppose",
        /// Not settled.
        UnderStudy = "under_study",
        /// The answer does not say.
        Unstated = "unstated",
    }
}

worded_enum! {
    /// Where a response stands. What was once said stays on record, whatever is said later.
    ResponseState, UnknownResponseState {
        /// Nobody has looked at it yet.
        Waiting = "waiting",
        /// Everybody may read it.
        Published = "published",
        /// An organizer decided that nobody else reads it.
        Declined = "declined",
        /// A later one of the same office took its place.
        Replaced = "replaced",
    }
}

use ResponseState as S;

/// Every step that is allowed.
pub const TRANSITIONS: &[(S, S)] = &[
    (S::Waiting, S::Published),
    (S::Waiting, S::Declined),
    // The office said something else before anybody looked.
    (S::Waiting, S::Replaced),
    (S::Declined, S::Published),
    (S::Published, S::Declined),
    (S::Published, S::Replaced),
];

impl ResponseState {
    /// Whether the step is in the table. Staying is no step.
    pub fn may_become(self, next: Self) -> bool {
        TRANSITIONS.contains(&(self, next))
    }
}

/// An office's own words: text of 1 to [`LONGEST`] characters, lines ended by `\n`, without other control characters and without
/// marks that turn the direction of writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseText(String);

coded_error! {
    /// Why a text is no response.
    ResponseTextError {
        /// Nothing was said.
        Empty = "response_required", "write the answer";
        /// It is longer than [`LONGEST`].
        TooLong = "response_too_long", "the answer may have at most 5,000 characters";
    }
}

impl ResponseText {
    /// Reads what was typed; what does not print is left out.
    pub fn parse(text: &str) -> Result<Self, ResponseTextError> {
        let turns =
            |letter: char| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let text: String = text
            .replace("\r\n", "\n")
            .chars()
            .map(|letter| match letter {
                '\t' => ' ',
                '\r' => '\n',
                other => other,
            })
            .filter(|letter| (*letter == '\n' || !letter.is_control()) && !turns(*letter))
            .collect();
        let text = text.trim();
        if !text.chars().any(char::is_alphanumeric) {
            Err(ResponseTextError::Empty)
        } else if text.chars().count() > LONGEST {
            Err(ResponseTextError::TooLong)
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_response_has_words_and_an_end() {
        let read = |text: &str| ResponseText::parse(text).map(|text| text.0);
        assert_eq!(
            read(" We will\r\nstudy\tit.\0 ").unwrap(),
            "We will\nstudy it."
        );
        assert_eq!(read("a\u{202e}b").unwrap(), "ab");
        assert_eq!(read(" \n ... "), Err(ResponseTextError::Empty));
        assert_eq!(read(&"a".repeat(LONGEST)).unwrap().len(), LONGEST);
        assert_eq!(
            read(&"a".repeat(LONGEST + 1)),
            Err(ResponseTextError::TooLong)
        );
    }

    #[test]
    fn what_was_replaced_stays_so_and_every_state_is_reached() {
        for state in S::ALL {
            assert!(!S::Replaced.may_become(*state));
            let is_reached = TRANSITIONS.iter().any(|(_, to)| to == state);
            assert_eq!(is_reached, *state != S::Waiting, "{state}");
        }
    }

    proptest! {
        #[test]
        fn what_was_read_is_read_the_same_again(text in "(\\PC|\n|\t|\r){0,200}") {
            if let Ok(once) = ResponseText::parse(&text) {
                prop_assert_eq!(ResponseText::parse(once.as_str()), Ok(once));
            }
        }
    }
}
