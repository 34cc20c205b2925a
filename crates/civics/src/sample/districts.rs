//! District maps: a city cut in two along a street, and each half cut again.
//!
//! The borders are of the kinds that real maps have: along the middle of a street (its two sides lie in two districts and nothing is
//! split), through the middle of blocks (sides are split), and just behind the houses of a street, where a careless offset goes wrong.
//! Neighbouring districts share every vertex of their border, so they tile; at the outer edge they reach past the city limits, so that
//! lying in a district does not prove lying in the city.

use geojson::{Feature, FeatureCollection, GeometryValue, JsonObject, feature::Id};

use super::{
    geometry::{self, Frame, Metres, Point},
    lattice::{Lattice, chain},
};

/// How far districts reach past the city limits, in metres.
const REACH: f64 = 150.0;

/// A border from the dividing street to the city's edge.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cut {
    /// Along the middle of the street in that column.
    Street(usize),
    /// Straight through the blocks, from a column and a share of its block's width at the dividing street to another at the city's edge.
    Across((usize, f64), (usize, f64)),
    /// That many metres right of the street in that column.
    Behind(usize, f64),
}

/// What to cut: the blocks of a lattice from column 0 to `columns`, divided along the street in row `middle`.
pub(crate) struct Cuts<'a> {
    pub(crate) columns: usize,
    pub(crate) middle: usize,
    pub(crate) north: &'a [Cut],
    pub(crate) south: &'a [Cut],
}

#[derive(Debug)]
pub(crate) struct District {
    pub(crate) label: String,
    /// One ring for each part: a district may lie in two places.
    pub(crate) rings: Vec<Vec<Point>>,
    metres: Vec<Vec<Metres>>,
}

impl District {
    fn holds(&self, at: Metres) -> bool {
        self.metres.iter().any(|ring| geometry::holds(ring, at))
    }
}

/// One city's districts.
#[derive(Debug)]
pub(crate) struct DistrictMap {
    pub(crate) geoid: String,
    /// `ward` or `council_district`.
    pub(crate) kind: &'static str,
    /// The city's OCD id.
    pub(crate) city: String,
    /// First day in force; open when absent.
    pub(crate) valid_from: Option<&'static str>,
    /// First day no longer in force; open when absent.
    pub(crate) valid_to: Option<&'static str>,
    pub(crate) districts: Vec<District>,
}

impl DistrictMap {
    pub(crate) fn find(&self, at: Metres) -> Option<&str> {
        self.districts
            .iter()
            .find(|one| one.holds(at))
            .map(|one| one.label.as_str())
    }

    /// The distance to the nearest border of any district.
    pub(crate) fn clearance(&self, at: Metres) -> f64 {
        self.districts
            .iter()
            .flat_map(|one| &one.metres)
            .map(|ring| geometry::clearance(ring, at))
            .fold(f64::INFINITY, f64::min)
    }

    pub(crate) fn geojson(&self) -> String {
        let features = self.districts.iter().map(|district| {
            let ocd_id = format!(
                "{}/{}:{}",
                self.city,
                self.kind,
                district.label.to_lowercase()
            );
            let corner = |point: &Point| {
                let (lon, lat) = point.degrees();
                vec![lon, lat].into()
            };
            let mut parts: Vec<Vec<Vec<geojson::Position>>> = district
                .rings
                .iter()
                .map(|ring| vec![ring.iter().map(corner).collect()])
                .collect();
            let geometry = match parts.len() {
                1 => GeometryValue::Polygon {
                    coordinates: parts.remove(0),
                },
                _ => GeometryValue::MultiPolygon { coordinates: parts },
            };
            let mut properties = JsonObject::new();
            properties.insert("district".into(), district.label.clone().into());
            properties.insert("kind".into(), self.kind.into());
            properties.insert("city_geoid".into(), self.geoid.clone().into());
            properties.insert("ocd_id".into(), ocd_id.clone().into());
            Feature {
                bbox: None,
                geometry: Some(geometry.into()),
                id: Some(Id::String(ocd_id)),
                properties: Some(properties),
                foreign_members: None,
            }
        });
        let collection = FeatureCollection {
            bbox: None,
            features: features.collect(),
            foreign_members: None,
        };
        format!("{collection}\n")
    }
}

