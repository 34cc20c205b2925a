//! What a range says of an address: its governments and, on a day, its district.

use super::reasons::Reasons;
use super::search::Hit;
use super::street::Found;
use crate::geometry::{Hand, Spot, along};
use crate::government::{has_municipalities_for_counties, is_state_of_towns};
use crate::pack::Pack;
use crate::pack::section::{
    DivisionSet, NONE, OVERLAPPING, SPLIT, SplitRecord, UNCOVERED, flag, kind,
};
use chrono::{Datelike, NaiveDate};
use redress_model::resolution::Reason;
use smallvec::{SmallVec, smallvec};

/// Metres within which a border makes a measured position doubtful.
pub const BAND: f64 = 30.0;
/// The same where the border runs along the cross street at the end of the block.
const BAND_AT_END: f64 = 5.0;

/// A measured position and the doubt about it.
#[derive(Debug, Clone, Copy)]
struct Measured {
    at: Spot,
    band: f64,
}

/// The governments of an outcome; divisions of the pack, or [`NONE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Governments {
    /// The governing place.
    pub place: u32,
    /// The consolidated city.
    pub concity: u32,
    /// The county subdivision, if it governs.
    pub cousub: u32,
    /// The county, governing or not.
    pub county: u32,
    /// Whether the county subdivision is known, and governs nothing.
    pub is_outside_towns: bool,
}

impl Governments {
    /// The governing municipality: a place, else a consolidated city.
    pub fn municipality(&self) -> u32 {
        if self.place == NONE {
            self.concity
        } else {
            self.place
        }
    }

    /// Where people are counted: the municipality, or else, in a state of towns, the town, and in a
    /// territory whose counties are municipalities, the county.
    pub fn home(&self, pack: &Pack) -> u32 {
        let municipality = self.municipality();
        let is_town = |number: u32| {
            pack.division(number)
                .is_some_and(|town| is_state_of_towns(town.record.state))
        };
        let is_municipality = |number: u32| {
            pack.division(number).is_some_and(|county| {
                county.governs() && has_municipalities_for_counties(county.record.state)
            })
        };
        if municipality != NONE {
            municipality
        } else if is_town(self.cousub) {
            self.cousub
        } else if is_municipality(self.county) {
            self.county
        } else {
            NONE
        }
    }

    /// Whether two speak of the same governments, one perhaps knowing more.
    pub fn agree(&self, other: &Self) -> bool {
        let same = |one: u32, other: u32| one == other || one == NONE || other == NONE;
        let is_between = |one: &Self, other: &Self| one.is_outside_towns && other.cousub != NONE;
        // Beside a town lies land that belongs to none: there the town is all the difference.
        let differ_by_town =
            self.municipality() == NONE && (is_between(self, other) || is_between(other, self));
        !differ_by_town
            && self.municipality() == other.municipality()
            && same(self.cousub, other.cousub)
            && same(self.county, other.county)
    }

    /// Both together.
    #[must_use]
    pub fn joined(&self, other: &Self) -> Self {
        let or = |one: u32, other: u32| if one == NONE { other } else { one };
        Self {
            place: or(self.place, other.place),
            concity: or(self.concity, other.concity),
            cousub: or(self.cousub, other.cousub),
            county: or(self.county, other.county),
            is_outside_towns: self.is_outside_towns || other.is_outside_towns,
        }
    }
}

/// What is known of the district.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum District {
    /// The place has none on file.
    Without,
    /// This one, by the map of this source.
    Known {
        /// The district.
        division: u32,
        /// Position of the map's source in the manifest.
        source: u32,
    },
    /// One of these: a border is near, or polygons overlap.
    OneOf(Vec<u32>),
    /// It cannot be said; the reason tells why.
    Missing,
}

/// The answer of one range.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The governments; several where a border is near.
    pub governments: Several,
    /// The district within the first.
    pub district: District,
    /// Why.
    pub reasons: Reasons,
    /// Whether a position was measured against a border.
    pub is_measured: bool,
    /// Where it was measured to be.
    pub measured: Option<Spot>,
    /// Metres from there to the nearest border that crosses its side.
    pub border: Option<f64>,
}

/// Metres beyond which a border is no longer measured.
const FAR: f64 = 1_000.0;

/// How near the nearest of some polygons' borders is.
fn nearest_border(pack: &Pack, options: &[u32], at: Spot) -> Option<f64> {
    let polygons = options.iter().filter_map(|number| pack.polygon(*number));
    polygons
        .filter_map(|(_, slabs)| slabs.border_within(at, FAR))
        .reduce(f64::min)
}

/// Governments of an address: nearly always one set of them.
pub type Several = SmallVec<[Governments; 1]>;

