//! Polygons that people drew: checked, mended where that is possible, cut into slabs.

use crate::geometry::{OwnedSlabs, Spot};
use geo::{BooleanOps, Coord, LineString, MultiPolygon, Polygon, Validation};

/// A polygon as a source gives it: parts, each an outer ring and its holes, in degrees (x, y).
pub type Parts = Vec<Vec<Vec<(f64, f64)>>>;

/// A usable polygon, and what was done to it.
#[derive(Debug)]
pub struct Usable {
    /// Ready to be tested.
    pub slabs: OwnedSlabs,
    /// What was wrong and has been mended.
    pub mended: Option<String>,
}

/// Checks and mends a polygon; says why one cannot be used.
pub fn usable(parts: &Parts) -> Result<Usable, String> {
    let mut polygons = Vec::new();
    for part in parts {
        let mut rings = Vec::new();
        for ring in part {
            rings.push(checked(ring)?);
        }
        if !rings.is_empty() {
            let outer = rings.remove(0);
            polygons.push(Polygon::new(outer, rings));
        }
    }
    if polygons.is_empty() {
        return Err("has no ring".into());
    }
    let shape = MultiPolygon::new(polygons);
    let problem = shape
        .check_validation()
        .err()
        .map(|problem| problem.to_string());
    let (shape, mended) = match problem {
        None => (shape, None),
        // The union of the parts under the even-odd rule untangles crossing and doubled rings.
        Some(problem) => (mend(shape), Some(shorten(&problem))),
    };
    let rings: Vec<Vec<Spot>> = shape
        .iter()
        .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
        .map(spots)
        .collect();
    let slabs = OwnedSlabs::new(&rings).ok_or("encloses no area")?;
    Ok(Usable { slabs, mended })
}

fn mend(shape: MultiPolygon) -> MultiPolygon {
    let mut parts = shape.into_iter();
    let empty = MultiPolygon::new(Vec::new());
    let Some(first) = parts.next() else {
        return empty;
    };
    parts.fold(
        MultiPolygon::new(vec![first]).union(&empty),
        |whole, part| whole.union(&MultiPolygon::new(vec![part])),
    )
}

/// The last part of the library's message: what is wrong, without where.
fn shorten(problem: &str) -> String {
    let what = problem.rsplit(": ").next().unwrap_or(problem);
    what.split(" at ")
        .next()
        .unwrap_or(what)
        .chars()
        .take(80)
        .collect()
}

/// A ring with finite degrees and at least three corners.
fn checked(ring: &[(f64, f64)]) -> Result<LineString, String> {
    if let Some((x, y)) = ring
        .iter()
        .find(|(x, y)| Spot::from_degrees(*y, *x).is_none())
    {
        return Err(format!(
            "has the coordinates {x}, {y}, which are no degrees; convert it to longitude and latitude (EPSG:4326)"
        ));
    }
    // Spots closer than the grid are one.
    let mut corners: Vec<Coord> = ring
        .iter()
        .map(|(x, y)| Coord {
            x: (x * 1e7).round() / 1e7,
            y: (y * 1e7).round() / 1e7,
        })
        .collect();
    corners.dedup();
    if corners.len() > 1 && corners.first() == corners.last() {
        corners.pop();
    }
    if corners.len() < 3 {
        return Err("has a ring of fewer than three corners".into());
    }
    let mut line = LineString::new(corners);
    line.close();
    Ok(line)
}

fn spots(line: &LineString) -> Vec<Spot> {
    let mut spots: Vec<Spot> = line
        .coords()
        .filter_map(|corner| Spot::from_degrees(corner.y, corner.x))
        .collect();
    spots.pop();
    spots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bow_tie_is_mended_and_keeps_both_wings() {
        let bow = vec![vec![vec![
            (0.0, 0.0),
            (1.0, 1.0),
            (1.0, 0.0),
            (0.0, 1.0),
            (0.0, 0.0),
        ]]];
        let made = usable(&bow).unwrap();
        assert!(made.mended.is_some());
        let inside = |lat, lon| {
            made.slabs
                .as_slabs()
                .contains(Spot::from_degrees(lat, lon).unwrap())
        };
        assert!(inside(0.5, 0.2) && inside(0.5, 0.8) && !inside(0.9, 0.5));
    }

    #[test]
    fn parts_that_overlap_do_not_cancel_out() {
        let square = |from: f64, to: f64| {
            vec![vec![
                (from, from),
                (to, from),
                (to, to),
                (from, to),
                (from, from),
            ]]
        };
        let made = usable(&vec![square(0.0, 2.0), square(1.0, 3.0)]).unwrap();
        assert!(
            made.slabs
                .as_slabs()
                .contains(Spot::from_degrees(1.5, 1.5).unwrap())
        );
    }

    #[test]
    fn what_cannot_be_a_polygon_is_refused_with_a_reason() {
        assert!(usable(&vec![]).is_err());
        assert!(
            usable(&vec![vec![vec![(0.0, 0.0), (1.0, 1.0)]]])
                .unwrap_err()
                .contains("three corners")
        );
        let projected = vec![vec![vec![
            (6_000_000.0, 2_100_000.0),
            (6_000_100.0, 2_100_000.0),
            (6_000_100.0, 2_100_100.0),
        ]]];
        assert!(usable(&projected).unwrap_err().contains("EPSG:4326"));
        assert!(usable(&vec![vec![vec![(f64::NAN, 0.0), (1.0, 0.0), (1.0, 1.0)]]]).is_err());
    }
}