/// The districts of a city in order: north of the dividing street from west to east, then south of it. Pieces with one label make one
/// district.
pub(crate) fn cut(frame: &Frame, lattice: &Lattice, cuts: &Cuts, labels: &[&str]) -> Vec<District> {
    let north: Vec<_> = borders(frame, lattice, cuts, cuts.north, true);
    let south: Vec<_> = borders(frame, lattice, cuts, cuts.south, false);
    let mut divide = lattice.walk_east(0, cuts.columns, cuts.middle);
    divide.extend(north.iter().chain(&south).map(|border| border[0]));
    // The street never turns back, so its vertices and the junctions on it are in order by longitude.
    divide.sort();
    divide.dedup();
    let rings = [north, south].into_iter().flat_map(|half| {
        half.windows(2)
            .map(|pair| ring(&divide, &pair[0], &pair[1]))
            .collect::<Vec<_>>()
    });
    let mut districts: Vec<District> = Vec::new();
    for (ring, label) in rings.zip(labels) {
        let metres = ring.iter().map(|point| frame.metres(*point)).collect();
        if let Some(known) = districts.iter_mut().find(|known| known.label == *label) {
            known.rings.push(ring);
            known.metres.push(metres);
        } else {
            districts.push(District {
                label: (*label).to_owned(),
                rings: vec![ring],
                metres: vec![metres],
            });
        }
    }
    districts
}

fn ring(divide: &[Point], west: &[Point], east: &[Point]) -> Vec<Point> {
    let base = divide
        .iter()
        .filter(|point| (west[0]..=east[0]).contains(point))
        .copied()
        .collect();
    let back = west.iter().rev().copied().collect();
    let mut ring = chain([base, east.to_vec(), back]);
    // GeoJSON wants outer rings counterclockwise, and south of the street this walk goes the other way.
    if signed_area(&ring) < 0 {
        ring.reverse();
    }
    ring
}

/// Twice the signed area in square microdegrees: only its sign is used.
fn signed_area(ring: &[Point]) -> i128 {
    let wide = |point: &Point| (i128::from(point.lon), i128::from(point.lat));
    ring.windows(2)
        .map(|pair| {
            let ((x1, y1), (x2, y2)) = (wide(&pair[0]), wide(&pair[1]));
            x1 * y2 - x2 * y1
        })
        .sum()
}

/// All borders of one half from west to east, the outer ones included, each from the dividing street outward.
fn borders(
    frame: &Frame,
    lattice: &Lattice,
    cuts: &Cuts,
    inner: &[Cut],
    north: bool,
) -> Vec<Vec<Point>> {
    let middle = frame.metres(lattice.node(0, cuts.middle));
    let edge_row = if north { lattice.rows } else { 0 };
    let corner = frame.metres(lattice.node(0, edge_row));
    let outward = if north { REACH } else { -REACH };
    let west = [
        (middle.0 - REACH, middle.1),
        (corner.0 - REACH, corner.1 + outward),
    ];
    let mut borders = vec![west.iter().map(|at| frame.point(*at)).collect()];
    borders.extend(
        inner
            .iter()
            .map(|cut| border(frame, lattice, cuts.middle, *cut, north)),
    );
    borders.push(border(
        frame,
        lattice,
        cuts.middle,
        Cut::Street(cuts.columns),
        north,
    ));
    borders
}

fn border(frame: &Frame, lattice: &Lattice, middle: usize, cut: Cut, north: bool) -> Vec<Point> {
    let edge_row = if north { lattice.rows } else { 0 };
    let on_street = |column, row, share: f64| {
        let line: Vec<_> = lattice
            .east(column, row)
            .iter()
            .map(|point| frame.metres(*point))
            .collect();
        frame.point(geometry::point_along(&line, share))
    };
    let mut line = match cut {
        Cut::Street(column) if north => lattice.walk_north(column, middle, lattice.rows),
        Cut::Street(column) => {
            let mut line = lattice.walk_north(column, 0, middle);
            line.reverse();
            line
        }
        Cut::Across(near, far) => vec![
            on_street(near.0, middle, near.1),
            on_street(far.0, edge_row, far.1),
        ],
        Cut::Behind(column, metres) => {
            let start = frame.metres(lattice.node(column, middle));
            let width = geometry::distance(start, frame.metres(lattice.node(column + 1, middle)));
            let rows: Vec<usize> = if north {
                (middle + 1..=edge_row).collect()
            } else {
                (0..middle).rev().collect()
            };
            let behind = rows.into_iter().map(|row| {
                let (east, north) = frame.metres(lattice.node(column, row));
                frame.point((east + metres, north))
            });
            std::iter::once(on_street(column, middle, metres / width))
                .chain(behind)
                .collect()
        }
    };
    let last = frame.metres(line[line.len() - 1]);
    line.push(frame.point((last.0, last.1 + if north { REACH } else { -REACH })));
    line
}
