//! The Census layers: what their columns hold.

mod columns;

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use self::columns::{ADDRFEAT, CONCITY, COUNTY, COUSUB, FACES, PLACE};
use super::{
    SampleError,
    county::{County, Edge, Parity, Range, State},
    geometry::{self, Point},
    layers::{Layer, Shape},
    places::{self, Place},
};

/// The layers of one state.
#[derive(Debug)]
struct StateLayers {
    state: State,
    places: Layer,
    cousubs: Layer,
    concities: Option<Layer>,
}

/// The layers that hold more than one county, filled as counties pass.
#[derive(Debug)]
pub(crate) struct Shared {
    counties: Layer,
    states: Vec<StateLayers>,
}

impl Shared {
    pub(crate) fn new() -> Self {
        Self {
            counties: Layer::new(Shape::Area, &COUNTY),
            states: Vec::new(),
        }
    }

    pub(crate) fn enter(&mut self, county: &County) {
        let state = county.state;
        let geoid = format!("{}{}", state.fips, county.code);
        let name = &county.names.county;
        let [land, water, lat, lon] = measures(county, std::slice::from_ref(&county.outline));
        self.counties.push(
            vec![county.outline.clone()],
            &[
                state.fips,
                &county.code,
                &format!("00{geoid}0"),
                &geoid,
                name,
                &format!("{name} {}", county.class.kind),
                county.class.lsad,
                county.class.class,
                "G4020",
                county.class.status,
                &land,
                &water,
                &lat,
                &lon,
            ],
        );
        if !self.states.iter().any(|layers| layers.state == state) {
            let (places, cousubs) = (
                Layer::new(Shape::Area, &PLACE),
                Layer::new(Shape::Area, &COUSUB),
            );
            self.states.push(StateLayers {
                state,
                places,
                cousubs,
                concities: None,
            });
        }
        let mut states = self.states.iter_mut();
        let Some(layers) = states.find(|layers| layers.state == state) else {
            return;
        };
        for place in &county.places {
            layers.enter(county, place);
        }
    }

    pub(crate) fn save(&self, folder: &Path) -> Result<Vec<PathBuf>, SampleError> {
        let mut files = vec![self.counties.save(folder, "tl_2026_us_county")?];
        for layers in &self.states {
            let fips = layers.state.fips;
            files.push(
                layers
                    .places
                    .save(folder, &format!("tl_2026_{fips}_place"))?,
            );
            files.push(
                layers
                    .cousubs
                    .save(folder, &format!("tl_2026_{fips}_cousub"))?,
            );
            if let Some(concities) = &layers.concities {
                files.push(concities.save(folder, &format!("tl_2026_{fips}_concity"))?);
            }
        }
        Ok(files)
    }
}

impl StateLayers {
    fn enter(&mut self, county: &County, place: &Place) {
        let (fips, code) = (self.state.fips, place.code.as_str());
        let number = format!("024{code}");
        let [land, water, lat, lon] = measures(county, &place.rings);
        let (name, full) = (&place.name, &place.full_name);
        let (lsad, class, status) = (place.lsad, place.class, place.status);
        let rings = place.rings.clone();
        match place.layer {
            places::Layer::Place => {
                let mtfcc = if status == "S" { "G4210" } else { "G4110" };
                let geoid = format!("{fips}{code}");
                self.places.push(
                    rings,
                    &[
                        fips, code, &number, &geoid, name, full, lsad, class, "N", mtfcc, status,
                        &land, &water, &lat, &lon,
                    ],
                );
            }
            places::Layer::Cousub => {
                let geoid = format!("{fips}{}{code}", county.code);
                self.cousubs.push(
                    rings,
                    &[
                        fips,
                        &county.code,
                        code,
                        &number,
                        &geoid,
                        name,
                        full,
                        lsad,
                        class,
                        "G4040",
                        status,
                        &land,
                        &water,
                        &lat,
                        &lon,
                    ],
                );
            }
            places::Layer::Concity => {
                let geoid = format!("{fips}{code}");
                self.concities
                    .get_or_insert_with(|| Layer::new(Shape::Area, &CONCITY))
                    .push(
                        rings,
                        &[
                            fips, code, &number, &geoid, name, full, lsad, class, "G4120", status,
                            &land, &water, &lat, &lon,
                        ],
                    );
            }
        }
    }
}

