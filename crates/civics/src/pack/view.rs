//! Records of a pack seen as what they stand for.

use super::Pack;
use super::format::{STREET_MASK, hash_within, key_hash, slot_of, street_mark};
use super::section::{
    AreaRecord, CityRecord, ColdRecord, DistrictEntry, DivisionRecord, DivisionSet, NameRecord,
    PolygonRecord, RangeRecord, SplitRecord, StreetRecord, flag,
};
use crate::geometry::{Bounds, Hand, Slabs, Spot};
use std::hint::black_box;
use std::ops::Range;

/// Most corners of a street's line: the builder refuses longer ones.
pub const MOST_SPOTS: usize = 10_000;
/// Most entries of a hash table that are looked at; a sound one never needs so many.
const MOST_STEPS: usize = 4096;
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
    name: &'pack NameRecord,
}

impl<'pack> StreetView<'pack> {
    /// The name as the source spells it.
    pub fn display(&self) -> &'pack str {
        self.pack.text(self.name.display)
    }

    /// Whether the source spells the name so: these words, parted by spaces or hyphens.
    pub fn is_spelled(&self, words: &[&str]) -> bool {
        let spelled = self.pack.text_bytes(self.name.display);
        let mut at = 0;
        for (number, word) in words.iter().enumerate() {
            if number > 0 {
                at += 1;
                if spelled.get(at - 1) != Some(&b' ') {
                    return false;
                }
            }
            let Some(same) = spelled.get(at..at + word.len()) else {
                return false;
            };
            let is_same = |(one, other): (&u8, u8)| *one == other || other == b'-' && *one == b' ';
            if !same.iter().zip(word.bytes()).all(is_same) {
                return false;
            }
            at += word.len();
        }
        at == spelled.len()
    }

    /// Whether its name has this key.
    pub fn has_key(&self, key: &str) -> bool {
        let keys = self.pack.keys();
        keys.get(self.name.key as usize)
            .is_some_and(|own| self.pack.is_text(own.text, key))
    }

    /// Affix of its house numbers.
    pub fn affix(&self) -> &'pack str {
        self.pack.text(self.name.affix)
    }

    /// Whether its house numbers have this affix.
    pub fn has_affix(&self, affix: &str) -> bool {
        self.pack.is_text(self.name.affix, affix)
    }

    /// Directional before, street type before, street type, directional behind: codes of
    /// [`crate::words`].
    pub fn parts(&self) -> [u8; 4] {
        self.name.parts
    }

    /// Reads what the next questions will, for nothing but that it is near then.
    pub fn fetch(&self) -> u64 {
        let ranges = self.ranges();
        let ranges = ranges.start as usize..ranges.end as usize;
        // A line of memory holds five ranges, or eight places of ranges.
        let hot = self.pack.ranges().get(ranges.clone()).unwrap_or(&[]);
        let hot = hot.iter().step_by(5).take(8);
        let cold = self.pack.cold().get(ranges).unwrap_or(&[]);
        let cold = cold.iter().step_by(8).take(5);
        let name = self.pack.text_bytes(self.name.display).first().copied();
        hot.map(|range| u64::from(range.low))
            .chain(cold.map(|cold| cold.edge_and_spot))
            .fold(u64::from(name.unwrap_or(0)), u64::wrapping_add)
    }

    /// Reads of its ranges the first, and where the middle one is, for nothing but that they are near then.
    fn fetch_some(&self) -> u64 {
        let ranges = self.ranges();
        let middle = ranges.start.midpoint(ranges.end) as usize;
        let low = self.pack.ranges().get(ranges.start as usize);
        let cold = self.pack.cold().get(middle);
        low.map_or(0, |range| u64::from(range.low)) ^ cold.map_or(0, |cold| cold.edge_and_spot)
    }

    /// A point of one of its ranges.
    pub fn spot_of(&self, range: &RangeView<'_>) -> Option<Spot> {
        let cold = self.pack.cold().get(range.number as usize)?;
        let area = self.pack.area(self.record.area)?;
        unpack_spot(*cold, area.record.bounds)
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

    /// The TIGER edge (TLID) that it lies along, where one is known.
    pub fn edge(&self) -> Option<u32> {
        let cold = self.pack.cold().get(self.number as usize)?;
        Some((cold.edge_and_spot & MOST_EDGE) as u32).filter(|edge| *edge != 0)
    }

    /// The line of a split side.
    pub fn split(&self) -> Option<&'pack SplitRecord> {
        let around = self.pack.blocks().around(self.number);
        let splits = self.pack.splits().get(around)?;
        splits
            .binary_search_by_key(&self.number, |split| split.range)
            .ok()
            .map(|at| &splits[at])
    }
}

