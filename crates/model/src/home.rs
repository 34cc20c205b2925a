//! Where a signature is counted.

use crate::coded::coded_error;
use crate::geoid::Geoid;

coded_error! {
    /// Why a stored word is no home.
    HomeError {
        /// Neither a GEOID nor one of the two words.
        Malformed = "home_malformed", "a home is a GEOID, `outside` or `unlocated`";
    }
}

/// The most local government of a signature: where, and only where, it is added up.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Home {
    /// A city, village, town or township.
    Government(Geoid),
    /// Located, and no city governs there.
    OutsideAnyCity,
    /// Not located: a box at a post office, an address that nothing answers for, or not yet asked.
    NotLocated,
}

impl Home {
    /// The word under which it is stored: the GEOID, `outside` or `unlocated`. Digits sort before
    /// letters, so the two homes without a GEOID come last in every list.
    pub fn as_key(&self) -> &str {
        match self {
            Self::Government(geoid) => geoid.as_str(),
            Self::OutsideAnyCity => "outside",
            Self::NotLocated => "unlocated",
        }
    }

    /// Reads the stored word.
    pub fn from_key(key: &str) -> Result<Self, HomeError> {
        match key {
            "outside" => Ok(Self::OutsideAnyCity),
            "unlocated" => Ok(Self::NotLocated),
            digits => Geoid::parse(digits)
                .map(Self::Government)
                .map_err(|_| HomeError::Malformed),
        }
    }

    /// The GEOID, where there is one.
    pub fn geoid(&self) -> Option<&Geoid> {
        match self {
            Self::Government(geoid) => Some(geoid),
            _ => None,
        }
    }
}

coded_error! {
    /// Why a text is no district.
    DistrictError {
        /// Empty, longer than 40 characters, or with control characters.
        Malformed = "district_malformed", "a district has a label of 1 to 40 characters";
    }
}

/// The bare label of a council district or ward, such as `3` or `C`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct District(String);

impl District {
    /// Reads a label.
    pub fn parse(text: &str) -> Result<Self, DistrictError> {
        let label = text.trim();
        let fits = (1..=40).contains(&label.chars().count());
        if fits && !label.chars().any(char::is_control) {
            Ok(Self(label.to_owned()))
        } else {
            Err(DistrictError::Malformed)
        }
    }

    /// The label.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where a signature is counted, and what says so.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Location {
    /// Where it is added up.
    pub home: Home,
    /// The district within it, if one is known; only a government's home has one.
    pub district: Option<District>,
    /// Whether the signer chose place or district, and no resolution did.
    pub is_self_asserted: bool,
    /// Other governments over it (township, county, metro): counted in a column of their own that
    /// is never added.
    pub governments_over: Vec<Geoid>,
}

impl Location {
    /// Nothing is known.
    pub fn unknown() -> Self {
        Self {
            home: Home::NotLocated,
            district: None,
            is_self_asserted: false,
            governments_over: Vec::new(),
        }
    }

    /// The district's label as it is stored: empty where there is none.
    pub fn district_key(&self) -> &str {
        self.district.as_ref().map_or("", District::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_is_stored_as_one_word_and_read_back() {
        for home in [
            Home::Government(Geoid::parse("0804000").unwrap()),
            Home::OutsideAnyCity,
            Home::NotLocated,
        ] {
            assert_eq!(Home::from_key(home.as_key()), Ok(home));
        }
        assert_eq!(Home::from_key("elsewhere"), Err(HomeError::Malformed));
    }

    #[test]
    fn homes_without_a_geoid_sort_last() {
        let mut keys = ["unlocated", "9999999", "outside", "0100001"];
        keys.sort_unstable();
        assert_eq!(keys, ["0100001", "9999999", "outside", "unlocated"]);
    }
}
