//! Pieces of the map: states, counties, places, county subdivisions, districts.

use serde::{Deserialize, Serialize};

/// What a division is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DivisionKind {
    /// A county, parish, borough or an equivalent of one.
    County,
    /// A township, town or other county subdivision.
    CountySubdivision,
    /// A city, village, borough or census-designated place.
    Place,
    /// A consolidated city: a metro government over a county.
    ConsolidatedCity,
    /// A council district or ward of a place.
    District,
}

impl DivisionKind {
    /// The name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::County => "county",
            Self::CountySubdivision => "county_subdivision",
            Self::Place => "place",
            Self::ConsolidatedCity => "consolidated_city",
            Self::District => "district",
        }
    }
}

/// The Census Bureau's functional status: whether a legal area has a government that acts.
///
/// Source: Census Bureau, "Functional Status Codes and Definitions".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Funcstat {
    /// A: active government.
    Active,
    /// B: active, partly consolidated with another.
    PartlyConsolidated,
    /// C: active, consolidated with another.
    Consolidated,
    /// F: fictitious, made to fill the map (a balance, an independent city's "county").
    Fictitious,
    /// G: active, but subordinate to another government.
    Subordinate,
    /// I: inactive, with the power to act.
    Inactive,
    /// N: non-functioning legal area.
    NonFunctioning,
    /// S: statistical only.
    Statistical,
}

impl Funcstat {
    /// Reads the Census's letter.
    pub fn parse(letter: &str) -> Option<Self> {
        Some(match letter.trim() {
            "A" => Self::Active,
            "B" => Self::PartlyConsolidated,
            "C" => Self::Consolidated,
            "F" => Self::Fictitious,
            "G" => Self::Subordinate,
            "I" => Self::Inactive,
            "N" => Self::NonFunctioning,
            "S" => Self::Statistical,
            _ => return None,
        })
    }

    /// The Census's letter.
    pub fn letter(self) -> char {
        match self {
            Self::Active => 'A',
            Self::PartlyConsolidated => 'B',
            Self::Consolidated => 'C',
            Self::Fictitious => 'F',
            Self::Subordinate => 'G',
            Self::Inactive => 'I',
            Self::NonFunctioning => 'N',
            Self::Statistical => 'S',
        }
    }
}
