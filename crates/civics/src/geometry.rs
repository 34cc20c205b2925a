//! Plane geometry on the small patch that a city is.
//!
//! Coordinates are whole numbers of 1e-7 degree (about a centimetre), so that containment is
//! exact: two machines never disagree about a border. Distances are metres on a local plane.

use bytemuck::{Pod, Zeroable};

/// A position: longitude and latitude in 1e-7 degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Pod, Zeroable)]
#[repr(C)]
pub struct Spot {
    /// Longitude, east positive.
    pub x: i32,
    /// Latitude, north positive.
    pub y: i32,
}

/// Units in a degree.
pub const UNITS: f64 = 1e7;
/// Metres in a degree of latitude.
const METRES: f64 = 111_320.0;

impl Spot {
    /// From degrees; `None` outside the globe.
    pub fn from_degrees(lat: f64, lon: f64) -> Option<Self> {
        let is_on_globe = lat.is_finite()
            && lon.is_finite()
            && (-90.0..=90.0).contains(&lat)
            && (-180.0..=180.0).contains(&lon);
        is_on_globe.then(|| Self {
            x: (lon * UNITS).round() as i32,
            y: (lat * UNITS).round() as i32,
        })
    }

    /// Latitude in degrees.
    pub fn lat(self) -> f64 {
        f64::from(self.y) / UNITS
    }

    /// Longitude in degrees.
    pub fn lon(self) -> f64 {
        f64::from(self.x) / UNITS
    }

    /// Metres east and north of another spot.
    pub fn metres_from(self, origin: Self) -> (f64, f64) {
        let scale = METRES / UNITS;
        let shrink = origin.lat().to_radians().cos();
        (
            (f64::from(self.x) - f64::from(origin.x)) * scale * shrink,
            (f64::from(self.y) - f64::from(origin.y)) * scale,
        )
    }

    /// The spot so many metres east and north of this one.
    #[must_use]
    pub fn moved(self, east: f64, north: f64) -> Self {
        let scale = METRES / UNITS;
        let shrink = self.lat().to_radians().cos().max(0.01);
        Self {
            x: (f64::from(self.x) + east / scale / shrink).round() as i32,
            y: (f64::from(self.y) + north / scale).round() as i32,
        }
    }

    /// Distance in metres.
    pub fn distance(self, other: Self) -> f64 {
        let (east, north) = self.metres_from(other);
        (east * east + north * north).sqrt()
    }
}

/// An edge of a ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Edge {
    /// One end.
    pub a: Spot,
    /// The other.
    pub b: Spot,
}

/// A box around a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Bounds {
    /// South-west corner.
    pub min: Spot,
    /// North-east corner.
    pub max: Spot,
}

impl Bounds {
    /// The box of some spots; `None` for none.
    pub fn of(spots: impl IntoIterator<Item = Spot>) -> Option<Self> {
        spots.into_iter().fold(None, |bounds, spot| {
            let Bounds { min, max } = bounds.unwrap_or(Self {
                min: spot,
                max: spot,
            });
            Some(Self {
                min: Spot {
                    x: min.x.min(spot.x),
                    y: min.y.min(spot.y),
                },
                max: Spot {
                    x: max.x.max(spot.x),
                    y: max.y.max(spot.y),
                },
            })
        })
    }

    /// Widens the box to hold a spot.
    pub fn take(&mut self, spot: Spot) {
        self.min = Spot {
            x: self.min.x.min(spot.x),
            y: self.min.y.min(spot.y),
        };
        self.max = Spot {
            x: self.max.x.max(spot.x),
            y: self.max.y.max(spot.y),
        };
    }

    /// Whether a spot is inside or on the box.
    pub fn holds(&self, spot: Spot) -> bool {
        (self.min.x..=self.max.x).contains(&spot.x) && (self.min.y..=self.max.y).contains(&spot.y)
    }
}

/// A polygon cut into slabs of latitude, so that a test looks at the few edges near it.
///
/// `starts` has one entry more than there are slabs; slab `i` holds the edges
/// `starts[i]..starts[i + 1]`. An edge that crosses several slabs stands in each.
#[derive(Debug, Clone, Copy)]
pub struct Slabs<'pack> {
    /// The polygon's box.
    pub bounds: Bounds,
    /// Where each slab's edges begin, counted from the first edge of `edges`.
    pub starts: &'pack [u32],
    /// All edges.
    pub edges: &'pack [Edge],
}

impl<'pack> Slabs<'pack> {
    fn slab_of(&self, y: i32) -> usize {
        let count = self.starts.len().saturating_sub(1).max(1) as i64;
        let (bottom, top) = (i64::from(self.bounds.min.y), i64::from(self.bounds.max.y));
        let height = (top - bottom).max(1);
        ((i64::from(y) - bottom) * count / (height + 1)).clamp(0, count - 1) as usize
    }

