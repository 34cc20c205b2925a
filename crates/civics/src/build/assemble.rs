//! Drafts put in order and written as a pack.

use super::draft::{Belongs, Known, Numbered, Parity, Side, StreetName};
use super::gathered::Gathered;
use super::order::Order;
use super::polygons::Polygons;
use super::registry::Registry;
use crate::geometry::{Bounds, Hand, Spot};
use crate::pack::format::{hash_within, key_hash};
use crate::pack::section::{
    AreaRecord, CityRecord, DistrictEntry, DivisionRecord, DivisionSet, KeyRecord, MapRecord, NONE,
    NameRecord, PolygonRecord, RangeRecord, SPLIT, SplitRecord, StreetRecord, flag, kind,
};
use crate::pack::write::Contents;
use crate::pack::{pack_spot, spelling};
use crate::text::Line;
use chrono::{Datelike, NaiveDate};
use redress_model::division::DivisionKind;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What the assembly counted.
#[derive(Debug, Default)]
pub struct Counts {
    /// Addresses of an earlier source that a later one holds too.
    pub superseded: u64,
    /// The same side twice.
    pub repeated: u64,
}

/// Orders everything and fills the sections.
pub fn assemble(
    gathered: Gathered,
    registry: &Registry,
    polygons: &Polygons,
    contents: &mut Contents,
) -> std::io::Result<Counts> {
    let Gathered {
        streets,
        affixes,
        belongs,
        sides,
        cities,
        areas: known_areas,
        boxes,
        ..
    } = gathered;
    divisions(registry, contents);
    sets(&belongs, contents);
    maps(polygons, contents);
    shapes(polygons, contents);
    let order = Order::new(&streets);
    let mut page = Page {
        streets: &streets,
        affixes: &affixes,
        belongs: &belongs,
        boxes: &boxes,
        counts: Counts::default(),
        names: HashMap::new(),
        spellings: Vec::new(),
        places: BTreeSet::new(),
        last: None,
        last_key: None,
    };
    for bucket in sides.buckets() {
        for side in order.sorted(bucket?, &mut page.counts) {
            page.street(&side, contents)?;
        }
    }
    let Page {
        counts,
        mut spellings,
        places,
        ..
    } = page;
    spellings.sort_unstable();
    spellings.dedup();
    let text = |street: u32| streets.get(street).display.as_str();
    let spelled: BTreeSet<(u32, &str)> = spellings
        .into_iter()
        .map(|(area, street)| (area, text(street)))
        .collect();
    (contents.spellings, contents.spelling_groups) = spelling::write(&spelled)?;
    areas(cities, &known_areas, &places, registry, &boxes, contents);
    Ok(counts)
}

/// The box of an area without a point.
const NOWHERE: Bounds = Bounds {
    min: Spot { x: 0, y: 0 },
    max: Spot { x: 0, y: 0 },
};

fn divisions(registry: &Registry, contents: &mut Contents) {
    for (number, (of_kind, division)) in registry.all().iter().enumerate() {
        let two = |text: &str| {
            let bytes = text.as_bytes();
            [
                bytes.first().copied().unwrap_or(0),
                bytes.get(1).copied().unwrap_or(0),
            ]
        };
        // Of a place that only addresses name, nothing but its number is known.
        let full = [&division.full_name, &division.name, &division.geoid]
            .into_iter()
            .find(|name| !name.is_empty())
            .unwrap_or(&division.geoid);
        let record = DivisionRecord {
            kind: match of_kind {
                DivisionKind::County => kind::COUNTY,
                DivisionKind::CountySubdivision => kind::COUSUB,
                DivisionKind::Place => kind::PLACE,
                DivisionKind::ConsolidatedCity => kind::CONCITY,
                DivisionKind::District => kind::DISTRICT,
            },
            funcstat: division.funcstat.map_or(0, |status| status.letter() as u8),
            state: division.state,
            flags: u8::from(registry.governs(number as u32)),
            classfp: two(&division.classfp),
            lsad: two(&division.lsad),
            geoid: contents.strings.text(&division.geoid),
            name: contents.strings.text(&division.name),
            full_name: contents.strings.text(full),
            ocd_id: contents
                .strings
                .text(division.ocd_id.as_deref().unwrap_or("")),
            centre: division.centre.unwrap_or(Spot { x: 0, y: i32::MIN }),
        };
        contents.divisions.push(record);
    }
}

