//! The oracle: addresses with the answer that follows from the map.
//!
//! For each kind, sides are taken evenly over the county and a number at random on each. An address stands in the truth only when its
//! number lies in exactly one range of that street name and ZIP code, and, where there are districts, no closer to a border than the
//! width of a rounding. Everything else is asked of the finished map: the face says who governs, the point beside the line says which
//! district.

mod candidates;
mod kinds;

use std::collections::HashSet;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use self::{
    candidates::{Candidate, Candidates},
    kinds::Kind,
};
use super::{
    Plan,
    county::{County, Range},
    random, usps,
};

/// No truth lies closer to a district's border than this, in metres: offsets and projections may differ by centimetres.
const ROUNDING: f64 = 3.0;
/// From here on a split side's number is clear of the border, in metres.
const CLEAR: f64 = 60.0;
/// Numbers tried on a side before it is left out.
const TRIES: usize = 16;

/// One row of `truth.csv` without its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Truth {
    pub(crate) address: String,
    pub(crate) place_geoid: String,
    pub(crate) district: String,
    pub(crate) kind: &'static str,
    /// The district before the map was drawn anew, where the two differ.
    pub(crate) district_before: Option<String>,
}

/// All truths of a county.
pub(crate) fn list(plan: Plan, county: &County) -> Vec<Truth> {
    let candidates = Candidates::of(county);
    let mut asker = Asker {
        county,
        candidates: &candidates,
        random: random::source(plan, county.number, 3),
        seen: HashSet::new(),
    };
    Kind::ALL.iter().flat_map(|kind| asker.ask(*kind)).collect()
}

/// The names of all kinds, as the file has them.
#[cfg(test)]
pub(crate) fn kinds() -> impl Iterator<Item = &'static str> {
    Kind::ALL.iter().map(|kind| kind.name())
}

struct Asker<'a> {
    county: &'a County,
    candidates: &'a Candidates<'a>,
    random: ChaCha8Rng,
    seen: HashSet<String>,
}

impl Asker<'_> {
    fn ask(&mut self, kind: Kind) -> Vec<Truth> {
        let fit: Vec<_> = self
            .candidates
            .list
            .iter()
            .filter(|candidate| candidate.kinds.contains(&kind))
            .collect();
        let quota = if fit.is_empty() { 0 } else { kind.quota() };
        let spread = (0..quota).map(|row| {
            if fit.len() > quota {
                row * fit.len() / quota
            } else {
                row % fit.len()
            }
        });
        // Where a district must be the right one, many sides are not in it: then all are asked.
        let rest = 0..if kind.wants_a_district() {
            fit.len()
        } else {
            0
        };
        spread
            .chain(rest)
            .enumerate()
            .filter_map(|(row, index)| (0..TRIES).find_map(|_| self.row(kind, fit[index], row)))
            .take(quota)
            .collect()
    }

    fn row(&mut self, kind: Kind, candidate: &Candidate, row: usize) -> Option<Truth> {
        let range = candidate.range;
        let houses = (range.high() - range.low()) / range.step();
        let number = range.low() + range.step() * self.random.random_range(0..=houses);
        if !self.candidates.is_only_one(candidate, number) {
            return None;
        }
        let place = candidate.government.clone().unwrap_or_default();
        let district = self.district(kind, candidate, number)?;
        let address = self.address(kind, candidate, range, number, row)?;
        let district_before = self.district_before(candidate, number, &district);
        if kind == Kind::Redistricted && district_before.is_none() {
            return None;
        }
        let truth = Truth {
            address,
            place_geoid: place,
            district,
            kind: kind.name(),
            district_before,
        };
        self.seen.insert(truth.address.clone()).then_some(truth)
    }

    /// The district of a house, empty where there are none; nothing when it lies too close to a border, or not as the kind wants it.
    fn district(&self, kind: Kind, candidate: &Candidate, number: u32) -> Option<String> {
        let Some(map) = candidate
            .government
            .as_ref()
            .and_then(|geoid| self.county.map(geoid))
        else {
            return Some(String::new());
        };
        let at = self
            .county
            .house(candidate.edge, candidate.range, number, candidate.left);
        let clearance = map.clearance(at);
        let fits = match kind {
            Kind::Split => clearance >= CLEAR + ROUNDING,
            Kind::SplitNear => (ROUNDING..CLEAR - ROUNDING).contains(&clearance),
            _ => clearance >= ROUNDING,
        };
        let district = map.find(at).filter(|_| fits)?;
        let is_wanted = match kind {
            // The consolidated government's first district lies in two parts, its fourth elects two.
            Kind::DistrictInParts => district == "1",
            Kind::MultiMember => district == "4",
            _ => true,
        };
        is_wanted.then(|| district.to_owned())
    }

    /// The district by the map before, where that differs from today's and is as clear of its borders.
    fn district_before(&self, candidate: &Candidate, number: u32, now: &str) -> Option<String> {
        let map = self.county.former_map(candidate.government.as_ref()?)?;
        let at = self
            .county
            .house(candidate.edge, candidate.range, number, candidate.left);
        let before = map
            .find(at)
            .filter(|_| map.clearance(at) >= CLEAR + ROUNDING)?;
        (before != now).then(|| before.to_owned())
    }

    fn address(
        &self,
        kind: Kind,
        candidate: &Candidate,
        range: &Range,
        number: u32,
        row: usize,
    ) -> Option<String> {
        let zip = &self.county.zips[range.zip];
        // Where a ZIP code has two postal cities, rows of its own kinds use both.
        let alias = matches!(kind, Kind::SplitZip | Kind::EnclosedCity) && row % 2 == 1;
        let city = zip.names.get(usize::from(alias)).unwrap_or(&zip.names[0]);
        let (state, number) = (self.county.state.usps, range.text(number));
        let street = match kind {
            Kind::OrdinalWords => usps::ordinal_in_words(&candidate.street)?,
            Kind::Saint => usps::other_saint(&candidate.street)?,
            Kind::Unit => format!("{} {}", candidate.street, unit(row)),
            Kind::Urbanizacion => {
                let urbanizacion = URBANIZACIONES[row % URBANIZACIONES.len()];
                let line = match row % 3 {
                    0 => format!("URB {urbanizacion} {number} {}", candidate.street),
                    1 => format!("URB {urbanizacion}, {number} {}", candidate.street),
                    _ => format!("{number} {}, URB {urbanizacion}", candidate.street),
                };
                return Some(format!(
                    "{line}, {}, {state} {}",
                    city.to_uppercase(),
                    zip.code
                ));
            }
            Kind::LowerCase => {
                return Some(usps::careless(
                    &number,
                    &candidate.street,
                    city,
                    state,
                    &zip.code,
                    row,
                ));
            }
            _ => candidate.street.clone(),
        };
        Some(format!(
            "{number} {street}, {}, {state} {}",
            city.to_uppercase(),
            zip.code
        ))
    }
}

/// Made-up urbanizaciones: part of an address, and of no map.
const URBANIZACIONES: [&str; 4] = [
    "LAS PALMAS",
    "VILLA DEL SOL",
    "JARDINES DE LUZ",
    "SANTA MARTA",
];

fn unit(row: usize) -> String {
    match row % 4 {
        0 => format!("APT {}{}", row / 4 + 1, ['A', 'B', 'C', 'D'][row % 3]),
        1 => format!("# {}", row + 3),
        2 => format!("STE {}00", row % 9 + 1),
        _ => format!("UNIT {}", row + 1),
    }
}
