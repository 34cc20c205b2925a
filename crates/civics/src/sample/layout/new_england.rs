//! A county of towns, as in New England: the county is a name alone, a town governs by its board, and the city beside it is a subdivision
//! and a place at once.

use super::super::{
    county::Area,
    lattice::Ground,
    places::{Layer, Place},
    streets::{Block, Street, Style, Way},
    survey::{BACKGROUND, Patch, Survey},
    zips,
};

const SIZE: (usize, usize) = (12, 8);
/// The first column of the city; the town lies west of it.
const CITY: usize = 7;

pub(super) fn lay(survey: &mut Survey) {
    let lattice = survey.lattice(Ground {
        corner: (4_000.0, 4_000.0),
        columns: SIZE.0,
        rows: SIZE.1,
        pitch: (160.0, 130.0),
        stray: 5.0,
    });
    let straight = Style::Straight { first: 0, step: 40 };
    let rows: Vec<_> = (0..=SIZE.1)
        .map(|_| Street::new(Way::East, survey.roads.street(), straight.clone()))
        .collect();
    let columns: Vec<_> = (0..=SIZE.0)
        .map(|_| Street::new(Way::North, survey.roads.street(), straight.clone()))
        .collect();
    let at = |way: Way, line: usize, block: usize| -> Block {
        match way {
            Way::East => rows[line].block(block),
            Way::North => columns[line].block(block),
        }
    };
    // The mail of the city's first blocks comes under the town's ZIP code.
    let block = |column, _| {
        let area = if column < CITY {
            Area::Town
        } else {
            Area::TownCity
        };
        (
            area,
            if column < CITY + 2 {
                zips::WEST
            } else {
                zips::EAST
            },
        )
    };
    survey.lay(&Patch {
        lattice: &lattice,
        block: &block,
        around: (BACKGROUND, zips::WEST),
        street: &at,
    });
    let (names, codes) = (&survey.names, &survey.codes);
    let town = vec![lattice.outline((0, 0), (CITY, SIZE.1))];
    let city = vec![lattice.outline((CITY, 0), SIZE)];
    let place = |layer, code: &str, name: &str, kind: &str, class, status, rings| Place {
        layer,
        code: code.to_owned(),
        name: name.to_owned(),
        full_name: format!("{name} {kind}"),
        lsad: if kind == "town" { "43" } else { "25" },
        class,
        status,
        rings,
    };
    let all = [
        place(
            Layer::Cousub,
            &codes.township,
            &names.township,
            "town",
            "T1",
            "A",
            town,
        ),
        place(
            Layer::Cousub,
            &codes.remainder,
            &names.at_large,
            "city",
            "C5",
            "F",
            city.clone(),
        ),
        place(
            Layer::Place,
            &codes.at_large,
            &names.at_large,
            "city",
            "C5",
            "A",
            city,
        ),
    ];
    survey.places.extend(all);
}