fn sets(belongs: &Numbered<Belongs>, contents: &mut Contents) {
    for Belongs {
        county,
        cousub,
        place,
        concity,
        districts,
    } in belongs.all()
    {
        let set = DivisionSet {
            county: *county,
            cousub: *cousub,
            place: *place,
            concity: *concity,
            districts: contents.district_entries.len() as u32,
            district_count: districts.len() as u32,
        };
        contents.sets.push(set);
        contents.district_entries.extend(districts.iter().map(
            |DistrictEntry { map, division }| DistrictEntry {
                map: *map,
                division: *division,
            },
        ));
    }
}

fn maps(polygons: &Polygons, contents: &mut Contents) {
    let days = |day: Option<NaiveDate>, open: i32| day.map_or(open, |day| day.num_days_from_ce());
    contents.maps.extend(polygons.maps().map(|map| MapRecord {
        place: map.place,
        valid_from: days(map.period.valid_from, i32::MIN),
        valid_to: days(map.period.valid_to, i32::MAX),
        source: map.source,
    }));
}

fn shapes(polygons: &Polygons, contents: &mut Contents) {
    for shape in polygons.all() {
        contents.polygons.push(PolygonRecord {
            division: shape.division,
            map: shape.map.unwrap_or(NONE),
            bounds: shape.slabs.bounds,
            slabs: contents.slabs.len() as u32,
            slab_count: shape.slabs.starts.len() as u32 - 1,
            edges: contents.edges.len() as u32,
            edge_count: shape.slabs.edges.len() as u32,
        });
        contents.slabs.extend(&shape.slabs.starts);
        contents.edges.extend(&shape.slabs.edges);
    }
}

/// Sides in order, being written as keys, streets and ranges.
struct Page<'gathered> {
    streets: &'gathered Numbered<StreetName>,
    affixes: &'gathered Numbered<String>,
    belongs: &'gathered Numbered<Belongs>,
    boxes: &'gathered HashMap<u32, Bounds>,
    counts: Counts,
    names: HashMap<NameRecord, u32>,
    /// Areas with the streets that they have, by number.
    spellings: Vec<(u32, u32)>,
    /// Places and towns with the areas that streets of theirs lie in.
    places: BTreeSet<(u32, u32)>,
    last: Option<(u32, u32, u32)>,
    last_key: Option<&'gathered str>,
}

impl Page<'_> {
    fn street(&mut self, side: &Side, contents: &mut Contents) -> std::io::Result<()> {
        let name = self.streets.get(side.street);
        let is_new_key = self.last_key != Some(name.key.as_str());
        if is_new_key {
            let text = contents.strings.text(&name.key);
            contents.keys.push(KeyRecord {
                text,
                streets: contents.streets.len() as u32,
            });
            self.last_key = Some(&name.key);
        }
        if self.last != Some((side.street, side.area, side.affix)) {
            let record = NameRecord {
                display: contents.strings.text(&name.display),
                affix: contents.strings.text(self.affixes.get(side.affix)),
                parts: name.parts,
                key: contents.keys.len() as u32 - 1,
            };
            let number = *self.names.entry(record).or_insert_with(|| {
                contents.names.push(record);
                contents.names.len() as u32 - 1
            });
            let is_first = self
                .last
                .is_none_or(|(_, area, _)| is_new_key || area != side.area);
            if is_first {
                let hash = hash_within(key_hash(&name.key), side.area);
                let street = contents.streets.len() as u32;
                contents.street_hashes.push((hash, street));
            }
            contents.streets.push(StreetRecord {
                area: side.area,
                name: number,
                ranges: contents.ranges.len() as u32,
            })?;
            self.spellings.push((side.area, side.street));
            self.last = Some((side.street, side.area, side.affix));
        }
        let belongs = self.belongs.get(side.belongs);
        for division in [belongs.place, belongs.concity, belongs.cousub] {
            if division != NONE && division != SPLIT {
                self.places.insert((division, side.area));
            }
        }
        let bounds = self.boxes.get(&side.area).copied().unwrap_or(NOWHERE);
        range(side, bounds, contents)
    }
}

