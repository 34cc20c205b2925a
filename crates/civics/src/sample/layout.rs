//! Where everything stands in a county.
//!
//! The county is one face with holes; each patch of streets fills a hole with its own blocks. The two cities lie in the south, the
//! township with its village in the north-west, survey roads in the north-east, the census-designated place in the south-east and, in
//! the first county, the consolidated government east of the cities. Three small counties keep the first one company, each for a case
//! that no county of its kind has: an independent city, towns that govern, a territory's municipality.

mod designated;
mod independent;
mod metro;
mod municipio;
mod new_england;
mod rural;
mod township;
mod urban;

use rand::RngExt;

use super::{
    MOST, Plan,
    county::{Area, County, CountyClass, STATES, State, TERRITORY, TOWNS},
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
pub(crate) const CODES: u32 = 999;

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
    let mut survey = begin(plan, number, state, Names::new(plan, own), Codes::new(own));
    urban::lay(&mut survey);
    designated::lay(&mut survey);
    let township = township::lay(&mut survey);
    rural::lay(&mut survey);
    if number == 0 {
        metro::lay(&mut survey);
    }
    let remainder = format!("{} balance", survey.names.county);
    let rings = vec![survey.outline.clone(), township];
    survey.places.push(Place {
        layer: Layer::Cousub,
        code: survey.codes.remainder.clone(),
        full_name: format!("{remainder} CCD"),
        name: remainder,
        lsad: "22",
        class: "Z5",
        status: "S",
        rings,
    });
    let middles = &MIDDLES[..if number == 0 { 9 } else { 7 }];
    finish(
        plan,
        survey,
        CountyClass::COUNTY,
        format!("{code:03}"),
        middles,
    )
}

/// Middles of the two ZIP codes of a small county.
const SMALL: [Metres; 2] = [(4_500.0, 4_500.0), (5_500.0, 4_500.0)];

/// The small counties that keep the first one company.
pub(crate) fn companions(plan: Plan) -> [County; 3] {
    let first = Names::new(plan, 0);
    let independent = {
        // It is called as the county that it is not in.
        let mut names = Names::new(plan, CODES);
        names.grid.clone_from(&first.county);
        names.county.clone_from(&first.county);
        let mut survey = begin(plan, MOST, STATES[0], names, Codes::new(CODES));
        independent::lay(&mut survey);
        finish(plan, survey, CountyClass::INDEPENDENT, "510".into(), &SMALL)
    };
    let towns = {
        let mut survey = begin(
            plan,
            MOST + 1,
            TOWNS,
            Names::new(plan, CODES + 1),
            Codes::new(0),
        );
        new_england::lay(&mut survey);
        finish(plan, survey, CountyClass::NAME_ALONE, "001".into(), &SMALL)
    };
    let municipio = {
        let mut survey = begin(
            plan,
            MOST + 2,
            TERRITORY,
            Names::new(plan, CODES + 2),
            Codes::new(0),
        );
        // A municipality's mail comes under its own name.
        survey.names.grid.clone_from(&survey.names.county);
        municipio::lay(&mut survey);
        finish(plan, survey, CountyClass::MUNICIPIO, "001".into(), &SMALL)
    };
    [independent, towns, municipio]
}

/// An empty county.
fn begin(plan: Plan, number: u32, state: State, names: Names, codes: Codes) -> Survey {
    let (lon, lat) = (
        -150.0 + f64::from(number % ROW) * SIZE,
        30.0 - f64::from(number / ROW) * SIZE,
    );
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
        frame: Frame::new(lon, lat, lat + SIZE / 2.0),
        odd_left: [random.random_bool(0.5), random.random_bool(0.5)],
        random,
        roads: Roads::new(random::source(plan, number, 1)),
        names,
        codes,
        outline: outline.clone(),
        faces: Vec::new(),
        edges: Vec::new(),
        places: Vec::new(),
        maps: Vec::new(),
    };
    survey.face(Area::Open, outline);
    survey
}

fn finish(
    plan: Plan,
    survey: Survey,
    class: CountyClass,
    code: String,
    middles: &[Metres],
) -> County {
    let middles: Vec<_> = middles.iter().map(|at| survey.frame.point(*at)).collect();
    County {
        number: survey.number,
        state: survey.state,
        code,
        class,
        zips: zips::list(plan, survey.number, &survey.names, &middles),
        names: survey.names,
        codes: survey.codes,
        frame: survey.frame,
        outline: survey.outline,
        faces: survey.faces,
        edges: survey.edges,
        places: survey.places,
        maps: survey.maps,
    }
}