    fn slab(&self, at: usize) -> &'pack [Edge] {
        let (Some(from), Some(to)) = (self.starts.get(at), self.starts.get(at + 1)) else {
            return &[];
        };
        self.edges.get(*from as usize..*to as usize).unwrap_or(&[])
    }

    /// Whether the spot is inside, by the even-odd rule; of two polygons that share a border a
    /// spot is in exactly one.
    pub fn contains(&self, spot: Spot) -> bool {
        if !self.bounds.holds(spot) {
            return false;
        }
        let mut is_inside = false;
        for Edge { a, b } in self.slab(self.slab_of(spot.y)) {
            if (a.y > spot.y) != (b.y > spot.y) {
                let (low, high) = if a.y < b.y { (a, b) } else { (b, a) };
                let turn = cross(*low, *high, spot);
                // Left of the rising edge: a ray to the east meets it.
                if turn > 0 {
                    is_inside = !is_inside;
                }
            }
        }
        is_inside
    }

    /// Where a level line meets the border, from west to east: inside between the first and the
    /// second, the third and the fourth.
    pub fn crossings(&self, y: i32) -> Vec<i32> {
        let mut crossings = Vec::new();
        if !(self.bounds.min.y..=self.bounds.max.y).contains(&y) {
            return crossings;
        }
        for Edge { a, b } in self.slab(self.slab_of(y)) {
            if (a.y > y) != (b.y > y) {
                let share = (f64::from(y) - f64::from(a.y)) / (f64::from(b.y) - f64::from(a.y));
                crossings.push((f64::from(a.x) + share * (f64::from(b.x) - f64::from(a.x))) as i32);
            }
        }
        crossings.sort_unstable();
        crossings
    }

    /// Whether the border comes within `limit` metres of the spot, and if so how near.
    pub fn border_within(&self, spot: Spot, limit: f64) -> Option<f64> {
        let (low, high) = (spot.moved(-limit, -limit), spot.moved(limit, limit));
        if high.x < self.bounds.min.x
            || low.x > self.bounds.max.x
            || high.y < self.bounds.min.y
            || low.y > self.bounds.max.y
        {
            return None;
        }
        let mut nearest = f64::INFINITY;
        for at in self.slab_of(low.y)..=self.slab_of(high.y) {
            for edge in self.slab(at) {
                nearest = nearest.min(distance_to_segment(spot, edge.a, edge.b));
            }
        }
        (nearest <= limit).then_some(nearest)
    }

    /// Whether a line crosses or touches the border.
    pub fn is_crossed_by(&self, line: &[Spot]) -> bool {
        line.windows(2).any(|step| {
            let Some(Bounds { min, max }) = Bounds::of([step[0], step[1]]) else {
                return false;
            };
            if max.x < self.bounds.min.x
                || min.x > self.bounds.max.x
                || max.y < self.bounds.min.y
                || min.y > self.bounds.max.y
            {
                return false;
            }
            (self.slab_of(min.y)..=self.slab_of(max.y)).any(|at| {
                self.slab(at)
                    .iter()
                    .any(|edge| do_meet(step[0], step[1], edge.a, edge.b))
            })
        })
    }
}

/// Twice the signed area of a triangle: positive when `c` lies left of the way from `a` to `b`.
pub(crate) fn cross(a: Spot, b: Spot, c: Spot) -> i128 {
    let wide = |value: i32| i128::from(value);
    (wide(b.x) - wide(a.x)) * (wide(c.y) - wide(a.y))
        - (wide(b.y) - wide(a.y)) * (wide(c.x) - wide(a.x))
}

fn do_meet(a: Spot, b: Spot, c: Spot, d: Spot) -> bool {
    let (abc, abd) = (cross(a, b, c).signum(), cross(a, b, d).signum());
    let (cda, cdb) = (cross(c, d, a).signum(), cross(c, d, b).signum());
    if abc * abd < 0 && cda * cdb < 0 {
        return true;
    }
    let is_on =
        |p: Spot, q: Spot, spot: Spot| Bounds::of([p, q]).is_some_and(|bounds| bounds.holds(spot));
    (abc == 0 && is_on(a, b, c))
        || (abd == 0 && is_on(a, b, d))
        || (cda == 0 && is_on(c, d, a))
        || (cdb == 0 && is_on(c, d, b))
}

