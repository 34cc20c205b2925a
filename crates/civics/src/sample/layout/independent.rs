//! A city that is in no county, as in Virginia; a county of the same name lies beside it. It has two wards.

use super::super::{
    county::Area,
    districts::{self, Cut, Cuts, DistrictMap},
    lattice::Ground,
    places::{self, Layer, Place},
    streets::{Block, Street, Style, Way},
    survey::{BACKGROUND, Patch, Survey},
    zips,
};

const SIZE: (usize, usize) = (10, 8);
const CENTRE: (usize, usize) = (5, 4);

pub(super) fn lay(survey: &mut Survey) {
    let lattice = survey.lattice(Ground {
        corner: (4_000.0, 4_000.0),
        columns: SIZE.0,
        rows: SIZE.1,
        pitch: (140.0, 140.0),
        stray: 4.0,
    });
    let rows: Vec<_> = (0..=SIZE.1)
        .map(|row| street(survey, Way::East, row == CENTRE.1, CENTRE.0))
        .collect();
    let columns: Vec<_> = (0..=SIZE.0)
        .map(|column| street(survey, Way::North, column == CENTRE.0, CENTRE.1))
        .collect();
    let at = |way: Way, line: usize, block: usize| -> Block {
        match way {
            Way::East => rows[line].block(block),
            Way::North => columns[line].block(block),
        }
    };
    let block = |column, _| {
        let zip = if column < CENTRE.0 {
            zips::WEST
        } else {
            zips::EAST
        };
        (Area::Independent, zip)
    };
    survey.lay(&Patch {
        lattice: &lattice,
        block: &block,
        around: (BACKGROUND, zips::WEST),
        street: &at,
    });
    let cuts = Cuts {
        columns: SIZE.0,
        middle: CENTRE.1,
        north: &[] as &[Cut],
        south: &[],
    };
    survey.maps.push(DistrictMap {
        geoid: format!("{}{}", survey.state.fips, survey.codes.grid),
        kind: "ward",
        city: places::place_id(survey.state, &survey.names.grid),
        valid_from: None,
        valid_to: None,
        districts: districts::cut(&survey.frame, &lattice, &cuts, &["1", "2"]),
    });
    let name = survey.names.grid.clone();
    let city = |layer, status| Place {
        layer,
        code: survey.codes.grid.clone(),
        name: name.clone(),
        full_name: format!("{name} city"),
        lsad: "25",
        class: "C7",
        status,
        rings: vec![lattice.boundary()],
    };
    // The subdivision that stands for the city fills the map and governs nothing.
    let both = [city(Layer::Place, "A"), city(Layer::Cousub, "F")];
    survey.places.extend(both);
}

fn street(survey: &mut Survey, way: Way, is_main: bool, centre: usize) -> Street {
    let name = if is_main {
        "Main St".to_owned()
    } else {
        survey.roads.street()
    };
    Street::new(way, name, Style::Centred { centre })
}
