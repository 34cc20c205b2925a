//! What a point or a side belongs to, by the polygons at hand.

use super::draft::{Belongs, Split};
use super::polygons::Polygons;
use super::registry::Registry;
use crate::geometry::{Bounds, Hand, Spot, house_line};
use crate::pack::section::{DistrictEntry, NONE, OVERLAPPING, SPLIT, UNCOVERED};
use redress_model::division::DivisionKind;

/// Metres from the street's middle to its houses.
pub const OFFSET: f64 = 10.0;
/// A border that crosses a side only so near to an end, in metres, is taken to run along the cross
/// street.
const TRIM: f64 = 15.0;
/// Metres cut off when looking for borders near a side's end: such a side is measured too, but
/// only its last houses are in doubt.
const END: f64 = 2.0;
/// A point this near to a border, in metres, is marked.
const NEAR: f64 = 8.0;

/// Fills what polygons of areas say around a spot, where nothing is known yet.
fn fill_areas(belongs: &mut Belongs, containing: &[u32], polygons: &Polygons, registry: &Registry) {
    for number in containing {
        let shape = polygons.get(*number);
        if shape.map.is_some() {
            continue;
        }
        let slot = match registry.kind(shape.division) {
            DivisionKind::County => &mut belongs.county,
            DivisionKind::CountySubdivision => &mut belongs.cousub,
            DivisionKind::Place => &mut belongs.place,
            DivisionKind::ConsolidatedCity => &mut belongs.concity,
            DivisionKind::District => continue,
        };
        // Of two that overlap, the one that governs.
        if *slot == NONE || !registry.governs(*slot) && registry.governs(shape.division) {
            *slot = shape.division;
        }
    }
}

/// The division whose district maps apply: the governing place, else the consolidated city.
pub fn district_holder(belongs: &Belongs, registry: &Registry) -> u32 {
    if belongs.place != NONE && belongs.place != SPLIT && registry.governs(belongs.place) {
        belongs.place
    } else {
        belongs.concity
    }
}

/// What a single spot belongs to. `known` holds what the source itself says.
pub fn spot(at: Spot, known: Belongs, polygons: &Polygons, registry: &Registry) -> (Belongs, bool) {
    let mut belongs = known;
    let around = polygons.around(at);
    fill_areas(&mut belongs, &around, polygons, registry);
    let holder = district_holder(&belongs, registry);
    for map in polygons.drawn_maps(holder).iter().copied() {
        let mut within = around
            .iter()
            .filter(|number| polygons.get(**number).map == Some(map))
            .map(|number| polygons.get(*number).division);
        let division = only(&mut within);
        belongs.districts.push(DistrictEntry { map, division });
    }
    let reach = Bounds {
        min: at.moved(-NEAR, -NEAR),
        max: at.moved(NEAR, NEAR),
    };
    let is_near = polygons.near(reach).into_iter().any(|number| {
        let shape = polygons.get(number);
        let matters = shape.map.map_or(
            registry.kind(shape.division) == DivisionKind::Place,
            |map| polygons.map_at(map).place == holder,
        );
        matters && shape.slabs.as_slabs().border_within(at, NEAR).is_some()
    });
    (belongs, is_near)
}

/// One division, or why there is not one.
fn only(within: &mut dyn Iterator<Item = u32>) -> u32 {
    match (within.next(), within.next()) {
        (None, _) => UNCOVERED,
        (Some(one), None) => one,
        (Some(one), Some(other)) if one == other => one,
        _ => OVERLAPPING,
    }
}

/// A side's line, for [`side`].
#[derive(Debug, Clone, Copy)]
pub struct SideLine<'line> {
    /// The line, from the first number to the last.
    pub line: &'line [Spot],
    /// Which side the houses are on; `None` when the line runs through them.
    pub hand: Option<Hand>,
    /// Number at the first spot.
    pub from: u32,
    /// Number at the last.
    pub to: u32,
}

/// What a side belongs to. `known` holds what the source itself says of its place (TIGER faces
/// do); where it says nothing, polygons of places decide. Returns the line too if a border
/// crosses it.
pub fn side(
    line: SideLine<'_>,
    known: Belongs,
    place_is_known: bool,
    polygons: &Polygons,
    registry: &Registry,
) -> (Belongs, Option<Box<Split>>) {
    let offset = if line.hand.is_some() { OFFSET } else { 0.0 };
    let hand = line.hand.unwrap_or(Hand::Left);
    let whole = house_line(line.line, hand, offset, END);
    let inner = house_line(line.line, hand, offset, TRIM);
    let mut belongs = known;
    let (Some(first), Some(bounds)) = (inner.first().copied(), Bounds::of(whole.iter().copied()))
    else {
        return (belongs, None);
    };
    let near = polygons.near(bounds);
    let mut options: Vec<u32> = Vec::new();
    let slabs = |number: &u32| polygons.get(*number).slabs.as_slabs();
    let around: Vec<u32> = near
        .iter()
        .copied()
        .filter(|number| slabs(number).contains(first))
        .collect();
    let crossed: Vec<u32> = near
        .iter()
        .copied()
        .filter(|number| slabs(number).is_crossed_by(&whole))
        .collect();
    if !place_is_known {
        fill_areas(&mut belongs, &around, polygons, registry);
        let is_place = |number: &u32| {
            polygons.get(*number).map.is_none()
                && registry.kind(polygons.get(*number).division) == DivisionKind::Place
        };
        // Where only statistical places meet, no government changes.
        let governing =
            |number: &u32| is_place(number) && registry.governs(polygons.get(*number).division);
        if crossed.iter().any(governing) {
            belongs.place = SPLIT;
            options.extend(
                around
                    .iter()
                    .chain(&crossed)
                    .filter(|number| is_place(number)),
            );
        }
    }
    let mut holders: Vec<u32> = options
        .iter()
        .map(|number| polygons.get(*number).division)
        .filter(|division| registry.governs(*division))
        .collect();
    if belongs.place != SPLIT {
        holders.push(district_holder(&belongs, registry));
    }
    holders.sort_unstable();
    holders.dedup();
    for holder in holders {
        for map in polygons.drawn_maps(holder).iter().copied() {
            let of_map = |list: &[u32]| {
                list.iter()
                    .copied()
                    .filter(|number| polygons.get(*number).map == Some(map))
                    .collect::<Vec<_>>()
            };
            let (inside, cut) = (of_map(&around), of_map(&crossed));
            let division = if cut.is_empty() {
                only(&mut inside.iter().map(|number| polygons.get(*number).division))
            } else {
                options.extend(inside.iter().chain(&cut));
                SPLIT
            };
            belongs.districts.push(DistrictEntry { map, division });
        }
    }
    let is_split = belongs.place == SPLIT
        || belongs
            .districts
            .iter()
            .any(|entry| entry.division == SPLIT);
    options.sort_unstable();
    options.dedup();
    let is_at_end = !options
        .iter()
        .any(|number| slabs(number).is_crossed_by(&inner));
    let split = is_split.then(|| {
        Box::new(Split {
            from: line.from,
            to: line.to,
            hand: line.hand,
            is_at_end,
            line: line.line.to_vec(),
            options,
        })
    });
    (belongs, split)
}
