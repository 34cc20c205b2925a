//! Shapefiles: a table with a shape for each record.

use super::rings::Parts;
use super::{BuildError, files};
use crate::geometry::Spot;
use shapefile::{PolygonRing, Shape, ShapeReader};
use std::io::Cursor;
use std::path::Path;

/// The parts of one shapefile, whole in memory: a county's is some megabytes.
#[derive(Debug, Default)]
pub struct Layer {
    /// The table.
    pub dbf: Vec<u8>,
    /// The shapes, if read.
    pub shp: Vec<u8>,
    /// The coordinate system, if stated.
    pub prj: Option<String>,
}

impl Layer {
    /// Reads `name.shp` with its neighbours, or the one shapefile within `name.zip`.
    pub fn read(path: &Path, with_shapes: bool) -> Result<Self, BuildError> {
        let is_zip = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
        let mut layer = Self::default();
        if is_zip {
            let wanted = |name: &str| {
                files::ends_in(name, &[".dbf", ".prj"])
                    || with_shapes && files::ends_in(name, &[".shp"])
            };
            for (name, bytes) in files::unzip(path, &wanted)? {
                match name.to_lowercase().rsplit('.').next() {
                    Some("dbf") => layer.dbf = bytes,
                    Some("shp") => layer.shp = bytes,
                    _ => layer.prj = Some(String::from_utf8_lossy(&bytes).into_owned()),
                }
            }
        } else {
            layer.dbf = files::read(&path.with_extension("dbf"), ".dbf")?;
            if with_shapes {
                layer.shp = files::read(path, ".shp")?;
            }
            layer.prj = files::read(&path.with_extension("prj"), ".prj")
                .ok()
                .map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        }
        let wrong = |message: &str| BuildError::Source {
            path: path.to_owned(),
            message: message.to_owned(),
        };
        if layer.dbf.is_empty() || with_shapes && layer.shp.is_empty() {
            return Err(wrong(
                "holds no whole shapefile (.shp and .dbf); fetch it again",
            ));
        }
        if let Some(prj) = layer
            .prj
            .as_ref()
            .filter(|prj| prj.trim_start().starts_with("PROJCS"))
        {
            let name = prj.split('"').nth(1).unwrap_or("a projected system");
            return Err(wrong(&format!(
                "is in {name}, not in degrees; convert it first: ogr2ogr -t_srs EPSG:4269 out.shp in.shp"
            )));
        }
        Ok(layer)
    }

    /// The shapes in order; says what is wrong with the file.
    pub fn shapes(&self) -> Result<Vec<Result<Shape, String>>, String> {
        check_shp(&self.shp)?;
        let reader = ShapeReader::new(Cursor::new(self.shp.as_slice()))
            .map_err(|error| error.to_string())?;
        let mut reader = reader;
        let shapes: Vec<_> = reader
            .iter_shapes()
            .map(|shape| shape.map_err(|error| error.to_string()))
            .collect();
        Ok(shapes)
    }
}

/// Checks that each record's counts fit into its length before the library believes them.
fn check_shp(bytes: &[u8]) -> Result<(), String> {
    let big = |at: usize| {
        bytes
            .get(at..at + 4)
            .map(|four| i32::from_be_bytes([four[0], four[1], four[2], four[3]]))
    };
    let little = |at: usize| {
        bytes
            .get(at..at + 4)
            .map(|four| i32::from_le_bytes([four[0], four[1], four[2], four[3]]))
    };
    if big(0) != Some(9994) || bytes.len() < 100 {
        return Err("is no shapefile".into());
    }
    let mut at = 100;
    let mut number = 1;
    while at < bytes.len() {
        let length = big(at + 4)
            .filter(|words| *words >= 2)
            .map(|words| words as usize * 2);
        let whole = length.filter(|length| at + 8 + length <= bytes.len());
        let Some(length) = whole else {
            return Err(format!("is cut short or broken at record {number}"));
        };
        if matches!(little(at + 8), Some(3 | 5 | 13 | 15 | 23 | 25)) {
            let (parts, points) = (little(at + 44).unwrap_or(-1), little(at + 48).unwrap_or(-1));
            let needed = 44 + i64::from(parts) * 4 + i64::from(points) * 16;
            if parts < 0 || points < 0 || needed > length as i64 {
                return Err(format!("has impossible counts at record {number}"));
            }
            let starts_are_ordered = (0..parts as usize)
                .map(|part| little(at + 52 + part * 4).unwrap_or(-1))
                .try_fold(-1, |last, start| {
                    (start > last && start < points.max(1)).then_some(start)
                })
                .is_some();
            if parts > 0 && !starts_are_ordered {
                return Err(format!("has parts out of order at record {number}"));
            }
        }
        at += 8 + length;
        number += 1;
    }
    Ok(())
}

