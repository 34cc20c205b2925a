//! What the streets of the two cities are called.

use super::{
    super::super::{
        roads::{Roads, ordinal},
        streets::{Block, Street, Style, Way},
    },
    Size,
};

const TRAPS_EAST: [&str; 8] = [
    "Lincoln St",
    "Court St",
    "Park Pl",
    "St Charles Ave",
    "Saint Clair Dr",
    "La Salle St",
    "O'Brien Ct",
    "North Bend Rd",
];
const TRAPS_NORTH: [&str; 6] = [
    "Lincoln Ave",
    "Park Ave",
    "South St",
    "St Marys Ave",
    "Court Ave",
    "Saint Paul Pl",
];
const HYPHENATED: [&str; 5] = [
    "Rockaway Blvd",
    "Jamaica Ave",
    "Linden Blvd",
    "Merrick Blvd",
    "Sutphin Blvd",
];

/// Numbered from one end by hundreds.
const STRAIGHT: Style = Style::Straight {
    first: 100,
    step: 100,
};

/// The streets of both cities by their line in the lattice.
pub(super) struct Streets {
    grid: usize,
    rows: Vec<Street>,
    second_rows: Vec<Street>,
    columns: Vec<Street>,
}

impl Streets {
    pub(super) fn new(size: &Size, roads: &mut Roads) -> Self {
        let mut columns = columns(size, roads);
        columns.push(Street::new(Way::North, "Boundary St", STRAIGHT));
        columns.extend((size.grid + 1..=size.columns).map(|column| second_column(size, column)));
        Self {
            grid: size.grid,
            rows: rows(size, roads),
            second_rows: second_rows(size, roads),
            columns,
        }
    }

    pub(super) fn at(&self, way: Way, line: usize, block: usize) -> Block {
        match way {
            Way::East if block < self.grid => self.rows[line].block(block),
            Way::East => self.second_rows[line].block(block),
            Way::North => self.columns[line].block(block),
        }
    }
}

fn rows(size: &Size, roads: &mut Roads) -> Vec<Street> {
    let centred = |name: String| {
        Street::new(
            Way::East,
            name,
            Style::Centred {
                centre: size.centre.0,
            },
        )
    };
    let mut north: Vec<Street> = roads
        .shuffled(&TRAPS_EAST)
        .into_iter()
        .map(|name| centred(name.into()))
        .collect();
    north.insert(
        2,
        Street::new(Way::East, "Martin Luther King Jr Blvd", STRAIGHT).also("US Hwy 89"),
    );
    north.insert(5, Street::new(Way::East, "Co Rd 12", STRAIGHT));
    let mut north = north.into_iter();
    let streets = (0..=size.rows).map(|row| match size.centre.1.checked_sub(row) {
        Some(0) => centred("Main St".into()),
        Some(south @ 1..=10) => centred(format!("{} St", ordinal(south))),
        Some(_) => centred(roads.street()),
        None => north.next().unwrap_or_else(|| centred(roads.street())),
    });
    streets.collect()
}

fn columns(size: &Size, roads: &mut Roads) -> Vec<Street> {
    let centred = |name: String| {
        Street::new(
            Way::North,
            name,
            Style::Centred {
                centre: size.centre.1,
            },
        )
    };
    let mut west: Vec<Street> = roads
        .shuffled(&TRAPS_NORTH)
        .into_iter()
        .map(|name| centred(name.into()))
        .collect();
    west.insert(1, Street::new(Way::North, "West St", STRAIGHT));
    west.insert(4, Street::new(Way::North, "Avenue B", STRAIGHT));
    west.insert(5, Street::new(Way::North, "Ave C", STRAIGHT));
    let mut west = west.into_iter();
    let streets = (0..size.grid).map(|column| match column.checked_sub(size.centre.0) {
        Some(0) => centred("Center Ave".into()),
        Some(east @ 1..=10) => centred(format!("{} Ave", ordinal(10 + east))),
        Some(_) => centred(roads.street()),
        None => west.next().unwrap_or_else(|| centred(roads.street())),
    });
    streets.collect()
}

/// The second city's own centre: half way across it.
fn second_centre(size: &Size) -> usize {
    usize::midpoint(size.grid, size.columns)
}

fn second_rows(size: &Size, roads: &mut Roads) -> Vec<Street> {
    let mut hyphenated = roads.shuffled(&HYPHENATED).into_iter();
    let centre = second_centre(size);
    let streets = (0..=size.rows).map(|row| {
        if row % 6 == 2
            && let Some(name) = hyphenated.next()
        {
            return Street::new(Way::East, name, Style::Hyphenated { first: 60 });
        }
        match row.abs_diff(size.centre.1) {
            0 => Street::new(Way::East, "Grand Ave", Style::Centred { centre }),
            away => {
                let half = if row > size.centre.1 { 'N' } else { 'S' };
                Street::new(
                    Way::East,
                    format!("{} Ave", ordinal(away)),
                    Style::Quadrant { centre, side: half },
                )
            }
        }
    });
    streets.collect()
}

fn second_column(size: &Size, column: usize) -> Street {
    let (centre, middle) = (size.centre.1, second_centre(size));
    match column.abs_diff(middle) {
        // A name without a type, as real ones have it.
        0 => Street::new(Way::North, "Broadway", Style::Centred { centre }),
        away => {
            let half = if column > middle { 'E' } else { 'W' };
            Street::new(
                Way::North,
                format!("{} St", ordinal(away)),
                Style::Quadrant { centre, side: half },
            )
        }
    }
}