fn range(side: &Side, bounds: Bounds, contents: &mut Contents) -> std::io::Result<()> {
    let mut flags = match side.parity {
        Parity::Both => 0,
        Parity::Odd => flag::ODD,
        Parity::Even => flag::EVEN,
    };
    match side.known {
        Known::Point => flags |= flag::POINT,
        Known::Segment => flags |= flag::SEGMENT,
        Known::Range => {}
    }
    if side.is_near_border {
        flags |= flag::NEAR_BORDER;
    }
    if let Some(split) = &side.split {
        flags |= flag::SPLIT;
        let hand = match split.hand {
            Some(Hand::Left) => 0b01,
            Some(Hand::Right) => 0b10,
            None => 0b00,
        };
        contents.splits.push(SplitRecord {
            range: contents.ranges.len() as u32,
            from: split.from,
            to: split.to,
            spots: contents.spots.len() as u32,
            count_and_hand: split.line.len() as u32 | u32::from(split.is_at_end) << 29 | hand << 30,
            options: contents.options.len() as u32,
            option_count: split.options.len() as u32,
        })?;
        contents.spots.extend(split.line.iter().copied())?;
        contents.options.extend(split.options.iter().copied())?;
    }
    contents.ranges.push(RangeRecord {
        low: side.low,
        high: side.high,
        set_and_flags: side.belongs & flag::SET_MASK | flags,
    })?;
    contents.cold.push(pack_spot(side.edge, side.spot, bounds))
}

/// Areas with their streets and cities. A city's name is that of the mail, and that of each
/// government and designated place that a street of the area lies in.
fn areas(
    mut cities: BTreeSet<(u8, String, u32)>,
    known: &BTreeMap<u32, (u8, Option<Spot>)>,
    places: &BTreeSet<(u32, u32)>,
    registry: &Registry,
    boxes: &HashMap<u32, Bounds>,
    contents: &mut Contents,
) {
    // A source may name ZIPs without a state: the places there tell.
    let mut states: BTreeMap<u32, u8> = BTreeMap::new();
    for (place, area) in places.iter().copied() {
        let division = registry.get(place);
        if division.state != 0 {
            states.entry(area).or_insert(division.state);
        }
        let line = Line::new(&division.name);
        if division.state != 0 && !line.is_empty() {
            cities.insert((division.state, line.join(0, line.len()), area));
        }
    }
    let mut cities_of: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let mut last: Option<(u8, &str)> = None;
    for (state, name, area) in &cities {
        if last != Some((*state, name)) {
            let name_text = contents.strings.text(name);
            contents.cities.push(CityRecord {
                state: u32::from(*state),
                name: name_text,
                areas: contents.city_areas.len() as u32,
                area_count: 0,
            });
            last = Some((*state, name));
        }
        contents.city_areas.push(*area);
        let number = contents.cities.len() as u32 - 1;
        if let Some(city) = contents.cities.last_mut() {
            city.area_count += 1;
        }
        cities_of.entry(*area).or_default().push(number);
    }
    for (code, (stated, centre)) in known {
        let state = if *stated == 0 {
            states.get(code).unwrap_or(stated)
        } else {
            stated
        };
        let cities = cities_of.remove(code).unwrap_or_default();
        contents.areas.push(AreaRecord {
            code: *code,
            state: u32::from(*state),
            centre: centre.unwrap_or(Spot { x: 0, y: i32::MIN }),
            bounds: boxes.get(code).copied().unwrap_or(NOWHERE),
            cities: contents.area_cities.len() as u32,
            city_count: cities.len() as u32,
        });
        contents.area_cities.extend(cities);
    }
}