/// Land and water in square metres, and a point inside (the middle of the outer ring's box), as the Census spells them.
fn measures(county: &County, rings: &[Vec<Point>]) -> [String; 4] {
    let areas: Vec<f64> = rings
        .iter()
        .map(|ring| geometry::area(&county.metres(ring)))
        .collect();
    let land = areas[0] - areas[1..].iter().sum::<f64>();
    let outer = &rings[0];
    let middle = |of: fn(&Point) -> i32| {
        let (low, high) = (outer.iter().map(of).min(), outer.iter().map(of).max());
        f64::from(i32::midpoint(
            low.unwrap_or_default(),
            high.unwrap_or_default(),
        )) / 1e6
    };
    [
        format!("{land:.0}"),
        "0".into(),
        format!("{:+011.7}", middle(|at| at.lat)),
        format!("{:+012.7}", middle(|at| at.lon)),
    ]
}

/// Writes the two layers of one county.
pub(crate) fn save(county: &County, folder: &Path) -> Result<[PathBuf; 2], SampleError> {
    let stem = format!("tl_2026_{}{}", county.state.fips, county.code);
    let ranges = addrfeat(county).save(folder, &format!("{stem}_addrfeat"))?;
    Ok([
        ranges,
        faces(county).save(folder, &format!("{stem}_faces"))?,
    ])
}

fn addrfeat(county: &County) -> Layer {
    let mut layer = Layer::new(Shape::Line, &ADDRFEAT);
    let mut streets: HashMap<&str, usize> = HashMap::new();
    for edge in &county.edges {
        for name in &edge.names {
            let next = streets.len();
            let street = *streets.entry(name).or_insert(next);
            record(&mut layer, county, edge, name, street);
        }
    }
    layer
}

fn record(layer: &mut Layer, county: &County, edge: &Edge, name: &str, street: usize) {
    let class = if name.contains("Hwy") {
        "S1200"
    } else {
        "S1400"
    };
    let side = |range: Option<&Range>, letter: char| -> [String; 5] {
        let Some(range) = range else {
            return Default::default();
        };
        let parity = match range.parity {
            Parity::Odd => "O",
            Parity::Even => "E",
            Parity::Both => "B",
        };
        [
            format!("400{}{letter}", edge.tlid),
            range.text(range.from),
            range.text(range.to),
            county.zips[range.zip].code.clone(),
            parity.into(),
        ]
    };
    let [arid_l, from_l, to_l, zip_l, parity_l] = side(edge.left.range.as_ref(), '1');
    let [arid_r, from_r, to_r, zip_r, parity_r] = side(edge.right.range.as_ref(), '2');
    let tfid = |face: usize| county.faces[face].tfid.to_string();
    layer.push(
        vec![edge.line.clone()],
        &[
            &edge.tlid.to_string(),
            &tfid(edge.left.face),
            &tfid(edge.right.face),
            &arid_l,
            &arid_r,
            &format!("110{:05}{street:05}", county.number),
            name,
            &from_l,
            &to_l,
            &from_r,
            &to_r,
            &zip_l,
            &zip_r,
            class,
            class,
            &parity_l,
            &parity_r,
            "",
            "",
            "",
            "",
            "",
            "",
            "N",
            "N",
        ],
    );
}

fn faces(county: &County) -> Layer {
    let mut layer = Layer::new(Shape::Area, &FACES);
    let (state, code, codes) = (county.state.fips, county.code.as_str(), &county.codes);
    for face in &county.faces {
        let subdivision = codes.subdivision(face.area);
        let consolidated = codes.consolidated(face.area).unwrap_or_default();
        let place = codes.place(face.area).unwrap_or_default();
        let tfid = face.tfid.to_string();
        layer.push(
            face.rings.clone(),
            &[
                &tfid,
                state,
                code,
                state,
                code,
                subdivision,
                consolidated,
                place,
                "",
            ],
        );
    }
    layer
}