/// Whether what a set refers to is there: a broken reference must not read as `outside any city`.
pub fn is_sound(pack: &Pack, set: &DivisionSet) -> bool {
    let divisions = pack.divisions().len();
    let holds = |number: u32| number == NONE || (number as usize) < divisions;
    holds(set.county)
        && holds(set.cousub)
        && holds(set.concity)
        && (set.place == SPLIT || holds(set.place))
        && pack.districts_of(set).len() == set.district_count as usize
        && pack
            .districts_of(set)
            .iter()
            .all(|entry| (entry.map as usize) < pack.maps().len())
}

/// What a sound set that no border crosses says on a day of every house on it.
pub fn plainly(pack: &Pack, set: &DivisionSet, on: NaiveDate) -> Outcome {
    let mut reasons = Reasons::default();
    let governments = plain(pack, set, set.place);
    let nowhere = || None;
    let district = district(
        pack,
        set,
        &governments,
        &[],
        None,
        &nowhere,
        on,
        &mut reasons,
    );
    Outcome {
        governments: smallvec![governments],
        district,
        reasons,
        is_measured: false,
        measured: None,
        border: None,
    }
}

/// What a hit says on a day; `None` when the records that it needs are damaged.
pub fn outcome(pack: &Pack, hit: &Hit<'_>, on: NaiveDate) -> Option<Outcome> {
    let set = hit.range.set().filter(|set| is_sound(pack, set))?;
    let mut reasons = Reasons::default();
    let split = Some(hit.range)
        .filter(|range| range.has(flag::SPLIT))
        .and_then(|range| range.split());
    let measured = split.and_then(|split| {
        let band = if Pack::is_split_at_end(split) {
            BAND_AT_END
        } else {
            BAND
        };
        position(pack, split, hit.number).map(|at| Measured { at, band })
    });
    if hit.range.has(flag::SPLIT) && measured.is_none() {
        reasons.add(Reason::PackDamaged);
    }
    let options = split.map_or(&[][..], |split| pack.options_of(split));
    let is_whole = split.is_none_or(|split| options.len() == split.option_count as usize)
        && options.iter().all(|number| pack.polygon(*number).is_some());
    if !is_whole || set.place == SPLIT && measured.is_none() {
        return None;
    }
    if split.is_some() {
        reasons.add(Reason::SideIsSplit);
    }
    // A known point is where it is; that a border is near is said all the same.
    if hit.range.has(flag::NEAR_BORDER) && hit.found == Found::Point {
        reasons.add(Reason::BorderWithinBand);
    }
    let governments = match measured {
        Some(measured) if set.place == SPLIT => {
            places_around(pack, set, options, measured, &mut reasons)
        }
        _ => smallvec![plain(pack, set, set.place)],
    };
    let district = district(
        pack,
        set,
        &governments[0],
        options,
        measured,
        &|| hit.street.spot_of(&hit.range),
        on,
        &mut reasons,
    );
    Some(Outcome {
        governments,
        district,
        reasons,
        is_measured: split.is_some(),
        border: measured.and_then(|measured| nearest_border(pack, options, measured.at)),
        measured: measured.map(|measured| measured.at),
    })
}

/// The measured position of a number on a split side.
fn position(pack: &Pack, split: &SplitRecord, number: u32) -> Option<Spot> {
    let line = pack.line_of(split);
    let (from, to) = (f64::from(split.from), f64::from(split.to));
    let share = if split.from == split.to {
        0.5
    } else {
        (f64::from(number) - from) / (to - from)
    };
    let hand = Pack::hand_of(split);
    along(
        line,
        share,
        hand.unwrap_or(Hand::Left),
        if hand.is_some() {
            crate::build::OFFSET
        } else {
            0.0
        },
    )
}

fn governing(pack: &Pack, division: u32) -> u32 {
    if pack
        .division(division)
        .is_some_and(|division| division.governs())
    {
        division
    } else {
        NONE
    }
}

/// The governments of a set with a given place.
pub fn plain(pack: &Pack, set: &DivisionSet, place: u32) -> Governments {
    let cousub = governing(pack, set.cousub);
    Governments {
        place: governing(pack, place),
        concity: governing(pack, set.concity),
        cousub,
        county: set.county,
        is_outside_towns: cousub == NONE && set.cousub != NONE,
    }
}

/// The places that a measured position may be in: the one it is in first, then those whose
/// border is near.
fn places_around(
    pack: &Pack,
    set: &DivisionSet,
    options: &[u32],
    measured: Measured,
    reasons: &mut Reasons,
) -> Several {
    let places: Vec<_> = options
        .iter()
        .filter_map(|number| pack.polygon(*number))
        .filter(|(record, _)| {
            record.map == NONE
                && governing(pack, record.division) != NONE
                && pack
                    .division(record.division)
                    .is_some_and(|division| division.record.kind == kind::PLACE)
        })
        .collect();
    let Measured { at, band } = measured;
    let inside = places
        .iter()
        .find(|(_, slabs)| slabs.contains(at))
        .map_or(NONE, |(record, _)| record.division);
    let mut found: Several = smallvec![plain(pack, set, inside)];
    let near: Vec<u32> = places
        .iter()
        .filter(|(_, slabs)| slabs.border_within(at, band).is_some())
        .map(|(record, _)| record.division)
        .collect();
    for division in near.iter().copied() {
        reasons.add(Reason::BorderWithinBand);
        // Beyond the border of the place it is in lies another place, or none.
        let other = if division == inside { NONE } else { division };
        let other = plain(pack, set, other);
        let is_covered = division == inside && near.iter().any(|next| *next != inside);
        if !is_covered && !found.contains(&other) {
            found.push(other);
        }
    }
    found
}

