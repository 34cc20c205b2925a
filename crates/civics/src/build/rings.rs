//! Polygons that people drew: checked, mended where that is possible, cut into slabs.

use super::tangle::{self, Ring};
use crate::geometry::{OwnedSlabs, Spot};
use geo::{BooleanOps, Coord, LineString, MultiPolygon, Polygon};
use std::panic::AssertUnwindSafe;

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
    let mut rings = Vec::new();
    for part in parts {
        let mut lines = Vec::new();
        for ring in part {
            let line = checked(ring)?;
            rings.push(Ring {
                corners: spots(&line),
                is_hole: !lines.is_empty(),
            });
            lines.push(line);
        }
        if !lines.is_empty() {
            let outer = lines.remove(0);
            polygons.push(Polygon::new(outer, lines));
        }
    }
    if polygons.is_empty() {
        return Err("has no ring".into());
    }
    let problem = tangle::problem(&rings)?;
    let rings: Vec<Vec<Spot>> = match problem {
        None => rings.into_iter().map(|ring| ring.corners).collect(),
        // The union of the parts under the even-odd rule untangles crossing and doubled rings.
        Some(_) => mend(polygons)?
            .iter()
            .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
            .map(spots)
            .collect(),
    };
    let slabs = OwnedSlabs::new(&rings).ok_or("encloses no area")?;
    Ok(Usable {
        slabs,
        mended: problem.map(str::to_owned),
    })
}

/// The union of polygons, each taken by itself first.
fn mend(polygons: Vec<Polygon>) -> Result<MultiPolygon, String> {
    // The library asserts what it takes for granted of its own work. A stranger's polygon that
    // proves it wrong costs that polygon, not the build: nothing of the call outlives it.
    std::panic::catch_unwind(AssertUnwindSafe(move || {
        let empty = MultiPolygon::new(Vec::new());
        let mut whole: Vec<MultiPolygon> = polygons
            .into_iter()
            .map(|polygon| MultiPolygon::new(vec![polygon]).union(&empty))
            .collect();
        // By twos: one after another costs the square of the parts.
        while whole.len() > 1 {
            whole = whole
                .chunks(2)
                .map(|pair| match pair {
                    [one, other] => one.union(other),
                    _ => pair[0].clone(),
                })
                .collect();
        }
        whole.pop().unwrap_or(empty)
    }))
    .map_err(|_| "cannot be mended: its rings confuse the program; draw it anew".into())
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
    fn a_ring_that_touches_itself_is_mended_and_keeps_both_lobes() {
        let lobes = [
            (0.0, 0.0),
            (1.0, 1.0),
            (2.0, 0.0),
            (2.0, 2.0),
            (1.0, 1.0),
            (0.0, 2.0),
        ];
        let made = usable(&vec![vec![lobes.to_vec()]]).unwrap();
        assert_eq!(made.mended.as_deref(), Some("a ring touches itself"));
        let inside = |lat, lon| {
            let spot = Spot::from_degrees(lat, lon).unwrap();
            made.slabs.as_slabs().contains(spot)
        };
        assert!(inside(1.0, 0.3) && inside(1.0, 1.7) && !inside(0.3, 1.0));
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
    fn a_thousand_parts_that_overlap_are_mended_soon() {
        let square = |at: usize| {
            let (x, y) = ((at % 40) as f64 * 0.01, (at / 40) as f64 * 0.01);
            let corner = |dx: f64, dy: f64| (x + dx * 0.015, y + dy * 0.015);
            vec![vec![
                corner(0.0, 0.0),
                corner(1.0, 0.0),
                corner(1.0, 1.0),
                corner(0.0, 1.0),
            ]]
        };
        let made = usable(&(0..1_000).map(square).collect()).unwrap();
        assert!(made.mended.is_some());
        let inside = Spot::from_degrees(0.1, 0.1).unwrap();
        assert!(made.slabs.as_slabs().contains(inside));
    }

    #[test]
    fn a_comb_of_high_teeth_takes_little_room() {
        let teeth = 20_000;
        let mut comb: Vec<(f64, f64)> = (0..teeth)
            .map(|at| (f64::from(at) * 1e-5, if at % 2 == 0 { 0.0 } else { 1.0 }))
            .collect();
        comb.extend([(f64::from(teeth) * 1e-5, -0.1), (0.0, -0.1)]);
        let made = usable(&vec![vec![comb]]).unwrap();
        assert!(made.slabs.edges.len() < 20 * teeth as usize);
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
