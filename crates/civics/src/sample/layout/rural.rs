//! Survey roads in unincorporated land: county roads, highways, three ZIP codes.

use rand::RngExt;

use super::super::{
    county::Area,
    lattice::Ground,
    streets::{Block, Street, Style, Way},
    survey::{BACKGROUND, Patch, Survey},
    zips,
};

const SIZE: (usize, usize) = (16, 11);

pub(super) fn lay(survey: &mut Survey) {
    let ground = Ground {
        corner: (15_000.0, 14_500.0),
        columns: SIZE.0,
        rows: SIZE.1,
        pitch: (800.0, 800.0),
        stray: 8.0,
    };
    let lattice = survey.lattice(ground);
    let first: usize = survey.random.random_range(20..60);
    let rows: Vec<_> = (0..=SIZE.1)
        .map(|row| {
            let name = if row % 2 == 0 {
                format!("Co Rd {}", first + row)
            } else {
                survey.roads.road()
            };
            Street::new(
                Way::East,
                name,
                Style::Straight {
                    first: 1_000,
                    step: 1_000,
                },
            )
        })
        .collect();
    let columns: Vec<_> = (0..=SIZE.0)
        .map(|column| {
            let name = match column % 8 {
                3 => format!("US Hwy {}", 400 + column),
                7 => format!("State Hwy {}", 500 + column),
                _ => survey.roads.road(),
            };
            Street::new(
                Way::North,
                name,
                Style::Straight {
                    first: 500,
                    step: 500,
                },
            )
        })
        .collect();
    let street = |way: Way, line: usize, block: usize| -> Block {
        match way {
            Way::East => rows[line].block(block),
            Way::North => columns[line].block(block),
        }
    };
    let block = |column, _| {
        let zip = match column {
            0..5 => zips::SPLIT,
            5..11 => zips::HAMLET,
            _ => zips::DESIGNATED,
        };
        (Area::Open, zip)
    };
    survey.lay(&Patch {
        lattice: &lattice,
        block: &block,
        around: (BACKGROUND, zips::HAMLET),
        street: &street,
    });
}
