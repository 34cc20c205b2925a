//! The Census Bureau's number of a government's area.

use crate::coded::coded_error;
use serde::{Deserialize, Serialize};

coded_error! {
    /// Why a text is no GEOID of a government.
    GeoidError {
        /// Not 5, 7 or 10 digits.
        Malformed = "geoid_malformed", "a GEOID has 5 digits for a county, 7 for a place, 10 for a county subdivision";
    }
}

/// A GEOID: county 5 digits, place 7, county subdivision 10.
///
/// Source: Census Bureau, "Understanding Geographic Identifiers (GEOIDs)".
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Geoid(String);

impl Geoid {
    /// Reads a GEOID.
    pub fn parse(text: &str) -> Result<Self, GeoidError> {
        if matches!(text.len(), 5 | 7 | 10) && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(GeoidError::Malformed)
        }
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Geoid {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::str::FromStr for Geoid {
    type Err = GeoidError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Geoid {
    type Error = GeoidError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Geoid> for String {
    fn from(geoid: Geoid) -> Self {
        geoid.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counties_places_and_subdivisions_have_their_own_lengths() {
        for text in ["01001", "0804000", "3603110121"] {
            assert_eq!(Geoid::parse(text).unwrap().as_str(), text);
        }
        for text in ["", "080400", "08O4000", "080400000"] {
            assert_eq!(Geoid::parse(text), Err(GeoidError::Malformed));
        }
    }
}
