//! The city with wards and the second city beside it, which share a street as their border.
//!
//! The first city's streets are numbered around a centre and named to mislead: a street called West, a North South Street, Lincoln
//! Street and Lincoln Avenue, an avenue that is a letter. The second city's streets carry quadrants or hyphenated numbers.

mod streets;

use rand::RngExt;

use super::super::{
    county::Area,
    districts::{self, Cut, Cuts, DistrictMap},
    lattice::{Ground, Lattice},
    places::{self, Layer, Place},
    survey::{BACKGROUND, Patch, Survey},
    zips,
};
use streets::Streets;

/// How many of the northernmost rows of blocks lie in the split ZIP code.
const SPLIT_ROWS: usize = 4;

/// The sizes that a seed decides, in blocks.
struct Size {
    grid: usize,
    columns: usize,
    rows: usize,
    centre: (usize, usize),
}

pub(super) fn lay(survey: &mut Survey) {
    let grid = survey.random.random_range(28..=32);
    let columns = grid + survey.random.random_range(12..=14);
    let rows = survey.random.random_range(22..=24);
    let size = Size {
        grid,
        columns,
        rows,
        centre: (grid / 2, rows / 2),
    };
    let pitch = (
        survey.random.random_range(174.0..186.0),
        survey.random.random_range(116.0..124.0),
    );
    let lattice = survey.lattice(Ground {
        corner: (4_000.0, 3_000.0),
        columns,
        rows,
        pitch,
        stray: 4.0,
    });
    let enclave = (
        survey.random.random_range(3..6),
        survey.random.random_range(2..5),
    );
    let block = |column: usize, row: usize| block(&size, enclave, column, row);
    let streets = Streets::new(&size, &mut survey.roads);
    let street = |way, line, block| streets.at(way, line, block);
    survey.lay(&Patch {
        lattice: &lattice,
        block: &block,
        around: (BACKGROUND, zips::SPLIT),
        street: &street,
    });
    wards(survey, &lattice, &size);
    cities(survey, &lattice, &size, enclave);
}

const ENCLAVE: (usize, usize) = (3, 2);

fn block(size: &Size, enclave: (usize, usize), column: usize, row: usize) -> (Area, usize) {
    let enclosed = (enclave.0..enclave.0 + ENCLAVE.0).contains(&column)
        && (enclave.1..enclave.1 + ENCLAVE.1).contains(&row);
    if enclosed {
        (Area::Enclave, zips::WEST)
    } else if column >= size.grid {
        let under_the_first_name = column < size.grid + 3 && row < size.centre.1;
        (
            Area::AtLarge,
            if under_the_first_name {
                zips::EAST
            } else {
                zips::SECOND
            },
        )
    } else if row + SPLIT_ROWS >= size.rows {
        (Area::Grid, zips::SPLIT)
    } else {
        (
            Area::Grid,
            if column < size.centre.0 {
                zips::WEST
            } else {
                zips::EAST
            },
        )
    }
}

/// The day on which the wards of every tenth county were drawn anew.
pub(crate) const REDRAWN_ON: &str = "2024-01-01";

/// Six wards: three north of the main street, three south of it, with a border of each kind between them. In every tenth county the map
/// before is kept too, with its days.
fn wards(survey: &mut Survey, lattice: &Lattice, size: &Size) {
    let (third, two_thirds) = (size.grid / 3, size.grid * 2 / 3);
    let share = survey.random.random_range(0.28..0.34);
    let north = [
        Cut::Street(third),
        Cut::Across((two_thirds, share), (two_thirds, share + 0.12)),
    ];
    let south = [
        Cut::Behind(third + 1, 40.0),
        Cut::Across((two_thirds, share), (two_thirds + 2, 0.6)),
    ];
    let cuts = Cuts {
        columns: size.grid,
        middle: size.centre.1,
        north: &north,
        south: &south,
    };
    let is_redrawn = survey.number.is_multiple_of(10);
    let labels = ["1", "2", "3", "4", "5", "6"];
    let map = |cuts: &Cuts, valid_from, valid_to| DistrictMap {
        geoid: format!("{}{}", survey.state.fips, survey.codes.grid),
        kind: "ward",
        city: places::place_id(survey.state, &survey.names.grid),
        valid_from,
        valid_to,
        districts: districts::cut(&survey.frame, lattice, cuts, &labels),
    };
    let now = map(&cuts, is_redrawn.then_some(REDRAWN_ON), None);
    let before = is_redrawn.then(|| {
        let north = [Cut::Street(third + 3), Cut::Street(two_thirds - 2)];
        let south = [
            Cut::Street(third - 3),
            Cut::Across((two_thirds - 3, share), (two_thirds, 0.6)),
        ];
        let cuts = Cuts {
            north: &north,
            south: &south,
            ..cuts
        };
        map(&cuts, Some("2014-01-01"), Some(REDRAWN_ON))
    });
    survey.maps.push(now);
    survey.maps.extend(before);
}

fn cities(survey: &mut Survey, lattice: &Lattice, size: &Size, enclave: (usize, usize)) {
    let hole = lattice.outline(enclave, (enclave.0 + ENCLAVE.0, enclave.1 + ENCLAVE.1));
    let first = vec![lattice.outline((0, 0), (size.grid, size.rows)), hole];
    let second = vec![lattice.outline((size.grid, 0), (size.columns, size.rows))];
    let (names, codes) = (&survey.names, &survey.codes);
    let both = [
        (&names.grid, &codes.grid, first),
        (&names.at_large, &codes.at_large, second),
    ];
    let both = both.map(|(name, code, rings)| Place {
        layer: Layer::Place,
        code: code.clone(),
        name: name.clone(),
        full_name: format!("{name} city"),
        lsad: "25",
        class: "C1",
        status: "A",
        rings,
    });
    survey.places.extend(both);
}
