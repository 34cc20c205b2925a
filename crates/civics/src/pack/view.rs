//! Records of a pack seen as what they stand for.

use super::Pack;
use super::format::key_hash;
use super::section::{
    AreaRecord, CityRecord, ColdRecord, DistrictEntry, DivisionRecord, DivisionSet, PolygonRecord,
    RangeRecord, SplitRecord, StreetRecord, flag,
};
use crate::geometry::{Hand, Slabs, Spot};
use std::ops::Range;

/// Most corners of a street's line: the builder refuses longer ones.
pub const MOST_SPOTS: usize = 10_000;
/// Most polygons that one side may touch, over all maps.
const MOST_OPTIONS: usize = 256;

/// A division with its texts at hand.
#[derive(Clone, Copy)]
pub struct DivisionView<'pack> {
    pack: &'pack Pack,
    /// The record.
    pub record: &'pack DivisionRecord,
    /// Its position.
    pub number: u32,
}

impl<'pack> DivisionView<'pack> {
    /// GEOID; a district's is its city's.
    pub fn geoid(&self) -> &'pack str {
        self.pack.text(self.record.geoid)
    }

    /// Bare name; a district's is its label.
    pub fn name(&self) -> &'pack str {
        self.pack.text(self.record.name)
    }

    /// Name with its legal kind.
    pub fn full_name(&self) -> &'pack str {
        self.pack.text(self.record.full_name)
    }

    /// Open Civic Data id.
    pub fn ocd_id(&self) -> Option<&'pack str> {
        Some(self.pack.text(self.record.ocd_id)).filter(|id| !id.is_empty())
    }

    /// Whether it has a government of its own.
    pub fn governs(&self) -> bool {
        self.record.flags & 1 != 0
    }
}

/// A street in one area.
#[derive(Clone, Copy)]
pub struct StreetView<'pack> {
    pack: &'pack Pack,
    /// The record.
    pub record: &'pack StreetRecord,
    /// Its position.
    pub number: u32,
}

impl<'pack> StreetView<'pack> {
    /// The name as the source spells it.
    pub fn display(&self) -> &'pack str {
        self.pack.numbered_text(self.record.display)
    }

    /// Affix of its house numbers.
    pub fn affix(&self) -> &'pack str {
        self.pack.numbered_text(self.record.affix)
    }

    /// Its ranges: points first by number, then ranges by lowest number.
    pub fn ranges(&self) -> Range<u32> {
        let end = self
            .pack
            .streets()
            .get(self.number as usize + 1)
            .map_or(self.pack.ranges().len() as u32, |next| next.ranges);
        self.record.ranges..end.max(self.record.ranges)
    }
}

/// One run of house numbers.
#[derive(Clone, Copy)]
pub struct RangeView<'pack> {
    pack: &'pack Pack,
    /// The record.
    pub record: RangeRecord,
    /// Its position.
    pub number: u32,
}

impl<'pack> RangeView<'pack> {
    /// Whether a flag of [`flag`] is set.
    pub fn has(&self, flag: u32) -> bool {
        self.record.set_and_flags & flag != 0
    }

    /// Position of its division set.
    pub fn set_number(&self) -> u32 {
        self.record.set_and_flags & flag::SET_MASK
    }

    /// Its division set.
    pub fn set(&self) -> Option<&'pack DivisionSet> {
        self.pack.sets().get(self.set_number() as usize)
    }

    /// Whether the number is between its ends.
    pub fn spans(&self, number: u32) -> bool {
        (self.record.low..=self.record.high).contains(&number)
    }

    /// Whether the number is on its side of the street.
    pub fn agrees_in_parity(&self, number: u32) -> bool {
        let is_odd = number % 2 == 1;
        !(self.has(flag::ODD) && !is_odd || self.has(flag::EVEN) && is_odd)
    }

    /// A point of it.
    pub fn spot(&self) -> Option<Spot> {
        self.pack
            .cold()
            .get(self.number as usize)
            .and_then(unpack_spot)
    }

    /// The line of a split side.
    pub fn split(&self) -> Option<&'pack SplitRecord> {
        let splits = self.pack.splits();
        splits
            .binary_search_by_key(&self.number, |split| split.range)
            .ok()
            .map(|at| &splits[at])
    }
}

