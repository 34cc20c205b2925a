//! Whether rings may be used as they are: none crosses itself or another, and holes are in what
//! they are holes of.
//!
//! Whole numbers, so that the answer is the same everywhere, and work that is bounded by the number
//! of corners and not by its square: polygons come from strangers. (The library's own validation
//! compares each edge with each.) What is too tangled to be checked or mended is refused.

use crate::geometry::{Bounds, Edge, Spot, cross};
use std::collections::HashSet;

/// A ring of a polygon, not closed.
#[derive(Debug)]
pub struct Ring {
    /// Its corners.
    pub corners: Vec<Spot>,
    /// It is a hole.
    pub is_hole: bool,
}

/// Most corners of one polygon: the largest city has some ten thousand.
const MOST_CORNERS: usize = 2_000_000;
/// Comparisons that one polygon may cost.
const MOST_COMPARED: usize = 200_000_000;

/// What is wrong with rings that can be mended; an error where they cannot.
pub fn problem(rings: &[Ring]) -> Result<Option<&'static str>, String> {
    let corners: usize = rings.iter().map(|ring| ring.corners.len()).sum();
    if corners > MOST_CORNERS {
        return Err(format!(
            "has {corners} corners, more than {MOST_CORNERS}; simplify it or cut it up"
        ));
    }
    let tangled =
        || format!("is too tangled to be checked ({corners} corners); mend it where it was drawn");
    let mut left = MOST_COMPARED;
    let meetings = meetings(rings, 1000 + 4 * corners, &mut left).ok_or_else(tangled)?;
    if meetings.crossings > 0 {
        return Ok(Some("rings cross themselves or each other"));
    }
    if meetings.overlaps > 0 {
        return Ok(Some("rings run along each other"));
    }
    if meetings.knots > 0 {
        return Ok(Some("a ring touches itself"));
    }
    are_nested(rings, &meetings.touched, &mut left)
        .ok_or_else(tangled)
        .map(|nested| (!nested).then_some("parts overlap, or holes lie outside"))
}

#[derive(Debug, Default)]
struct Meetings {
    /// Pairs of edges that cross.
    crossings: usize,
    /// Pairs of edges that share a stretch.
    overlaps: usize,
    /// Pairs of edges of one ring that touch, though neither follows the other.
    knots: usize,
    /// Corners at which edges touch that do not follow one another.
    touched: HashSet<Spot>,
}

struct Side {
    edge: Edge,
    ring: usize,
    at: usize,
}

impl Side {
    fn west(&self) -> i32 {
        self.edge.a.x.min(self.edge.b.x)
    }

    fn east(&self) -> i32 {
        self.edge.a.x.max(self.edge.b.x)
    }

    fn south(&self) -> i32 {
        self.edge.a.y.min(self.edge.b.y)
    }

    fn north(&self) -> i32 {
        self.edge.a.y.max(self.edge.b.y)
    }

    /// Whether one follows the other in their ring.
    fn is_next_to(&self, other: &Self, rings: &[Ring]) -> bool {
        let last = rings[self.ring].corners.len() - 1;
        let (one, two) = (self.at.min(other.at), self.at.max(other.at));
        self.ring == other.ring && (two - one <= 1 || one == 0 && two == last)
    }
}

/// Where edges meet; `None` when that is more than can be looked at.
fn meetings(rings: &[Ring], most: usize, left: &mut usize) -> Option<Meetings> {
    let mut sides: Vec<Side> = Vec::new();
    for (number, ring) in rings.iter().enumerate() {
        for (at, a) in ring.corners.iter().enumerate() {
            let b = ring.corners[(at + 1) % ring.corners.len()];
            sides.push(Side {
                edge: Edge { a: *a, b },
                ring: number,
                at,
            });
        }
    }
    // In bands of latitude, and from west to east in each: few edges are open at once.
    sides.sort_by_key(Side::west);
    let bands = Bands::new(&sides)?;
    let mut meetings = Meetings::default();
    let mut open: Vec<&Side> = Vec::new();
    for band in 0..bands.count {
        open.clear();
        for side in bands.sides_of(band, &sides) {
            *left = left.checked_sub(open.len() + 1)?;
            open.retain(|other| other.east() >= side.west());
            for other in &open {
                let from = side.south().max(other.south());
                // Two edges may share several bands: the first of them counts.
                if from <= side.north().min(other.north())
                    && bands.of(from) == band
                    && !side.is_next_to(other, rings)
                {
                    meetings.note(&side.edge, &other.edge, side.ring == other.ring);
                }
            }
            if meetings.crossings + meetings.overlaps > most {
                return None;
            }
            open.push(side);
        }
    }
    Some(meetings)
}

