//! The census-designated place: a name on the map without a government, its streets numbered on a grid as in Utah.

use super::super::{
    county::Area,
    lattice::Ground,
    places::{Layer, Place},
    streets::{Block, Street, Style, Way},
    survey::{BACKGROUND, Patch, Survey},
    zips,
};

const SIZE: (usize, usize) = (10, 8);
const CENTRE: (usize, usize) = (5, 4);

pub(super) fn lay(survey: &mut Survey) {
    let ground = Ground {
        corner: (20_000.0, 3_000.0),
        columns: SIZE.0,
        rows: SIZE.1,
        pitch: (150.0, 150.0),
        stray: 4.0,
    };
    let lattice = survey.lattice(ground);
    let rows: Vec<_> = (0..=SIZE.1).map(row).collect();
    let columns: Vec<_> = (0..=SIZE.0)
        .map(|column| self::column(survey, column))
        .collect();
    let street = |way: Way, line: usize, block: usize| -> Block {
        match way {
            Way::East => rows[line].block(block),
            Way::North => columns[line].block(block),
        }
    };
    let block = |_, _| (Area::Designated, zips::DESIGNATED);
    survey.lay(&Patch {
        lattice: &lattice,
        block: &block,
        around: (BACKGROUND, zips::DESIGNATED),
        street: &street,
    });
    let name = survey.names.designated.clone();
    survey.places.push(Place {
        layer: Layer::Place,
        code: survey.codes.designated.clone(),
        full_name: format!("{name} CDP"),
        name,
        lsad: "57",
        class: "U1",
        status: "S",
        rings: vec![lattice.boundary()],
    });
}

/// `E 300 S`: three blocks south of the centre.
fn row(row: usize) -> Street {
    let style = Style::Centred { centre: CENTRE.0 };
    match row.abs_diff(CENTRE.1) {
        0 => Street::new(Way::East, "Center St", style),
        away => Street::new(
            Way::East,
            format!("{}00 {}", away, if row > CENTRE.1 { 'N' } else { 'S' }),
            style,
        ),
    }
}

fn column(survey: &mut Survey, column: usize) -> Street {
    let style = Style::Centred { centre: CENTRE.1 };
    match column.abs_diff(CENTRE.0) {
        // `S West Point`: a name that begins like a directional and has no type.
        0 => Street::new(Way::North, "West Point", style),
        away if away % 2 == 1 => Street::new(
            Way::North,
            format!("{}00 {}", away, if column > CENTRE.0 { 'E' } else { 'W' }),
            style,
        ),
        _ => Street::new(Way::North, survey.roads.street(), style),
    }
}
