//! A territory's municipality, as in Puerto Rico: a county with a mayor, whose built-up zone is a name without a government. Streets are
//! called Calle and Avenida, and houses stand in urbanizaciones that are part of the address and of no map.

use super::super::{
    county::Area,
    lattice::Ground,
    places::{Layer, Place},
    streets::{Block, Street, Style, Way},
    survey::{BACKGROUND, Patch, Survey},
    zips,
};

const SIZE: (usize, usize) = (10, 8);
/// The first row of the built-up zone.
const ZONE: usize = 3;
const NAMES: [&str; 11] = [
    "Luna",
    "Sol",
    "Palma",
    "Flamboyan",
    "Marina",
    "Hostos",
    "Betances",
    "Aurora",
    "Comercio",
    "Progreso",
    "Union",
];

pub(super) fn lay(survey: &mut Survey) {
    let lattice = survey.lattice(Ground {
        corner: (4_000.0, 4_000.0),
        columns: SIZE.0,
        rows: SIZE.1,
        pitch: (120.0, 120.0),
        stray: 4.0,
    });
    let style = Style::Straight {
        first: 100,
        step: 100,
    };
    let street = |way, name: String| Street::new(way, name, style.clone());
    let rows: Vec<_> = (0..=SIZE.1)
        .map(|row| street(Way::East, format!("Calle {}", NAMES[row])))
        .collect();
    let columns: Vec<_> = (0..=SIZE.0)
        .map(|column| match column {
            5 => street(Way::North, "Ave Ponce de Leon".into()),
            _ => street(Way::North, format!("Calle {}", column + 1)),
        })
        .collect();
    let at = |way: Way, line: usize, block: usize| -> Block {
        match way {
            Way::East => rows[line].block(block),
            Way::North => columns[line].block(block),
        }
    };
    let block = |column, row| {
        let area = if row < ZONE {
            Area::Municipio
        } else {
            Area::Zone
        };
        (area, if column < 5 { zips::WEST } else { zips::EAST })
    };
    survey.lay(&Patch {
        lattice: &lattice,
        block: &block,
        around: (BACKGROUND, zips::WEST),
        street: &at,
    });
    let zone = survey.names.designated.clone();
    let barrio = survey.names.village.clone();
    survey.places.push(Place {
        layer: Layer::Place,
        code: survey.codes.designated.clone(),
        full_name: format!("{zone} zona urbana"),
        name: zone,
        lsad: "62",
        class: "U1",
        status: "S",
        rings: vec![lattice.outline((0, ZONE), SIZE)],
    });
    let rings = vec![survey.outline.clone()];
    survey.places.push(Place {
        layer: Layer::Cousub,
        code: survey.codes.remainder.clone(),
        full_name: format!("{barrio} barrio"),
        name: barrio,
        lsad: "68",
        class: "Z1",
        status: "N",
        rings,
    });
}