/// Bands of latitude with the edges in each.
struct Bands {
    bottom: i64,
    height: i64,
    count: usize,
    listed: Vec<Vec<u32>>,
}

impl Bands {
    fn new(sides: &[Side]) -> Option<Self> {
        let bottom = i64::from(sides.iter().map(Side::south).min()?);
        let height = i64::from(sides.iter().map(Side::north).max()?) - bottom + 1;
        let mut bands = Self {
            bottom,
            height,
            count: (sides.len() / 16).clamp(1, 1 << 16),
            listed: Vec::new(),
        };
        // As with slabs: high edges would stand in every band.
        while bands.count > 1 && bands.copies(sides) > 16 * sides.len() {
            bands.count = bands.count.div_ceil(2);
        }
        bands.listed = vec![Vec::new(); bands.count];
        for (number, side) in sides.iter().enumerate() {
            for band in bands.of(side.south())..=bands.of(side.north()) {
                bands.listed[band].push(number as u32);
            }
        }
        Some(bands)
    }

    fn of(&self, y: i32) -> usize {
        ((i64::from(y) - self.bottom) * self.count as i64 / self.height) as usize
    }

    fn copies(&self, sides: &[Side]) -> usize {
        sides
            .iter()
            .map(|side| self.of(side.north()) - self.of(side.south()) + 1)
            .sum()
    }

    fn sides_of<'sides>(
        &self,
        band: usize,
        sides: &'sides [Side],
    ) -> impl Iterator<Item = &'sides Side> {
        self.listed[band]
            .iter()
            .map(|number| &sides[*number as usize])
    }
}

impl Meetings {
    fn note(&mut self, one: &Edge, other: &Edge, are_of_one_ring: bool) {
        let side = |edge: &Edge, spot: Spot| cross(edge.a, edge.b, spot).signum();
        let (c, d) = (side(one, other.a), side(one, other.b));
        let (a, b) = (side(other, one.a), side(other, one.b));
        if a * b < 0 && c * d < 0 {
            self.crossings += 1;
            return;
        }
        let is_on = |edge: &Edge, spot: Spot, side: i128| {
            side == 0 && Bounds::of([edge.a, edge.b]).is_some_and(|bounds| bounds.holds(spot))
        };
        let mut met: Vec<Spot> = [
            (one, other.a, c),
            (one, other.b, d),
            (other, one.a, a),
            (other, one.b, b),
        ]
        .into_iter()
        .filter(|(edge, spot, side)| is_on(edge, *spot, *side))
        .map(|(_, spot, _)| spot)
        .collect();
        met.sort_unstable();
        met.dedup();
        if met.len() > 1 {
            self.overlaps += 1;
        }
        self.knots += usize::from(are_of_one_ring && met.len() == 1);
        self.touched.extend(met);
    }
}

/// Whether parts lie beside each other and holes within parts, given that no two edges cross:
/// around a spot of an outer ring lie as many other rings as cancel out, around one of a hole one
/// more. `None` when that is more than can be looked at.
fn are_nested(rings: &[Ring], touched: &HashSet<Spot>, left: &mut usize) -> Option<bool> {
    if rings.len() == 1 {
        return Some(true);
    }
    let boxes: Vec<Option<Bounds>> = rings
        .iter()
        .map(|ring| Bounds::of(ring.corners.iter().copied()))
        .collect();
    for (number, ring) in rings.iter().enumerate() {
        let samples = samples(ring, touched);
        // Where every corner touches another ring none can say; the mend will.
        if samples.is_empty() {
            return Some(false);
        }
        for spot in samples {
            let mut around = 0;
            for (other, bounds) in boxes.iter().enumerate() {
                *left = left.checked_sub(1)?;
                if other == number || bounds.is_none_or(|bounds| !bounds.holds(spot)) {
                    continue;
                }
                *left = left.checked_sub(rings[other].corners.len())?;
                around += usize::from(contains(&rings[other].corners, spot));
            }
            if (around % 2 == 1) != ring.is_hole {
                return Some(false);
            }
        }
    }
    Some(true)
}

