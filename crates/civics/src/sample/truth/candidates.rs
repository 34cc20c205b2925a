//! Every side of every street under every name, with the kinds that it could stand for.

use std::collections::HashMap;

use super::{
    super::{
        county::{Area, County, Edge, Range},
        places, usps, zips,
    },
    ROUNDING,
    kinds::Kind,
};

/// One side of an edge under one of its names.
pub(super) struct Candidate<'a> {
    pub(super) edge: &'a Edge,
    pub(super) range: &'a Range,
    pub(super) left: bool,
    /// The street in USPS spelling.
    pub(super) street: String,
    /// GEOID of the governing municipality.
    pub(super) government: Option<String>,
    pub(super) kinds: Vec<Kind>,
}

pub(super) struct Candidates<'a> {
    pub(super) list: Vec<Candidate<'a>>,
    /// Ranges by street and ZIP code, to know whether a number is on one side only. Looked up, never walked.
    ranges: HashMap<(String, usize), Vec<&'a Range>>,
}

impl<'a> Candidates<'a> {
    pub(super) fn of(county: &'a County) -> Self {
        let mut all = Self {
            list: Vec::new(),
            ranges: HashMap::new(),
        };
        for edge in &county.edges {
            let streets: Vec<_> = edge.names.iter().map(|name| usps::street(name)).collect();
            for (left, side) in [true, false].into_iter().zip(edge.sides()) {
                let Some(range) = &side.range else { continue };
                let split = is_split(county, edge, left, range);
                for street in &streets {
                    all.ranges
                        .entry((usps::folded(street), range.zip))
                        .or_default()
                        .push(range);
                    let kinds = kinds(county, edge, left, range, street, split);
                    let government = county.government(county.faces[side.face].area);
                    all.list.push(Candidate {
                        edge,
                        range,
                        left,
                        street: street.clone(),
                        government,
                        kinds,
                    });
                }
            }
        }
        all
    }

    /// Whether no other side of a street of that name and ZIP code has the number.
    pub(super) fn is_only_one(&self, candidate: &Candidate, number: u32) -> bool {
        let key = (usps::folded(&candidate.street), candidate.range.zip);
        let same = |range: &&&Range| range.prefix == candidate.range.prefix && range.holds(number);
        self.ranges
            .get(&key)
            .is_some_and(|ranges| ranges.iter().filter(same).count() == 1)
    }
}

/// Whether a district border crosses the side: its first and last houses lie in different districts.
fn is_split(county: &County, edge: &Edge, left: bool, range: &Range) -> bool {
    let face = if left {
        edge.left.face
    } else {
        edge.right.face
    };
    let Some(map) = county
        .government(county.faces[face].area)
        .and_then(|geoid| county.map(&geoid))
    else {
        return false;
    };
    // A house on the very corner may touch the border along a cross street; the next one down the block does not.
    let district = |houses: [u32; 6]| {
        let mut places = houses
            .iter()
            .map(|number| county.house(edge, range, *number, left));
        let clear = places.find(|at| map.clearance(*at) >= ROUNDING);
        clear.and_then(|at| map.find(at))
    };
    let house = |index: usize| index as u32 * range.step();
    let first = std::array::from_fn(|index| range.low() + house(index));
    let last = std::array::from_fn(|index| range.high() - house(index));
    district(first) != district(last)
}

fn kinds(
    county: &County,
    edge: &Edge,
    left: bool,
    range: &Range,
    street: &str,
    split: bool,
) -> Vec<Kind> {
    let areas = edge.sides().map(|side| county.faces[side.face].area);
    let (own, other) = if left {
        (areas[0], areas[1])
    } else {
        (areas[1], areas[0])
    };
    if split {
        return vec![Kind::Split, Kind::SplitNear];
    }
    if edge.names.len() > 1 {
        return vec![Kind::AlternateName];
    }
    if range.prefix.ends_with('-') {
        return vec![Kind::Hyphenated];
    }
    if !range.prefix.is_empty() {
        return vec![Kind::Alphanumeric];
    }
    if own == Area::Enclave {
        return vec![Kind::Enclave];
    }
    if county.government(own) != county.government(other) {
        return vec![Kind::BorderStreet];
    }
    let mut kinds = vec![match own {
        Area::Grid if range.from < range.to => Kind::Plain,
        Area::Grid | Area::Enclave => Kind::Descending,
        Area::AtLarge => Kind::AtLargeCity,
        Area::Designated if is_grid_number(street) => Kind::GridNumber,
        Area::Designated => Kind::Cdp,
        Area::Village => Kind::Village,
        Area::Township => Kind::Township,
        Area::Open => Kind::Unincorporated,
        Area::Balance => Kind::Consolidated,
        Area::Enclosed => Kind::EnclosedCity,
        Area::Town => Kind::NewEnglandTown,
        Area::TownCity => Kind::NewEnglandCity,
        Area::Independent => Kind::IndependentCity,
        Area::Municipio | Area::Zone => Kind::Municipio,
    }];
    match own {
        Area::Grid => {
            kinds.extend([Kind::Unit, Kind::LowerCase]);
            if county.maps.iter().any(|map| map.valid_to.is_some()) {
                kinds.push(Kind::Redistricted);
            }
        }
        Area::Balance => kinds.extend([Kind::DistrictInParts, Kind::MultiMember]),
        Area::Municipio | Area::Zone => kinds.push(Kind::Urbanizacion),
        _ => {}
    }
    if usps::ordinal_in_words(street).is_some() {
        kinds.push(Kind::OrdinalWords);
    }
    if usps::other_saint(street).is_some() {
        kinds.push(Kind::Saint);
    }
    if range.zip == zips::SPLIT {
        kinds.push(Kind::SplitZip);
    }
    if postal_city_differs(county, own, range.zip) {
        kinds.push(Kind::PostalCityDiffers);
    }
    kinds
}

/// `E 300 S`.
fn is_grid_number(street: &str) -> bool {
    street
        .split(' ')
        .any(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether mail comes under a municipality's name that is not the one that governs.
fn postal_city_differs(county: &County, own: Area, zip: usize) -> bool {
    let postal = &county.zips[zip].names[0];
    match places::governing_name(&county.names, own) {
        Some(name) => name != postal,
        None => [
            &county.names.grid,
            &county.names.at_large,
            &county.names.village,
        ]
        .contains(&postal),
    }
}
