//! Shapefiles: a table with a shape for each record.

use super::rings::Parts;
use super::shp::{self, Ring, Shape};
use super::{BuildError, crs, files};
use crate::geometry::Spot;
use crate::pack::MOST_SPOTS;
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
            layer.dbf = files::read(&path.with_extension("dbf"), ".dbf", files::MOST_WHOLE)?;
            if with_shapes {
                layer.shp = files::read(path, ".shp", files::MOST_WHOLE)?;
            }
            layer.prj = files::read(&path.with_extension("prj"), ".prj", 1 << 20)
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
        if let Some(word) = layer.prj.as_deref().and_then(crs::refused_wkt) {
            return Err(wrong(&word));
        }
        Ok(layer)
    }

    /// The shapes in order; says what is wrong with the file.
    pub fn shapes(&self) -> Result<Vec<Shape>, String> {
        shp::read(&self.shp)
    }
}

/// The first line of a shape; `None` if it has none, lies off the globe or has more corners than
/// a street.
pub fn line(shape: &Shape) -> Option<Vec<Spot>> {
    let Shape::Lines(lines) = shape else {
        return None;
    };
    let line = lines.first()?;
    if !(2..=MOST_SPOTS).contains(&line.len()) {
        return None;
    }
    line.iter()
        .map(|(x, y)| Spot::from_degrees(*y, *x))
        .collect()
}

/// Most corners that are looked at to tell which ring a hole lies in.
const MOST_LOOKED_AT: usize = 100_000_000;

/// A polygon's parts in degrees, each an outer ring and its holes; empty for another shape.
pub fn parts(shape: &Shape) -> Result<Parts, String> {
    let Shape::Polygon(rings) = shape else {
        return Ok(Vec::new());
    };
    let (outer, holes): (Vec<&Ring>, Vec<&Ring>) = rings.iter().partition(|ring| is_outer(ring));
    let mut parts: Parts = outer.into_iter().map(|ring| vec![ring.clone()]).collect();
    let mut looked_at = 0;
    for hole in holes {
        // A record lists its holes in any order: each belongs to the ring around it.
        let around = match (hole.first(), parts.as_slice()) {
            (Some(_), [_]) => Some(0),
            (Some(corner), _) => parts.iter().position(|part| {
                looked_at += part[0].len();
                looked_at <= MOST_LOOKED_AT && surrounds(&part[0], *corner)
            }),
            (None, _) => None,
        };
        if looked_at > MOST_LOOKED_AT {
            return Err("has too many holes in too many rings".into());
        }
        match around {
            Some(at) => parts[at].push(hole.clone()),
            None => parts.push(vec![hole.clone()]),
        }
    }
    Ok(parts)
}

/// An outer ring runs clockwise.
fn is_outer(ring: &Ring) -> bool {
    let twice_area: f64 = ring
        .windows(2)
        .map(|step| (step[1].0 - step[0].0) * (step[1].1 + step[0].1))
        .sum();
    // A ring that encloses nothing, or is none, is refused later and by name.
    twice_area >= 0.0 || twice_area.is_nan()
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