#[expect(clippy::too_many_arguments, reason = "one question's facts")]
fn district(
    pack: &Pack,
    set: &DivisionSet,
    governments: &Governments,
    options: &[u32],
    measured: Option<Measured>,
    spot: &dyn Fn() -> Option<Spot>,
    on: NaiveDate,
    reasons: &mut Reasons,
) -> District {
    let holder = governments.municipality();
    if holder == NONE {
        return District::Without;
    }
    let day = on.num_days_from_ce();
    let maps = pack.maps();
    let covers =
        |map: &crate::pack::section::MapRecord| map.valid_from <= day && day < map.valid_to;
    let of_holder = pack
        .districts_of(set)
        .iter()
        .filter_map(|entry| maps.get(entry.map as usize).map(|map| (entry, map)))
        .filter(|(_, map)| map.place == holder);
    let mut any = false;
    let mut best = None;
    for (entry, map) in of_holder {
        any = true;
        if covers(map)
            && best.is_none_or(|(_, chosen): (_, &crate::pack::section::MapRecord)| {
                chosen.source <= map.source
            })
        {
            best = Some((entry, map));
        }
    }
    let Some((entry, map)) = best else {
        let mut known = maps.iter().filter(|map| map.place == holder).peekable();
        if any || known.peek().is_some() && !known.any(covers) {
            reasons.add(Reason::DistrictMapExpired);
            return District::Missing;
        }
        if maps.iter().any(|map| map.place == holder) {
            reasons.add(Reason::DistrictUnknown);
            return District::Missing;
        }
        return District::Without;
    };
    match entry.division {
        UNCOVERED => {
            reasons.add(Reason::NoDistrictCovers);
            District::Missing
        }
        OVERLAPPING => {
            reasons.add(Reason::OverlappingDistricts);
            let all = 0..pack.polygons().len() as u32;
            let at = measured.map(|measured| measured.at).or_else(spot);
            one_of(containing(pack, all, entry.map, at))
        }
        SPLIT => {
            let Some(Measured { at, band }) = measured else {
                reasons.add(Reason::PackDamaged);
                return one_of(all_of(pack, options, entry.map));
            };
            let inside = containing(pack, options.iter().copied(), entry.map, Some(at));
            let mut near: Vec<u32> = options
                .iter()
                .filter_map(|number| pack.polygon(*number))
                .filter(|(record, slabs)| {
                    record.map == entry.map && slabs.border_within(at, band).is_some()
                })
                .map(|(record, _)| record.division)
                .collect();
            if near.is_empty() {
                return match inside.as_slice() {
                    [] => {
                        reasons.add(Reason::NoDistrictCovers);
                        District::Missing
                    }
                    [division] => known(pack, *division, map.source, reasons),
                    _ => {
                        reasons.add(Reason::OverlappingDistricts);
                        one_of(inside)
                    }
                };
            }
            near.extend(&inside);
            near.sort_unstable();
            near.dedup();
            if let ([division], [only]) = (inside.as_slice(), near.as_slice())
                && division == only
            {
                // Near the map's outer edge, with no other district beyond it.
                return known(pack, *division, map.source, reasons);
            }
            reasons.add(Reason::BorderWithinBand);
            one_of(near)
        }
        division => known(pack, division, map.source, reasons),
    }
}

/// A district by its number, if that is one.
fn known(pack: &Pack, division: u32, source: u32, reasons: &mut Reasons) -> District {
    let is_district = pack
        .division(division)
        .is_some_and(|division| division.record.kind == kind::DISTRICT);
    if is_district {
        District::Known { division, source }
    } else {
        reasons.add(Reason::PackDamaged);
        District::Missing
    }
}

fn one_of(mut divisions: Vec<u32>) -> District {
    divisions.sort_unstable();
    divisions.dedup();
    District::OneOf(divisions)
}

fn containing(
    pack: &Pack,
    polygons: impl Iterator<Item = u32>,
    map: u32,
    at: Option<Spot>,
) -> Vec<u32> {
    let Some(at) = at else { return Vec::new() };
    polygons
        .filter_map(|number| pack.polygon(number))
        .filter(|(record, slabs)| record.map == map && slabs.contains(at))
        .map(|(record, _)| record.division)
        .collect()
}

fn all_of(pack: &Pack, options: &[u32], map: u32) -> Vec<u32> {
    options
        .iter()
        .filter_map(|number| pack.polygon(*number))
        .filter(|(record, _)| record.map == map)
        .map(|(record, _)| record.division)
        .collect()
}
