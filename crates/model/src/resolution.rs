//! The answer for one address, as people and programs receive it.

use crate::address::Address;
use crate::official::Role;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How sure a resolution is of its place and district.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// A known point, or a range side that lies whole in one set of divisions.
    Exact,
    /// A side that a border crosses, at a number clear of the border.
    ExactSplit,
    /// The only survivor after the text was relaxed.
    Relaxed,
    /// No such number, but every range of that street and ZIP agrees.
    Street,
    /// Several answers remain: the signer is asked.
    Candidates,
    /// A ZIP or a city alone: no official is named.
    Area,
    /// Unlocatable, or not understood.
    None,
}

impl Level {
    /// The name used in JSON and CSV.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::ExactSplit => "exact_split",
            Self::Relaxed => "relaxed",
            Self::Street => "street",
            Self::Candidates => "candidates",
            Self::Area => "area",
            Self::None => "none",
        }
    }

    /// Whether place and district may be attributed without asking.
    pub fn attributes_district(self) -> bool {
        matches!(self, Self::Exact | Self::ExactSplit | Self::Relaxed)
    }
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// Why an answer is as it is: stable codes, documented in `docs/reasons.md`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Reason { $($(#[$doc])* $name,)* }

        impl Reason {
            /// Every reason, in the order in which an answer lists them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stable code.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

reasons! {
    /// Mail goes to a box at a post office; nobody lives there.
    PoBox = "po_box",
    /// A rural or highway-contract route names a carrier's way, not a place.
    RuralRoute = "rural_route",
    /// A military or diplomatic post office.
    Military = "military",
    /// Two streets that cross, where a house number is needed.
    Intersection = "intersection",
    /// The text could not be read as an address.
    Unparsed = "unparsed",
    /// A street without a house number.
    NumberMissing = "number_missing",
    /// No street was given.
    StreetMissing = "street_missing",
    /// No street of that name is known there.
    StreetNotFound = "street_not_found",
    /// The street is known, the number is in none of its ranges.
    NumberOutsideRanges = "number_outside_ranges",
    /// The number is in a range, on the other side of the street.
    ParityMismatch = "parity_mismatch",
    /// The number lies between two known ones that agree.
    BetweenKnownNumbers = "between_known_numbers",
    /// The number's own letter or fraction is not in the sources.
    NumberSuffixIgnored = "number_suffix_ignored",
    /// The street has a directional that the text leaves out.
    DirectionalMissing = "directional_missing",
    /// The text has a directional that the street does not.
    DirectionalExtra = "directional_extra",
    /// The directional stands on the other end of the name.
    DirectionalMoved = "directional_moved",
    /// The text leaves out the street type.
    TypeMissing = "type_missing",
    /// The text has another street type.
    TypeDiffers = "type_differs",
    /// The name is spelled another way (ordinal, Saint, highway class).
    NameVariant = "name_variant",
    /// One letter of the name differs.
    Spelling = "spelling",
    /// The name is spelled otherwise and sounds alike.
    SoundsAlike = "sounds_alike",
    /// The ZIP is not one of the city's.
    ZipCityDisagree = "zip_city_disagree",
    /// No ZIP was given.
    ZipMissing = "zip_missing",
    /// The street was found under another ZIP.
    ZipDiffers = "zip_differs",
    /// The source has no ZIP for the street.
    ZipNotInSource = "zip_not_in_source",
    /// The mail's city is not the government's.
    PostalCityDiffers = "postal_city_differs",
    /// The address lies outside any city.
    OutsideAnyCity = "outside_any_city",
    /// A border crosses the side of the block.
    SideIsSplit = "side_is_split",
    /// The house is too near a border to say on which side.
    BorderWithinBand = "border_within_band",
    /// Several sources or streets give different answers.
    SeveralAnswers = "several_answers",
    /// Polygons of one map overlap here.
    OverlappingDistricts = "overlapping_districts",
    /// The map in force has no district here.
    NoDistrictCovers = "no_district_covers",
    /// No district map on file is in force on the day asked for.
    DistrictMapExpired = "district_map_expired",
    /// The city has districts; which one this is, is not known.
    DistrictUnknown = "district_unknown",
    /// A part of the pack that this answer needs is damaged.
    PackDamaged = "pack_damaged",
    /// A second opinion names another municipality or district.
    ProviderDisagrees = "provider_disagrees",
    /// A second opinion was asked for and could not be had.
    ProviderUnavailable = "provider_unavailable",
    /// A second opinion was asked for; who gives it does not know the address.
    ProviderNoMatch = "provider_no_match",
    /// The holder's term is over and no successor is known.
    TermEnded = "term_ended",
    /// Nobody holds the post.
    Vacant = "vacant",
    /// Who holds the post on that day is not known.
    HolderUnknown = "holder_unknown",
    /// The seat's district is not known to the directory.
    SeatUnknown = "seat_unknown",
}

/// Where the address lies, WGS 84 degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Latitude, north positive.
    pub lat: f64,
    /// Longitude, east positive.
    pub lon: f64,
}