/// A ZIP or other area.
#[derive(Clone, Copy)]
pub struct AreaView<'pack> {
    pack: &'pack Pack,
    /// The record.
    pub record: &'pack AreaRecord,
}

impl<'pack> AreaView<'pack> {
    /// The names that mail to the area may carry.
    pub fn cities(&self) -> impl Iterator<Item = &'pack CityRecord> + use<'pack> {
        let (pack, from) = (self.pack, self.record.cities as usize);
        let listed = pack
            .area_cities()
            .get(from..from.saturating_add(self.record.city_count as usize))
            .unwrap_or(&[]);
        listed
            .iter()
            .filter_map(|city| pack.cities().get(*city as usize))
    }

    /// Its streets.
    pub fn streets(&self) -> impl Iterator<Item = StreetView<'pack>> + use<'pack> {
        let (pack, from) = (self.pack, self.record.streets as usize);
        let listed = pack
            .area_streets()
            .get(from..from.saturating_add(self.record.street_count as usize))
            .unwrap_or(&[]);
        listed.iter().filter_map(|number| pack.street(*number))
    }
}

/// Packs a spot into three and three bytes: one to two metres exact.
pub fn pack_spot(edge: u32, spot: Option<Spot>) -> ColdRecord {
    let scale = f64::from(1_u32 << 24);
    let three = |share: f64| {
        let [a, b, c, _] = ((share * scale) as u32).min((1 << 24) - 2).to_le_bytes();
        [a, b, c]
    };
    let (lat, lon) = spot.map_or(([0xff; 3], [0xff; 3]), |spot| {
        (
            three((spot.lat() + 90.0) / 180.0),
            three((spot.lon() + 180.0) / 360.0),
        )
    });
    ColdRecord {
        edge: edge.to_le_bytes(),
        lat,
        lon,
    }
}

fn unpack_spot(record: &ColdRecord) -> Option<Spot> {
    if record.lat == [0xff; 3] {
        return None;
    }
    let share = |bytes: [u8; 3]| {
        (f64::from(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0])) + 0.5)
            / f64::from(1_u32 << 24)
    };
    Spot::from_degrees(
        share(record.lat) * 180.0 - 90.0,
        share(record.lon) * 360.0 - 180.0,
    )
}

