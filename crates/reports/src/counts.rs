//! Counts by place and by district.
//!
//! The columns are those of the public interface, [`CountRow::COLUMNS`]. Rows come by GEOID (as text, the order of lists
//! everywhere), within one place by district ([`crate::natural`]), those of a place without a district last; then one row
//! `outside any city` and one `not located`. These two are always there, with zero too: that everybody was located is worth
//! saying. A government without a count has no row. Rows sum to the total of the tallies.
//!
//! A report of counts is as long as the list of places, not of signers, so that it is sorted in memory.

use crate::natural::NaturalKey;
use crate::place::Place;
use crate::row::{Cell, Row};
use redress_model::geoid::Geoid;
use redress_model::home::{District, Home};
use redress_model::resolution::Point;
use redress_model::tally::{DistrictTally, HomeTally, Tally};
use std::collections::BTreeMap;

/// The name of the row for signatures that were located where no city governs.
pub const OUTSIDE_ANY_CITY: &str = "outside any city";
/// The name of the row for signatures that were not located.
pub const NOT_LOCATED: &str = "not located";

/// What is counted in one place or district.
#[derive(Debug, Clone, PartialEq)]
pub struct CountRow {
    /// Where.
    pub home: Home,
    /// The district; `None` by place, and for those without one.
    pub district: Option<District>,
    /// What is known about the government; `None` for the rows without one, and where nothing is known.
    pub place: Option<Place>,
    /// Signatures: how many, and of these how many self-asserted and on paper.
    pub tally: Tally,
}

impl CountRow {
    /// What a reader calls it; `None` for a government whose name nobody knows.
    pub fn name(&self) -> Option<&str> {
        match self.home {
            Home::Government(_) => self.place.as_ref().map(|place| place.name.as_str()),
            Home::OutsideAnyCity => Some(OUTSIDE_ANY_CITY),
            Home::NotLocated => Some(NOT_LOCATED),
        }
    }
}

impl Row for CountRow {
    const TITLE: &'static str = "counts";
    const COLUMNS: &'static [&'static str] = &[
        "geoid",
        "name",
        "state",
        "district",
        "count",
        "self_asserted",
        "paper",
    ];

    fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        let state = self.place.as_ref().map(|place| place.state.as_str());
        [
            Cell::text(self.home.geoid().map(Geoid::as_str)),
            Cell::text(self.name()),
            Cell::text(state),
            Cell::text(self.district.as_ref().map(District::as_str)),
            Cell::Number(self.tally.counted),
            Cell::Number(self.tally.self_asserted),
            Cell::Number(self.tally.paper),
        ]
        .into_iter()
    }

    fn point(&self) -> Option<Point> {
        self.place.as_ref().and_then(|place| place.point)
    }
}

/// One row a place, sorted. `find_place` is asked once for each government; what it does not know has no name, state and
/// point, and keeps its count.
pub fn by_place(
    tallies: impl IntoIterator<Item = HomeTally>,
    find_place: impl FnMut(&Geoid) -> Option<Place>,
) -> Vec<CountRow> {
    let counts = tallies
        .into_iter()
        .map(|HomeTally { home, tally, .. }| (home, None, tally));
    rows(counts, find_place)
}

/// One row a district, sorted, and one for those of a place without a district. `find_place` as in [`by_place`].
pub fn by_district(
    tallies: impl IntoIterator<Item = DistrictTally>,
    find_place: impl FnMut(&Geoid) -> Option<Place>,
) -> Vec<CountRow> {
    let counts = tallies.into_iter().map(
        |DistrictTally {
             home,
             district,
             tally,
         }| (home, district, tally),
    );
    rows(counts, find_place)
}

fn rows(
    counts: impl Iterator<Item = (Home, Option<District>, Tally)>,
    mut find_place: impl FnMut(&Geoid) -> Option<Place>,
) -> Vec<CountRow> {
    let mut homes: BTreeMap<Home, BTreeMap<Option<District>, Tally>> = BTreeMap::new();
    let always =
        [Home::OutsideAnyCity, Home::NotLocated].map(|home| (home, None, Tally::default()));
    for (home, district, tally) in counts.chain(always) {
        // Only a government has districts; the row of those without one takes what says otherwise.
        let district = district.filter(|_| home.geoid().is_some());
        *homes.entry(home).or_default().entry(district).or_default() += tally;
    }
    let mut rows = Vec::new();
    for (home, districts) in homes {
        let mut districts: Vec<_> = districts
            .into_iter()
            .filter(|(_, tally)| home.geoid().is_none() || !tally.is_zero())
            .collect();
        if districts.is_empty() {
            continue;
        }
        districts.sort_by_cached_key(|(district, _)| rank(district.as_ref()));
        let place = home.geoid().and_then(&mut find_place);
        rows.extend(districts.into_iter().map(|(district, tally)| CountRow {
            home: home.clone(),
            district,
            place: place.clone(),
            tally,
        }));
    }
    rows
}

fn rank(district: Option<&District>) -> (bool, Option<NaturalKey>) {
    let label = district.map(|district| NaturalKey::of(district.as_str()));
    (label.is_none(), label)
}
