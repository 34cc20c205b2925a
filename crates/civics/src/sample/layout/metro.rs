//! The consolidated government, once in a sample: its own territory is published as a "(balance)" place, and a small city that kept its
//! government lies inside it. Its council districts cover that city too.

use super::super::{
    county::Area,
    districts::{self, Cut, Cuts, DistrictMap},
    lattice::{Ground, Lattice},
    places::{self, Layer, Place},
    streets::{Block, Street, Style, Way},
    survey::{BACKGROUND, Patch, Survey},
    zips,
};

const SIZE: (usize, usize) = (12, 10);
const CENTRE: (usize, usize) = (6, 5);
/// The blocks of the enclosed city, from one corner to the other.
const ENCLOSED: ((usize, usize), (usize, usize)) = ((7, 6), (11, 9));

pub(super) fn lay(survey: &mut Survey) {
    let ground = Ground {
        corner: (20_000.0, 8_200.0),
        columns: SIZE.0,
        rows: SIZE.1,
        pitch: (150.0, 150.0),
        stray: 4.0,
    };
    let lattice = survey.lattice(ground);
    let rows: Vec<_> = (0..=SIZE.1)
        .map(|row| street(survey, Way::East, row, CENTRE.1, "Market St"))
        .collect();
    let columns: Vec<_> = (0..=SIZE.0)
        .map(|column| street(survey, Way::North, column, CENTRE.0, "Union Ave"))
        .collect();
    let at = |way: Way, line: usize, block: usize| -> Block {
        match way {
            Way::East => rows[line].block(block),
            Way::North => columns[line].block(block),
        }
    };
    let block = |column, row| {
        let ((west, south), (east, north)) = ENCLOSED;
        let enclosed = (west..east).contains(&column) && (south..north).contains(&row);
        let zip = if column < CENTRE.0 {
            zips::METRO
        } else {
            zips::METRO_EAST
        };
        (
            if enclosed {
                Area::Enclosed
            } else {
                Area::Balance
            },
            zip,
        )
    };
    survey.lay(&Patch {
        lattice: &lattice,
        block: &block,
        around: (BACKGROUND, zips::HAMLET),
        street: &at,
    });
    council(survey, &lattice);
    publish(survey, &lattice);
}

fn street(survey: &mut Survey, way: Way, line: usize, centre: usize, main: &str) -> Street {
    let across = if way == Way::East { CENTRE.0 } else { CENTRE.1 };
    let name = match line {
        _ if line == centre => main.into(),
        1 if way == Way::North => "St Joseph Ave".into(),
        _ => survey.roads.street(),
    };
    Street::new(way, name, Style::Centred { centre: across })
}

/// Four council districts; the first lies in two parts, the second between them.
fn council(survey: &mut Survey, lattice: &Lattice) {
    let north = [Cut::Street(CENTRE.0 - 2), Cut::Street(CENTRE.0 + 2)];
    let south = [Cut::Across((CENTRE.0 - 1, 0.35), (CENTRE.0 - 1, 0.45))];
    let cuts = Cuts {
        columns: SIZE.0,
        middle: CENTRE.1,
        north: &north,
        south: &south,
    };
    survey.maps.push(DistrictMap {
        geoid: format!("{}{}", survey.state.fips, survey.codes.metro),
        kind: "council_district",
        city: places::place_id(survey.state, &survey.names.metro),
        valid_from: None,
        valid_to: None,
        districts: districts::cut(&survey.frame, lattice, &cuts, &["1", "2", "1", "3", "4"]),
    });
}

fn publish(survey: &mut Survey, lattice: &Lattice) {
    let (names, codes) = (&survey.names, &survey.codes);
    let government = format!("{}-{} metropolitan government", names.metro, names.county);
    let city = lattice.outline(ENCLOSED.0, ENCLOSED.1);
    let published = [
        Place {
            layer: Layer::Concity,
            code: codes.metro.clone(),
            name: names.metro.clone(),
            full_name: government.clone(),
            lsad: "00",
            class: "C3",
            status: "A",
            rings: vec![lattice.boundary()],
        },
        Place {
            layer: Layer::Place,
            code: codes.balance.clone(),
            name: format!("{government} (balance)"),
            full_name: format!("{government} (balance)"),
            lsad: "00",
            class: "C8",
            status: "F",
            rings: vec![lattice.boundary(), city.clone()],
        },
        Place {
            layer: Layer::Place,
            code: codes.enclosed.clone(),
            name: names.enclosed.clone(),
            full_name: format!("{} city", names.enclosed),
            lsad: "25",
            class: "C1",
            status: "A",
            rings: vec![city],
        },
    ];
    survey.places.extend(published);
}