impl Pack {
    /// A division by position.
    pub fn division(&self, number: u32) -> Option<DivisionView<'_>> {
        self.divisions()
            .get(number as usize)
            .map(|record| DivisionView {
                pack: self,
                record,
                number,
            })
    }

    /// A street by position.
    pub fn street(&self, number: u32) -> Option<StreetView<'_>> {
        self.streets()
            .get(number as usize)
            .map(|record| StreetView {
                pack: self,
                record,
                number,
            })
    }

    /// A range by position.
    pub fn range(&self, number: u32) -> Option<RangeView<'_>> {
        self.ranges().get(number as usize).map(|record| RangeView {
            pack: self,
            record: *record,
            number,
        })
    }

    /// The streets whose name has this key, as positions.
    pub fn streets_named(&self, key: &str) -> Range<u32> {
        let (table, keys) = (self.key_table(), self.keys());
        if !table.len().is_power_of_two() {
            return 0..0;
        }
        let mask = table.len() - 1;
        let mut slot = key_hash(key) as usize & mask;
        // At most half of the slots are taken; the bound is for damaged tables.
        for _ in 0..table.len().min(4096) {
            let Some(at) = table[slot].checked_sub(1) else {
                return 0..0;
            };
            if let Some(found) = keys
                .get(at as usize)
                // Lengths first: they differ nearly always, and a damaged one may be the section's.
                .filter(|found| {
                    found.text.length as usize == key.len() && self.text(found.text) == key
                })
            {
                let all = self.streets().len() as u32;
                let end = keys
                    .get(at as usize + 1)
                    .map_or(all, |next| next.streets.min(all));
                return found.streets..end.max(found.streets);
            }
            slot = (slot + 1) & mask;
        }
        0..0
    }

    /// Of some streets of one key, those in an area.
    pub fn streets_in(&self, named: Range<u32>, area: u32) -> Range<u32> {
        self.streets_in_areas(named, area..area.saturating_add(1))
    }

    /// Of some streets of one key, those in a run of area codes.
    pub fn streets_in_areas(&self, named: Range<u32>, areas: Range<u32>) -> Range<u32> {
        let streets = self
            .streets()
            .get(named.start as usize..named.end as usize)
            .unwrap_or(&[]);
        let from = streets.partition_point(|street| street.area < areas.start) as u32;
        let to = streets.partition_point(|street| street.area < areas.end) as u32;
        named.start + from..named.start + to.max(from)
    }

    /// An area by its code.
    pub fn area(&self, code: u32) -> Option<AreaView<'_>> {
        let areas = self.areas();
        areas
            .binary_search_by_key(&code, |area| area.code)
            .ok()
            .map(|at| AreaView {
                pack: self,
                record: &areas[at],
            })
    }

    /// A city by state and folded name.
    pub fn city(&self, state: u8, name: &str) -> Option<&CityRecord> {
        let cities = self.cities();
        cities
            .binary_search_by(|city| {
                (city.state, self.text(city.name)).cmp(&(u32::from(state), name))
            })
            .ok()
            .map(|at| &cities[at])
    }

    /// Every state's city of a folded name.
    pub fn cities_named<'pack>(
        &'pack self,
        name: &'pack str,
    ) -> impl Iterator<Item = &'pack CityRecord> {
        crate::words::state::STATES
            .iter()
            .filter_map(move |state| self.city(state.fips, name))
    }

    /// The codes of a city's areas.
    pub fn areas_of(&self, city: &CityRecord) -> &[u32] {
        let from = city.areas as usize;
        self.city_areas()
            .get(from..from.saturating_add(city.area_count as usize))
            .unwrap_or(&[])
    }

    /// The district entries of a set.
    pub fn districts_of(&self, set: &DivisionSet) -> &[DistrictEntry] {
        let from = set.districts as usize;
        self.district_entries()
            .get(from..from.saturating_add(set.district_count as usize))
            .unwrap_or(&[])
    }

    /// A polygon ready to be tested.
    pub fn polygon(&self, number: u32) -> Option<(&PolygonRecord, Slabs<'_>)> {
        let record = self.polygons().get(number as usize)?;
        let starts = self.slabs().get(
            record.slabs as usize
                ..(record.slabs as usize).checked_add(record.slab_count as usize + 1)?,
        )?;
        let edges = self.edges().get(
            record.edges as usize
                ..(record.edges as usize).checked_add(record.edge_count as usize)?,
        )?;
        Some((
            record,
            Slabs {
                bounds: record.bounds,
                starts,
                edges,
            },
        ))
    }

    /// The spots of a split side's line; none when it is longer than any that is built.
    pub fn line_of(&self, split: &SplitRecord) -> &[Spot] {
        let (from, count) = (
            split.spots as usize,
            (split.count_and_hand & 0x1fff_ffff) as usize,
        );
        self.spots()
            .get(from..from.saturating_add(count))
            .filter(|line| line.len() <= MOST_SPOTS)
            .unwrap_or(&[])
    }

    /// Which side of the line the houses are on; `None` when the line runs through them.
    pub fn hand_of(split: &SplitRecord) -> Option<Hand> {
        match split.count_and_hand >> 30 {
            1 => Some(Hand::Left),
            2 => Some(Hand::Right),
            _ => None,
        }
    }

    /// Whether the border crosses only near an end of the side.
    pub fn is_split_at_end(split: &SplitRecord) -> bool {
        split.count_and_hand & 1 << 29 != 0
    }

    /// The polygons that touch a split side; none when they are more than any side touches.
    pub fn options_of(&self, split: &SplitRecord) -> &[u32] {
        let from = split.options as usize;
        self.options()
            .get(from..from.saturating_add(split.option_count as usize))
            .filter(|options| options.len() <= MOST_OPTIONS)
            .unwrap_or(&[])
    }
}
