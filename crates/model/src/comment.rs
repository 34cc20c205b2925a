//! What a signer adds in their own words.

use crate::coded::{coded_error, worded_enum};
use crate::person_name::is_forbidden;
use unicode_normalization::UnicodeNormalization;

/// The longest comment, in characters.
pub const LONGEST: usize = 1_000;

coded_error! {
    /// Why a text is no comment.
    CommentError {
        /// More than 1,000 characters.
        TooLong = "comment_too_long", "a comment has at most 1,000 characters";
        /// Control characters other than line breaks and tabs.
        HoldsControl = "comment_holds_control", "a comment cannot hold control characters";
    }
}

worded_enum! {
    /// What a reviewer says of a comment. Only one that was passed is shown to officials and on pages.
    CommentReview, UnknownCommentReview {
        /// Nobody has decided about it.
        Unseen = "unseen",
        /// It may be shown.
        Passed = "passed",
        /// It is not shown.
        Refused = "refused",
    }
}

/// A comment of 1 to 1,000 characters, trimmed, in NFC, lines ended by `\n`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Comment(String);

impl Comment {
    /// Reads a comment as it was typed; nothing but spaces is no comment.
    pub fn parse(text: &str) -> Result<Option<Self>, CommentError> {
        let lines = text.replace("\r\n", "\n").replace('\r', "\n");
        if lines
            .chars()
            .any(|letter| is_forbidden(letter) && !matches!(letter, '\n' | '\t'))
        {
            return Err(CommentError::HoldsControl);
        }
        let comment: String = lines.trim().nfc().collect();
        match comment.chars().count() {
            0 => Ok(None),
            1..=LONGEST => Ok(Some(Self(comment))),
            _ => Err(CommentError::TooLong),
        }
    }

    /// The comment as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_and_control_characters_do_not_come_in() {
        assert_eq!(
            Comment::parse(" a\r\nb ").unwrap().unwrap().as_str(),
            "a\nb"
        );
        assert_eq!(Comment::parse("  \n").unwrap(), None);
        assert_eq!(Comment::parse("a\u{0}"), Err(CommentError::HoldsControl));
    }

    #[test]
    fn a_thousand_characters_fit_and_one_more_does_not() {
        assert!(Comment::parse(&"é".repeat(1_000)).unwrap().is_some());
        assert_eq!(
            Comment::parse(&"é".repeat(1_001)),
            Err(CommentError::TooLong)
        );
    }
}
