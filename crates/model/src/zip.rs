//! ZIP codes: five digits, and four more if the signer knows them.

use crate::coded::coded_error;

coded_error! {
    /// Why a text is no ZIP code.
    ZipError {
        /// Nothing but spaces.
        Empty = "zip_empty", "a ZIP code is needed";
        /// Neither five digits nor nine.
        Malformed = "zip_malformed", "a ZIP code has five digits, or nine as 12345-6789";
    }
}

/// Five digits with an optional +4, written `12345` or `12345-6789`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Zip(String);

impl Zip {
    /// Reads `12345`, `12345-6789`, `12345 6789` and `123456789`.
    pub fn parse(text: &str) -> Result<Self, ZipError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ZipError::Empty);
        }
        let (five, four) = match text.split_once(['-', ' ']) {
            Some((five, four)) => (five, four.trim()),
            None if text.len() == 9 && text.is_ascii() => text.split_at(5),
            None => (text, ""),
        };
        let digits = |part: &str, count| {
            part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        match (digits(five, 5), four.is_empty(), digits(four, 4)) {
            (true, true, _) if !text.contains('-') => Ok(Self(five.to_owned())),
            (true, false, true) => Ok(Self(format!("{five}-{four}"))),
            _ => Err(ZipError::Malformed),
        }
    }

    /// The first five digits: what households and reports go by.
    pub fn five(&self) -> &str {
        &self.0[..5]
    }

    /// All that was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_spelling_is_normalised() {
        for (text, zip) in [
            ("12345", "12345"),
            (" 01234 ", "01234"),
            ("12345-6789", "12345-6789"),
            ("12345 6789", "12345-6789"),
            ("123456789", "12345-6789"),
        ] {
            assert_eq!(Zip::parse(text).unwrap().as_str(), zip);
            assert_eq!(Zip::parse(text).unwrap().five(), &zip[..5]);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "1234",
            "123456",
            "12345-",
            "12345-678",
            "1234a",
            "１２３４５",
            "12345--6789",
        ] {
            assert_eq!(Zip::parse(text), Err(ZipError::Malformed), "{text}");
        }
        assert_eq!(Zip::parse(" "), Err(ZipError::Empty));
    }
}