/// The governing municipality, or the home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceRef {
    /// Seven digits; ten where it is a town that is a county subdivision.
    pub geoid: String,
    /// Name with its legal kind: `Aurora city`.
    pub name: String,
    /// Open Civic Data division id.
    pub ocd_id: Option<String>,
}

/// The county, whether or not it governs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountyRef {
    /// Five digits.
    pub fips: String,
    /// Name, where a source gives it.
    pub name: Option<String>,
}

/// A government over the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GovernmentRef {
    /// Place 7 digits, county subdivision 10, county 5.
    pub geoid: String,
    /// Name with its legal kind.
    pub name: String,
    /// What it is: `place`, `consolidated_city`, `county_subdivision`, `county`.
    pub kind: String,
    /// Open Civic Data division id.
    pub ocd_id: Option<String>,
}

/// A post that answers for the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostAnswer {
    /// Stable id.
    pub id: String,
    /// What the post does.
    pub role: Role,
    /// Its real title.
    pub title: String,
    /// District label; absent at large.
    pub district: Option<String>,
    /// Whether this post answers for the address beyond doubt.
    pub certain: bool,
    /// Why not, and what else is to be known.
    pub reasons: Vec<Reason>,
    /// Whether nobody holds it.
    pub vacant: bool,
    /// Who holds it.
    pub person: Option<PersonAnswer>,
}

/// Who holds a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonAnswer {
    /// Full name as published.
    pub name: String,
    /// First day of the term.
    pub term_start: Option<NaiveDate>,
    /// Last day of the term.
    pub term_end: Option<NaiveDate>,
    /// The day as of which the source speaks.
    pub as_of: Option<String>,
    /// Where it was read.
    pub source: Option<String>,
}

/// One of several answers that remain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternative {
    /// Opaque: sent back to choose this one.
    pub choice: String,
    /// What a person reads.
    pub label: String,
    /// Governing municipality; absent outside any city.
    pub place_geoid: Option<String>,
    /// Where a signature from there is counted: the municipality, or else the town that is a
    /// county subdivision (10 digits); absent outside any city.
    #[serde(default)]
    pub home_geoid: Option<String>,
    /// District label.
    pub district: Option<String>,
}

/// The answer for one address: reproducible from input, date, pack and directory.
///
/// What many answers have in common (governments, posts, ids) is shared among them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resolution {
    /// How sure.
    pub level: Level,
    /// Why.
    pub reasons: Vec<Reason>,
    /// What the relaxations cost: 0 is a match to the letter.
    pub penalty: u32,
    /// The text as it came in.
    pub input: String,
    /// The text taken apart, corrected to the street that was found.
    pub address: Address,
    /// Where.
    pub point: Option<Point>,
    /// Metres to the nearest border of a place or district that crosses the side of the block, up to a kilometre; absent where none does.
    #[serde(default)]
    pub border_distance: Option<f64>,
    /// The governing municipality; absent outside any city, and where it is not known.
    pub place: Option<Arc<PlaceRef>>,
    /// Where a signature from there is counted: the place, or else, in a state of towns, the town
    /// that is a county subdivision; absent outside any city, and where it is not known.
    #[serde(default)]
    pub home: Option<Arc<PlaceRef>>,
    /// The county.
    pub county: Option<Arc<CountyRef>>,
    /// Bare label of the council district.
    pub district: Option<String>,
    /// Every government over the address, most local first.
    pub governments: Arc<[Arc<GovernmentRef>]>,
    /// The posts that answer for it.
    pub posts: Arc<[Arc<PostAnswer>]>,
    /// What else it could be.
    pub alternatives: Vec<Alternative>,
    /// Id of the pack.
    pub pack: Arc<str>,
    /// Version of the directory of officials.
    pub directory: Option<Arc<str>>,
    /// The day for which districts and officials are answered.
    pub on: NaiveDate,
}