/// A first look into the table of keys in areas.
#[derive(Debug, Clone, Copy)]
pub struct Glance {
    hash: u64,
    entry: u32,
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
}

/// The largest TIGER edge id that a pack can hold.
const MOST_EDGE: u64 = (1 << 30) - 1;
/// Steps of a coordinate within an area's box; one more says that it is not known.
const STEPS: u64 = (1 << 17) - 1;

/// Packs an edge and a spot within its area's box: a ZIP of 20 km is told to 15 cm.
pub fn pack_spot(edge: u32, spot: Option<Spot>, bounds: Bounds) -> ColdRecord {
    let step = |value: i32, low: i32, high: i32| {
        let (from, width) = (
            i64::from(value) - i64::from(low),
            i64::from(high) - i64::from(low),
        );
        // The last step is kept for what is not known.
        (from.clamp(0, width) as u64 * (STEPS - 1) + width as u64 / 2) / (width as u64).max(1)
    };
    let (x, y) = spot.map_or((STEPS, STEPS), |spot| {
        (
            step(spot.x, bounds.min.x, bounds.max.x),
            step(spot.y, bounds.min.y, bounds.max.y),
        )
    });
    let edge = Some(u64::from(edge))
        .filter(|edge| *edge <= MOST_EDGE)
        .unwrap_or(0);
    ColdRecord {
        edge_and_spot: edge | x << 30 | y << 47,
    }
}

fn unpack_spot(record: ColdRecord, bounds: Bounds) -> Option<Spot> {
    let (x, y) = (
        record.edge_and_spot >> 30 & STEPS,
        record.edge_and_spot >> 47,
    );
    if x == STEPS || y == STEPS {
        return None;
    }
    let value = |step: u64, low: i32, high: i32| {
        let width = i64::from(high) - i64::from(low);
        let steps = (STEPS - 1) as i64;
        (i64::from(low) + (step as i64 * width + steps / 2) / steps) as i32
    };
    let spot = Spot {
        x: value(x, bounds.min.x, bounds.max.x),
        y: value(y, bounds.min.y, bounds.max.y),
    };
    // A damaged box reaches beyond the globe.
    Spot::from_degrees(spot.lat(), spot.lon())
}

/// The hash under which the streets of an area stand whose name has a key.
pub fn key_in_area(key: &str, area: u32) -> u64 {
    hash_within(key_hash(key), area)
}

impl Glance {
    /// What stands there.
    pub fn entry(self) -> u32 {
        self.entry
    }

