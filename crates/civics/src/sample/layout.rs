//! Where everything stands in a county.
//!
//! The county is one face with holes; each patch of streets fills a hole with its own blocks. The two cities lie in the south, the
//! township with its village in the north-west, survey roads in the north-east, the census-designated place in the south-east and, in
//! the first county, the consolidated government east of the cities.

mod designated;
mod metro;
mod rural;
mod township;
mod urban;

use rand::RngExt;

use super::{
    Plan,
    county::{Area, County, STATES},
    geometry::{Frame, Metres, Point},
    names::Names,
    places::{Codes, Layer, Place},
    random,
    roads::Roads,
    survey::Survey,
    zips,
};

/// A county's height and width, in degrees.
const SIZE: f64 = 0.3;
/// Counties side by side before the next row begins further south.
const ROW: u32 = 40;
/// County codes of a state: odd ones first, as real states have them, then even ones.
const CODES: u32 = 999;

/// Middles of the ZIP codes, in the order of the constants in [`zips`].
const MIDDLES: [Metres; 9] = [
    (6_500.0, 4_000.0),
    (9_000.0, 4_000.0),
    (11_500.0, 4_500.0),
    (9_500.0, 18_000.0),
    (21_000.0, 3_500.0),
    (5_500.0, 19_000.0),
    (25_000.0, 21_000.0),
    (20_500.0, 9_000.0),
    (21_700.0, 9_000.0),
];

/// Lays out the n-th county of a sample.
pub(crate) fn county(plan: Plan, number: u32) -> County {
    let (state, own) = (STATES[(number / CODES) as usize], number % CODES);
    let code = if own < 500 {
        own * 2 + 1
    } else {
        (own - 499) * 2
    };
    let (lon, lat) = (
        -150.0 + f64::from(number % ROW) * SIZE,
        30.0 - f64::from(number / ROW) * SIZE,
    );
    let frame = Frame::new(lon, lat, lat + SIZE / 2.0);
    let corner = |east, north| Point {
        lon: (f64::round((lon + east) * 1e6)) as i32,
        lat: (f64::round((lat + north) * 1e6)) as i32,
    };
    let outline = vec![
        corner(0.0, 0.0),
        corner(SIZE, 0.0),
        corner(SIZE, SIZE),
        corner(0.0, SIZE),
        corner(0.0, 0.0),
    ];
    let mut random = random::source(plan, number, 0);
    let mut survey = Survey {
        number,
        state,
        frame,
        odd_left: [random.random_bool(0.5), random.random_bool(0.5)],
        random,
        roads: Roads::new(random::source(plan, number, 1)),
        names: Names::new(plan, number),
        codes: Codes::new(own),
        faces: Vec::new(),
        edges: Vec::new(),
        places: Vec::new(),
        maps: Vec::new(),
    };
    survey.face(Area::Open, outline.clone());
    urban::lay(&mut survey);
    designated::lay(&mut survey);
    let township = township::lay(&mut survey);
    rural::lay(&mut survey);
    if number == 0 {
        metro::lay(&mut survey);
    }
    let remainder = format!("{} balance", survey.names.county);
    survey.places.push(Place {
        layer: Layer::Cousub,
        code: survey.codes.remainder.clone(),
        full_name: format!("{remainder} CCD"),
        name: remainder,
        lsad: "22",
        class: "Z5",
        status: "S",
        rings: vec![outline.clone(), township],
    });
    let middles: Vec<_> = MIDDLES
        .iter()
        .take(if number == 0 { 9 } else { 7 })
        .map(|at| frame.point(*at))
        .collect();
    County {
        number,
        state,
        code: format!("{code:03}"),
        zips: zips::list(plan, number, &survey.names, &middles),
        names: survey.names,
        codes: survey.codes,
        frame,
        outline,
        faces: survey.faces,
        edges: survey.edges,
        places: survey.places,
        maps: survey.maps,
    }
}