/// The first line of a shape; `None` if it has none or lies off the globe.
pub fn line(shape: &Shape) -> Option<Vec<Spot>> {
    let spots = |points: &mut dyn Iterator<Item = (f64, f64)>| {
        points
            .map(|(x, y)| Spot::from_degrees(y, x))
            .collect::<Option<Vec<_>>>()
    };
    let found = match shape {
        Shape::Polyline(line) => {
            spots(&mut line.parts().first()?.iter().map(|point| (point.x, point.y)))?
        }
        Shape::PolylineM(line) => {
            spots(&mut line.parts().first()?.iter().map(|point| (point.x, point.y)))?
        }
        Shape::PolylineZ(line) => {
            spots(&mut line.parts().first()?.iter().map(|point| (point.x, point.y)))?
        }
        _ => return None,
    };
    (found.len() >= 2).then_some(found)
}

/// A polygon's parts in degrees, each an outer ring and its holes; empty for another shape.
pub fn parts(shape: &Shape) -> Parts {
    let mut rings: Vec<(bool, Vec<(f64, f64)>)> = Vec::new();
    match shape {
        Shape::Polygon(polygon) => rings.extend(polygon.rings().iter().map(|ring| {
            (
                is_outer(ring),
                ring.points()
                    .iter()
                    .map(|point| (point.x, point.y))
                    .collect(),
            )
        })),
        Shape::PolygonM(polygon) => rings.extend(polygon.rings().iter().map(|ring| {
            (
                is_outer(ring),
                ring.points()
                    .iter()
                    .map(|point| (point.x, point.y))
                    .collect(),
            )
        })),
        Shape::PolygonZ(polygon) => rings.extend(polygon.rings().iter().map(|ring| {
            (
                is_outer(ring),
                ring.points()
                    .iter()
                    .map(|point| (point.x, point.y))
                    .collect(),
            )
        })),
        _ => {}
    }
    let (outer, holes): (Vec<_>, Vec<_>) = rings.into_iter().partition(|(is_outer, _)| *is_outer);
    let mut parts: Parts = outer.into_iter().map(|(_, ring)| vec![ring]).collect();
    for (_, hole) in holes {
        // A record lists its holes in any order: each belongs to the ring around it.
        let around = hole
            .first()
            .and_then(|corner| parts.iter().position(|part| surrounds(&part[0], *corner)));
        match around {
            Some(at) => parts[at].push(hole),
            None => parts.push(vec![hole]),
        }
    }
    parts
}

fn is_outer<P>(ring: &PolygonRing<P>) -> bool {
    matches!(ring, PolygonRing::Outer(_))
}

fn surrounds(ring: &[(f64, f64)], (x, y): (f64, f64)) -> bool {
    ring.windows(2)
        .filter(|edge| {
            (edge[0].1 > y) != (edge[1].1 > y)
                && x < (edge[1].0 - edge[0].0) * (y - edge[0].1) / (edge[1].1 - edge[0].1)
                    + edge[0].0
        })
        .count()
        % 2
        == 1
}