    /// The street that is probably meant.
    pub fn street(self) -> Option<u32> {
        let is_marked = self.entry & !STREET_MASK == street_mark(self.hash);
        (self.entry & STREET_MASK)
            .checked_sub(1)
            .filter(|_| is_marked)
    }
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
        let record = self.streets().get(number as usize)?;
        Some(StreetView {
            pack: self,
            record,
            number,
            name: self.names().get(record.name as usize)?,
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

    /// What stands first in the table of keys in areas for a hash of [`key_in_area`].
    pub fn glance(&self, hash: u64) -> Glance {
        let table = self.street_table();
        Glance {
            hash,
            entry: table.get(slot_of(hash, table.len())).copied().unwrap_or(0),
        }
    }

    /// The streets of one area whose name has this key, as positions; the hash is that of
    /// [`key_in_area`]. `is_meant` tells without the key's text that a street's name has it.
    pub fn streets_at(
        &self,
        hash: u64,
        key: &str,
        area: u32,
        is_meant: impl Fn(&StreetView<'_>) -> bool,
    ) -> Range<u32> {
        let table = self.street_table();
        let mark = street_mark(hash);
        let mut slot = slot_of(hash, table.len());
        for _ in 0..MOST_STEPS {
            let entry = table.get(slot).copied().unwrap_or(0);
            let Some(number) = (entry & STREET_MASK).checked_sub(1) else {
                return 0..0;
            };
            if entry & !STREET_MASK == mark
                && let Some(streets) = self.streets_from(number, key, area, &is_meant)
            {
                return streets;
            }
            slot += 1;
            if slot == table.len() {
                slot = 0;
            }
        }
        0..0
    }

    /// The streets of a key in an area, if this is the first of them.
    fn streets_from(
        &self,
        number: u32,
        key: &str,
        area: u32,
        is_meant: &impl Fn(&StreetView<'_>) -> bool,
    ) -> Option<Range<u32>> {
        let first = self.street(number)?;
        if first.record.area != area {
            return None;
        }
        // It is the street nearly always: while its name is compared, its ranges come near.
        black_box(first.fetch_some());
        if !is_meant(&first) && !first.has_key(key) {
            return None;
        }
        let mut end = number + 1;
        while let Some(next) = self.streets().get(end as usize)
            && next.area == area
            && self.names().get(next.name as usize)?.key == first.name.key
        {
            end += 1;
        }
        Some(number..end)
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
        for _ in 0..table.len().min(MOST_STEPS) {
            let Some(at) = table[slot].checked_sub(1) else {
                return 0..0;
            };
            if let Some(found) = keys
                .get(at as usize)
                .filter(|found| self.is_text(found.text, key))
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

    /// Of some streets of one key, those in a run of area codes.
    pub fn streets_in_areas(&self, named: Range<u32>, areas: Range<u32>) -> Range<u32> {
        let streets = self
            .streets()
            .get(named.start as usize..named.end as usize)
            .unwrap_or(&[]);
        let from = streets.partition_point(|street| street.area < areas.start);
        // A street stands in one area once or twice; a run of areas is a search again.
        let within = &streets[from..];
        let few = within
            .iter()
            .take(8)
            .take_while(|street| street.area < areas.end)
            .count();
        let count = if few == 8 {
            within.partition_point(|street| street.area < areas.end)
        } else {
            few
        };
        let from = named.start + from as u32;
        from..from + count as u32
    }

    /// An area by its code.
    pub fn area(&self, code: u32) -> Option<AreaView<'_>> {
        let record = self.areas().get(self.codes().find(code)?)?;
        Some(AreaView { pack: self, record })
    }

    /// Whether it has an area of a state.
    pub fn has_state(&self, state: u8) -> bool {
        self.codes().has_state(state)
    }

    /// Whether it has an area whose code lies in a run.
    pub fn has_area_in(&self, codes: &Range<u32>) -> bool {
        self.codes().any_in(codes)
    }

    /// A city by state and folded name.
    pub fn city(&self, state: u8, name: &str) -> Option<&CityRecord> {
        let (table, cities) = (self.city_table(), self.cities());
        let state = u32::from(state);
        let from = slot_of(hash_within(key_hash(name), state), table.len());
        let (before, after) = table.split_at_checked(from)?;
        for entry in after.iter().chain(before).take(MOST_STEPS) {
            let city = cities.get(entry.checked_sub(1)? as usize)?;
            if city.state == state && self.is_text(city.name, name) {
                return Some(city);
            }
        }
        None
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
