//! Drafts put in order and written as a pack.

use super::draft::{Belongs, Drafts, Known, Parity, Side};
use super::polygons::Polygons;
use super::registry::Registry;
use crate::geometry::{Bounds, Hand, Spot};
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
    mut drafts: Drafts,
    registry: &Registry,
    polygons: &Polygons,
    contents: &mut Contents,
) -> std::io::Result<Counts> {
    let mut counts = Counts::default();
    order(&mut drafts, &mut counts);
    divisions(registry, contents);
    sets(&drafts, contents);
    maps(polygons, contents);
    shapes(polygons, contents);
    let boxes = boxes(&drafts);
    streets(&drafts, &boxes, contents);
    spellings(&drafts, contents)?;
    areas(&drafts, registry, &boxes, contents);
    Ok(counts)
}

/// The box of the points of each area.
fn boxes(drafts: &Drafts) -> HashMap<u32, Bounds> {
    let mut boxes: HashMap<u32, Bounds> = HashMap::new();
    for side in &drafts.sides {
        if let Some(spot) = side.spot {
            let known = boxes.get(&side.area);
            let corners = known.map_or([spot; 2], |known| [known.min, known.max]);
            if let Some(whole) = Bounds::of(corners.into_iter().chain([spot])) {
                boxes.insert(side.area, whole);
            }
        }
    }
    boxes
}

/// The box of an area without a point.
const NOWHERE: Bounds = Bounds {
    min: Spot { x: 0, y: 0 },
    max: Spot { x: 0, y: 0 },
};

/// Streets' names by area, to be found by a wrong letter or a beginning.
fn spellings(drafts: &Drafts, contents: &mut Contents) -> std::io::Result<()> {
    let names: BTreeSet<(u32, &str)> = drafts
        .sides
        .iter()
        .map(|side| (side.area, drafts.streets.get(side.street).display.as_str()))
        .collect();
    (contents.spellings, contents.spelling_groups) = spelling::write(&names)?;
    Ok(())
}

/// Sorts sides by key, area and street; drops what stands twice and points that a later source
/// gives too.
fn order(drafts: &mut Drafts, counts: &mut Counts) {
    let mut sides = std::mem::take(&mut drafts.sides);
    let streets = &drafts.streets;
    // Ranks by name, so that the sort compares numbers.
    let mut by_name: Vec<u32> = (0..streets.all().len() as u32).collect();
    by_name.sort_by(|one, other| streets.get(*one).cmp(streets.get(*other)));
    let mut name_rank = vec![0_u32; by_name.len()];
    let mut key_rank = vec![0_u32; by_name.len()];
    let mut key = 0;
    for (rank, number) in by_name.iter().enumerate() {
        if rank > 0 && streets.get(by_name[rank - 1]).key != streets.get(*number).key {
            key += 1;
        }
        name_rank[*number as usize] = rank as u32;
        key_rank[*number as usize] = key;
    }
    sides.sort_by(|one, other| {
        let rank = |side: &Side| {
            (
                key_rank[side.street as usize],
                side.area,
                name_rank[side.street as usize],
                side.affix,
                side.known,
                side.low,
                side.high,
                side.parity,
            )
        };
        rank(one).cmp(&rank(other)).then_with(|| {
            (one.source, one.belongs, one.edge, one.spot, &one.split).cmp(&(
                other.source,
                other.belongs,
                other.edge,
                other.spot,
                &other.split,
            ))
        })
    });
    let same_address = |one: &Side, other: &Side| {
        (
            one.street, one.area, one.affix, one.known, one.low, one.high,
        ) == (
            other.street,
            other.area,
            other.affix,
            other.known,
            other.low,
            other.high,
        )
    };
    let mut kept: Vec<Side> = Vec::with_capacity(sides.len());
    for side in sides {
        while let Some(last) = kept.last() {
            if !same_address(last, &side) {
                break;
            }
            if last.known == Known::Point && last.source < side.source {
                kept.pop();
                counts.superseded += 1;
            } else {
                break;
            }
        }
        let repeats = kept.last().is_some_and(|last| {
            same_address(last, &side)
                && last.parity == side.parity
                && last.belongs == side.belongs
                && (side.known == Known::Point
                    || last.split == side.split && last.edge == side.edge)
        });
        if repeats {
            counts.repeated += 1;
        } else {
            kept.push(side);
        }
    }
    drafts.sides = kept;
}

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

fn sets(drafts: &Drafts, contents: &mut Contents) {
    for Belongs {
        county,
        cousub,
        place,
        concity,
        districts,
    } in drafts.belongs.all()
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
    contents
        .maps
        .extend(polygons.maps.iter().map(|map| MapRecord {
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

fn streets(drafts: &Drafts, boxes: &HashMap<u32, Bounds>, contents: &mut Contents) {
    let mut names: HashMap<NameRecord, u32> = HashMap::new();
    let mut last: Option<(u32, u32, u32)> = None;
    let mut last_key: Option<&str> = None;
    for side in &drafts.sides {
        let name = drafts.streets.get(side.street);
        if last_key != Some(name.key.as_str()) {
            let text = contents.strings.text(&name.key);
            contents.keys.push(KeyRecord {
                text,
                streets: contents.streets.len() as u32,
            });
            last_key = Some(&name.key);
        }
        if last != Some((side.street, side.area, side.affix)) {
            let record = NameRecord {
                display: contents.strings.text(&name.display),
                affix: contents.strings.text(drafts.affixes.get(side.affix)),
                parts: name.parts,
            };
            let number = *names.entry(record).or_insert_with(|| {
                contents.names.push(record);
                contents.names.len() as u32 - 1
            });
            contents.streets.push(StreetRecord {
                area: side.area,
                name: number,
                ranges: contents.ranges.len() as u32,
            });
            last = Some((side.street, side.area, side.affix));
        }
        let bounds = boxes.get(&side.area).copied().unwrap_or(NOWHERE);
        range(side, bounds, contents);
    }
}

fn range(side: &Side, bounds: Bounds, contents: &mut Contents) {
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
        });
        contents.spots.extend(&split.line);
        contents.options.extend(&split.options);
    }
    contents.ranges.push(RangeRecord {
        low: side.low,
        high: side.high,
        set_and_flags: side.belongs & flag::SET_MASK | flags,
    });
    contents.cold.push(pack_spot(side.edge, side.spot, bounds));
}

/// Areas with their streets and cities. A city's name is that of the mail, and that of each
/// government and designated place that a street of the area lies in.
fn areas(
    drafts: &Drafts,
    registry: &Registry,
    boxes: &HashMap<u32, Bounds>,
    contents: &mut Contents,
) {
    let mut cities: BTreeSet<(u8, String, u32)> = drafts.cities.clone();
    let mut places: BTreeSet<(u32, u32)> = BTreeSet::new();
    for side in &drafts.sides {
        let belongs = drafts.belongs.get(side.belongs);
        for division in [belongs.place, belongs.concity, belongs.cousub] {
            if division != NONE && division != SPLIT {
                places.insert((division, side.area));
            }
        }
    }
    // A source may name ZIPs without a state: the places there tell.
    let mut states: BTreeMap<u32, u8> = BTreeMap::new();
    for (place, area) in places {
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
    for (code, (stated, centre)) in &drafts.areas {
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
