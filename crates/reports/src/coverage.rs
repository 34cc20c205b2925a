//! Coverage: where signatures are, and what is not known of the officials and districts there.
//!
//! One row a place, those first where most signatures would reach more people; then the two rows without a GEOID, as in every
//! report of counts. Dates are days.

use crate::counts::{NOT_LOCATED, OUTSIDE_ANY_CITY};
use crate::row::{Cell, Row};

/// One place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CoverageRow {
    /// GEOID; empty for the two rows without one.
    pub geoid: String,
    /// Name with its legal kind.
    pub name: String,
    /// Two letters.
    pub state: String,
    /// Confirmed signatures.
    pub count: i64,
    /// Of these, how many would reach more people were everything known.
    pub help: i64,
    /// Seats of the roles that the petition goes to.
    pub seats: i64,
    /// Roles and districts without any official on file, in words; empty for none.
    pub not_listed: String,
    /// Seats of which it is not known whom they answer to.
    pub seat_unknown: i64,
    /// Seats in which nobody is known to sit.
    pub holder_unknown: i64,
    /// Empty seats.
    pub vacant: i64,
    /// Seats whose term is over without a known successor.
    pub term_ended: i64,
    /// Seats whose term ends within ninety days.
    pub term_ending: i64,
    /// The next end of a term.
    pub next_end_on: String,
    /// Seats without an e-mail address.
    pub no_email: i64,
    /// Seats whose mail came back.
    pub bounced: i64,
    /// `in_force`, `expired`, `ahead` or `absent`; empty where nobody is elected by district.
    pub district_map: String,
    /// First day of the map.
    pub map_from: String,
    /// First day on which it is no longer in force.
    pub map_to: String,
    /// Signatures without a district where members are elected by district.
    pub without_district: i64,
    /// As of when the oldest of its officials was said.
    pub as_of: String,
    /// Where its officials were read.
    pub source: String,
}

impl CoverageRow {
    /// The row of signatures outside any city.
    pub fn outside_any_city(count: i64) -> Self {
        Self {
            name: OUTSIDE_ANY_CITY.to_owned(),
            count,
            ..Self::default()
        }
    }

    /// The row of signatures that are not located.
    pub fn not_located(count: i64) -> Self {
        Self {
            name: NOT_LOCATED.to_owned(),
            count,
            ..Self::default()
        }
    }
}

impl Row for CoverageRow {
    const TITLE: &'static str = "coverage";
    const COLUMNS: &'static [&'static str] = &[
        "geoid",
        "name",
        "state",
        "count",
        "help",
        "seats",
        "not_listed",
        "seat_unknown",
        "holder_unknown",
        "vacant",
        "term_ended",
        "term_ending",
        "next_end_on",
        "no_email",
        "bounced",
        "district_map",
        "map_from",
        "map_to",
        "without_district",
        "as_of",
        "source",
    ];

    fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        let text = |text| Cell::text(Some(text));
        [
            text(&self.geoid),
            text(&self.name),
            text(&self.state),
            Cell::Number(self.count),
            Cell::Number(self.help),
            Cell::Number(self.seats),
            text(&self.not_listed),
            Cell::Number(self.seat_unknown),
            Cell::Number(self.holder_unknown),
            Cell::Number(self.vacant),
            Cell::Number(self.term_ended),
            Cell::Number(self.term_ending),
            text(&self.next_end_on),
            Cell::Number(self.no_email),
            Cell::Number(self.bounced),
            text(&self.district_map),
            text(&self.map_from),
            text(&self.map_to),
            Cell::Number(self.without_district),
            text(&self.as_of),
            text(&self.source),
        ]
        .into_iter()
    }
}