/// Spots of a ring that lie on no other: a corner, and the middle of each edge at a corner that
/// touches something. Two rings may cross at corners that they share, where no edges cross.
fn samples(ring: &Ring, touched: &HashSet<Spot>) -> Vec<Spot> {
    let corners = &ring.corners;
    let mut samples: Vec<Spot> = corners
        .iter()
        .copied()
        .find(|corner| !touched.contains(corner))
        .into_iter()
        .collect();
    for (at, a) in corners.iter().enumerate() {
        let b = corners[(at + 1) % corners.len()];
        // The middle of a shorter edge is rounded to its end.
        let is_long = (i64::from(a.x) - i64::from(b.x)).abs() > 4
            || (i64::from(a.y) - i64::from(b.y)).abs() > 4;
        if is_long && (touched.contains(a) || touched.contains(&b)) {
            samples.push(Spot {
                x: i32::midpoint(a.x, b.x),
                y: i32::midpoint(a.y, b.y),
            });
        }
    }
    samples
}

fn contains(ring: &[Spot], spot: Spot) -> bool {
    let next = |at: usize| ring[(at + 1) % ring.len()];
    ring.iter()
        .enumerate()
        .filter(|(at, a)| {
            let b = next(*at);
            let (low, high) = if a.y < b.y { (**a, b) } else { (b, **a) };
            (a.y > spot.y) != (b.y > spot.y) && cross(low, high, spot) > 0
        })
        .count()
        % 2
        == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(is_hole: bool, corners: &[(i32, i32)]) -> Ring {
        Ring {
            corners: corners.iter().map(|(x, y)| Spot { x: *x, y: *y }).collect(),
            is_hole,
        }
    }

    fn square(is_hole: bool, from: i32, to: i32) -> Ring {
        ring(is_hole, &[(from, from), (to, from), (to, to), (from, to)])
    }

    #[test]
    fn rings_beside_and_within_each_other_may_stay() {
        for rings in [
            vec![square(false, 0, 9)],
            vec![square(false, 0, 9), square(false, 20, 29)],
            vec![square(false, 0, 9), square(true, 2, 5)],
            // An island in the hole; a hole that touches the border at one corner.
            vec![
                square(false, 0, 90),
                square(true, 2, 50),
                square(false, 9, 20),
            ],
            vec![
                square(false, 0, 90),
                ring(true, &[(0, 40), (9, 30), (9, 50)]),
            ],
            vec![square(false, 0, 9), square(false, 9, 20)],
        ] {
            assert_eq!(problem(&rings), Ok(None), "{rings:?}");
        }
    }

    #[test]
    fn rings_that_cross_double_or_lie_wrong_are_found() {
        for rings in [
            vec![ring(false, &[(0, 0), (9, 9), (9, 0), (0, 9)])],
            vec![square(false, 0, 9), square(false, 5, 20)],
            vec![square(false, 0, 9), square(false, 0, 9)],
            vec![square(false, 0, 90), square(false, 5, 20)],
            vec![square(false, 0, 9), square(true, 20, 29)],
            vec![
                square(false, 0, 9),
                ring(true, &[(0, 2), (3, 2), (3, 5), (0, 5)]),
            ],
            // Two that cross at corners which they share: no edges cross.
            vec![
                ring(
                    false,
                    &[(0, 0), (90, 0), (90, 30), (90, 60), (90, 90), (0, 90)],
                ),
                ring(false, &[(90, 30), (180, 0), (180, 90), (90, 60), (45, 45)]),
            ],
            vec![
                ring(
                    false,
                    &[(0, 0), (90, 0), (90, 90), (50, 90), (0, 90), (0, 50)],
                ),
                ring(false, &[(0, 50), (50, 90), (0, 180), (-90, 90)]),
            ],
        ] {
            assert!(problem(&rings).unwrap().is_some(), "{rings:?}");
        }
    }

    #[test]
    fn a_coast_of_a_hundred_thousand_corners_is_checked() {
        // A circle whose radius trembles, as coasts do.
        let count = 100_000;
        let coast: Vec<(i32, i32)> = (0..count)
            .map(|at| {
                let angle = f64::from(at) / f64::from(count) * std::f64::consts::TAU;
                let radius = 1e7 + f64::from(at * 7919 % 1000);
                ((angle.cos() * radius) as i32, (angle.sin() * radius) as i32)
            })
            .collect();
        assert_eq!(problem(&[ring(false, &coast)]), Ok(None));
    }

    #[test]
    fn a_ball_of_yarn_is_refused_soon() {
        let corner = |at: i64| {
            let spread = |factor: i64| (at * factor % 1_000_003) as i32;
            (spread(7919), spread(104_729))
        };
        let yarn: Vec<_> = (1..60_000).map(corner).collect();
        let error = problem(&[ring(false, &yarn)]).unwrap_err();
        assert!(error.contains("tangled"), "{error}");
    }
}
