//! The active township, and the village inside it: people in the village have both governments.

use super::super::{
    county::Area,
    geometry::Point,
    lattice::{Ground, Lattice},
    places::{Layer, Place},
    streets::{Block, Street, Style, Way},
    survey::{BACKGROUND, Patch, Survey},
    zips,
};

const SIZE: (usize, usize) = (10, 9);
/// The block of the township that the village lies in.
const VILLAGE_AT: (usize, usize) = (3, 4);
const VILLAGE: (usize, usize) = (8, 6);

/// Lays the township and answers with its outline, which is cut out of the rest of the county.
pub(super) fn lay(survey: &mut Survey) -> Vec<Point> {
    let ground = Ground {
        corner: (3_000.0, 15_000.0),
        columns: SIZE.0,
        rows: SIZE.1,
        pitch: (900.0, 900.0),
        stray: 8.0,
    };
    let lattice = survey.lattice(ground);
    let highway = format!("State Hwy {}", survey.roads.highway());
    let rows: Vec<_> = (0..=SIZE.1).map(|row| self::row(survey, row)).collect();
    let columns: Vec<_> = (0..=SIZE.0)
        .map(|column| self::column(survey, column, &highway))
        .collect();
    let street = |way, line: usize, block| at(&rows, &columns, way, line, block);
    // The east of the township gets its mail from the city.
    let block = |column, _| {
        (
            Area::Township,
            if column >= 6 {
                zips::SPLIT
            } else {
                zips::VILLAGE
            },
        )
    };
    let faces = survey.lay(&Patch {
        lattice: &lattice,
        block: &block,
        around: (BACKGROUND, zips::HAMLET),
        street: &street,
    });
    village(survey, &lattice, faces[&VILLAGE_AT], &highway);
    let (name, outline) = (survey.names.township.clone(), lattice.boundary());
    survey.places.push(Place {
        layer: Layer::Cousub,
        code: survey.codes.township.clone(),
        full_name: format!("{name} township"),
        name,
        lsad: "44",
        class: "T1",
        status: "A",
        rings: vec![outline.clone()],
    });
    outline
}

fn at(rows: &[Street], columns: &[Street], way: Way, line: usize, block: usize) -> Block {
    match way {
        Way::East => rows[line].block(block),
        Way::North => columns[line].block(block),
    }
}

/// Every third road is numbered on the survey grid, as in Wisconsin.
fn row(survey: &mut Survey, row: usize) -> Street {
    let style = if row.is_multiple_of(3) {
        Style::Lettered {
            grid: format!("N{}W", 160 + row),
            first: 21_000,
            step: 400,
        }
    } else {
        Style::Straight {
            first: 1_000,
            step: 1_000,
        }
    };
    Street::new(Way::East, survey.roads.road(), style)
}

fn column(survey: &mut Survey, column: usize, highway: &str) -> Street {
    if column == 5 {
        return Street::new(
            Way::North,
            highway,
            Style::Straight {
                first: 20_000,
                step: 500,
            },
        );
    }
    Street::new(
        Way::North,
        survey.roads.road(),
        Style::Straight {
            first: 2_000,
            step: 1_000,
        },
    )
}

/// The village's main street is the state highway too.
fn village(survey: &mut Survey, township: &Lattice, face: usize, highway: &str) {
    let corner = survey
        .frame
        .metres(township.node(VILLAGE_AT.0, VILLAGE_AT.1));
    let corner = (corner.0 + 80.0, corner.1 + 160.0);
    let lattice = survey.lattice(Ground {
        corner,
        columns: VILLAGE.0,
        rows: VILLAGE.1,
        pitch: (90.0, 90.0),
        stray: 3.0,
    });
    let straight = Style::Straight {
        first: 100,
        step: 100,
    };
    let rows: Vec<_> = (0..=VILLAGE.1)
        .map(|row| match row {
            3 => Street::new(Way::East, "Main St", straight.clone()).also(highway),
            _ => Street::new(Way::East, survey.roads.street(), straight.clone()),
        })
        .collect();
    let columns: Vec<_> = (0..=VILLAGE.0)
        .map(|column| match column {
            2 => Street::new(Way::North, "Church St", straight.clone()),
            5 => Street::new(Way::North, "St James Pl", straight.clone()),
            _ => Street::new(Way::North, survey.roads.street(), straight.clone()),
        })
        .collect();
    let street = |way, line: usize, block| at(&rows, &columns, way, line, block);
    let block = |_, _| (Area::Village, zips::VILLAGE);
    survey.lay(&Patch {
        lattice: &lattice,
        block: &block,
        around: (face, zips::VILLAGE),
        street: &street,
    });
    let name = survey.names.village.clone();
    survey.places.push(Place {
        layer: Layer::Place,
        code: survey.codes.village.clone(),
        full_name: format!("{name} village"),
        name,
        lsad: "47",
        class: "C1",
        status: "A",
        rings: vec![lattice.boundary()],
    });
}