fn distance_to_segment(spot: Spot, a: Spot, b: Spot) -> f64 {
    let ((ax, ay), (bx, by)) = (a.metres_from(spot), b.metres_from(spot));
    let (dx, dy) = (bx - ax, by - ay);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 {
        (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let (x, y) = (ax + along * dx, ay + along * dy);
    (x * x + y * y).sqrt()
}

/// Most places, on average, in which an edge stands.
const MOST_COPIES: usize = 16;

/// How many edges all slabs hold together.
fn copies(bounds: Bounds, starts: &[u32], edges: &[Edge]) -> usize {
    let frame = Slabs {
        bounds,
        starts,
        edges: &[],
    };
    edges
        .iter()
        .map(|Edge { a, b }| frame.slab_of(a.y.max(b.y)) - frame.slab_of(a.y.min(b.y)) + 1)
        .sum()
}

/// A polygon's slabs, owned: what the builder makes and the pack stores.
#[derive(Debug, Clone)]
pub struct OwnedSlabs {
    /// The polygon's box.
    pub bounds: Bounds,
    /// See [`Slabs::starts`].
    pub starts: Vec<u32>,
    /// See [`Slabs::edges`].
    pub edges: Vec<Edge>,
}

impl OwnedSlabs {
    /// Cuts rings (closed or not) into slabs; `None` when there is no area.
    pub fn new(rings: &[Vec<Spot>]) -> Option<Self> {
        let bounds = Bounds::of(rings.iter().flatten().copied())?;
        let mut edges = Vec::new();
        for ring in rings {
            for (at, a) in ring.iter().enumerate() {
                let b = ring[(at + 1) % ring.len()];
                if *a != b {
                    edges.push(Edge { a: *a, b });
                }
            }
        }
        if edges.len() < 3 {
            return None;
        }
        let mut count = (edges.len() / 8).clamp(1, 4096);
        let mut starts = vec![0; count + 1];
        // An edge stands in every slab that it crosses: of a comb whose teeth are as high as the
        // polygon, thousands of slabs would hold thousands of copies.
        while count > 1 && copies(bounds, &starts, &edges) > MOST_COPIES * edges.len() {
            count = count.div_ceil(2);
            starts.truncate(count + 1);
        }
        let frame = Slabs {
            bounds,
            starts: &starts,
            edges: &[],
        };
        let mut slabs: Vec<Vec<Edge>> = vec![Vec::new(); count];
        for edge in edges {
            let (low, high) = (edge.a.y.min(edge.b.y), edge.a.y.max(edge.b.y));
            for slab in &mut slabs[frame.slab_of(low)..=frame.slab_of(high)] {
                slab.push(edge);
            }
        }
        let mut owned = Self {
            bounds,
            starts: vec![0],
            edges: Vec::new(),
        };
        for slab in slabs {
            owned.edges.extend(slab);
            owned.starts.push(owned.edges.len() as u32);
        }
        Some(owned)
    }

    /// The slabs, borrowed.
    pub fn as_slabs(&self) -> Slabs<'_> {
        Slabs {
            bounds: self.bounds,
            starts: &self.starts,
            edges: &self.edges,
        }
    }
}

/// Which side of a line, walking from its first spot to its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Hand {
    /// To the left.
    Left,
    /// To the right.
    Right,
}

/// Length of a line in metres.
pub fn length(line: &[Spot]) -> f64 {
    line.windows(2).map(|step| step[1].distance(step[0])).sum()
}

/// The spot at a share (0 to 1) of a line's length, moved `offset` metres to one side.
pub fn along(line: &[Spot], share: f64, hand: Hand, offset: f64) -> Option<Spot> {
    let total = length(line);
    let mut left = total * share.clamp(0.0, 1.0);
    let last = line.len().checked_sub(2)?;
    for (at, step) in line.windows(2).enumerate() {
        let size = step[1].distance(step[0]);
        if (left <= size && size > 0.0) || at == last {
            return Some(beside(step[0], step[1], left, hand, offset));
        }
        left -= size;
    }
    None
}

/// The spot some metres along a step, moved to one side.
fn beside(from: Spot, to: Spot, along: f64, hand: Hand, offset: f64) -> Spot {
    let size = to.distance(from);
    let (east, north) = to.metres_from(from);
    let (east, north) = if size > 0.0 {
        (east / size, north / size)
    } else {
        (0.0, 0.0)
    };
    let along = along.min(size);
    let turned = match hand {
        Hand::Left => (-north, east),
        Hand::Right => (north, -east),
    };
    from.moved(
        east * along + turned.0 * offset,
        north * along + turned.1 * offset,
    )
}

/// The line on which the houses of one side stand: moved `offset` metres, its ends cut by `trim`
/// metres (at most a fifth of the length each), so that a border along the cross street does not
/// count as crossing the block.
pub fn house_line(line: &[Spot], hand: Hand, offset: f64, trim: f64) -> Vec<Spot> {
    let total = length(line);
    if total <= 0.0 {
        return line.first().copied().into_iter().collect();
    }
    let cut = (trim / total).min(0.2);
    let mut shares = vec![cut];
    let mut walked = 0.0;
    // Where each step ends, so that a line of thousands of corners is not walked for each of them.
    let mut ends = Vec::with_capacity(line.len());
    for step in line.windows(2) {
        let size = step[1].distance(step[0]);
        // Just before and after a corner: the moved line turns there.
        for share in [(walked + 0.05) / total, (walked + size - 0.05) / total] {
            if share > cut && share < 1.0 - cut {
                shares.push(share);
            }
        }
        walked += size;
        ends.push(walked);
    }
    shares.push(1.0 - cut);
    shares
        .into_iter()
        .map(|share| {
            let left = total * share.clamp(0.0, 1.0);
            let step = ends
                .partition_point(|end| *end < left)
                .min(ends.len().saturating_sub(1));
            let begin = step.checked_sub(1).map_or(0.0, |before| ends[before]);
            beside(line[step], line[step + 1], left - begin, hand, offset)
        })
        .collect()
}

#[cfg(test)]
mod tests;
