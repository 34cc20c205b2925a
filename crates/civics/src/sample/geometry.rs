//! Points, and the few measurements that the sample needs.
//!
//! A point is kept in whole microdegrees, which is what the Census publishes: a line, the faces beside it and a border along it then
//! share their vertices exactly, and no rounding at the end can open a gap. Measurements are made in metres on a plane that is true to
//! a county's latitude.

/// How far a house stands from the middle of its street, in metres.
pub(crate) const SETBACK: f64 = 10.0;

const METRES_NORTH: f64 = 111_320.0;

/// A position in millionths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Point {
    pub(crate) lon: i32,
    pub(crate) lat: i32,
}

impl Point {
    pub(crate) fn degrees(self) -> (f64, f64) {
        (f64::from(self.lon) / 1e6, f64::from(self.lat) / 1e6)
    }
}

/// Metres east and north of a county's corner.
pub(crate) type Metres = (f64, f64);

/// The plane of one county: its south-west corner and the length of a degree there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    lon: f64,
    lat: f64,
    metres_east: f64,
}

impl Frame {
    pub(crate) fn new(lon: f64, lat: f64, middle: f64) -> Self {
        Self {
            lon,
            lat,
            metres_east: METRES_NORTH * middle.to_radians().cos(),
        }
    }

    pub(crate) fn point(&self, (east, north): Metres) -> Point {
        let lon = self.lon + east / self.metres_east;
        let lat = self.lat + north / METRES_NORTH;
        Point {
            lon: (lon * 1e6).round() as i32,
            lat: (lat * 1e6).round() as i32,
        }
    }

    pub(crate) fn metres(&self, point: Point) -> Metres {
        let (lon, lat) = point.degrees();
        (
            (lon - self.lon) * self.metres_east,
            (lat - self.lat) * METRES_NORTH,
        )
    }
}

pub(crate) fn distance(a: Metres, b: Metres) -> f64 {
    (b.0 - a.0).hypot(b.1 - a.1)
}

fn between(a: Metres, b: Metres, share: f64) -> Metres {
    (a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share)
}

/// The segment at a share of a line's length, and the point there.
fn along(line: &[Metres], share: f64) -> (Metres, Metres, Metres) {
    let length: f64 = line.windows(2).map(|pair| distance(pair[0], pair[1])).sum();
    let mut left = length * share.clamp(0.0, 1.0);
    let last = line.len() - 2;
    for (index, pair) in line.windows(2).enumerate() {
        let step = distance(pair[0], pair[1]);
        if left <= step || index == last {
            return (
                pair[0],
                pair[1],
                between(pair[0], pair[1], (left / step).min(1.0)),
            );
        }
        left -= step;
    }
    (line[0], line[0], line[0])
}

/// The point at a share of a line's length.
pub(crate) fn point_along(line: &[Metres], share: f64) -> Metres {
    along(line, share).2
}

/// Where the house stands whose number lies at `share` of the range: on the line, then [`SETBACK`] to the left or right of it.
pub(crate) fn house(line: &[Metres], share: f64, left: bool) -> Metres {
    let (start, end, at) = along(line, share);
    let length = distance(start, end);
    let normal = ((start.1 - end.1) / length, (end.0 - start.0) / length);
    let side = if left { SETBACK } else { -SETBACK };
    (at.0 + normal.0 * side, at.1 + normal.1 * side)
}

/// Whether a closed ring holds a point (even-odd rule).
pub(crate) fn holds(ring: &[Metres], at: Metres) -> bool {
    let mut inside = false;
    for pair in ring.windows(2) {
        let ((x1, y1), (x2, y2)) = (pair[0], pair[1]);
        if (y1 > at.1) != (y2 > at.1) && at.0 < (x2 - x1) * (at.1 - y1) / (y2 - y1) + x1 {
            inside = !inside;
        }
    }
    inside
}

/// The distance from a point to the nearest edge of a ring.
pub(crate) fn clearance(ring: &[Metres], at: Metres) -> f64 {
    ring.windows(2)
        .map(|pair| to_segment(pair[0], pair[1], at))
        .fold(f64::INFINITY, f64::min)
}

fn to_segment(a: Metres, b: Metres, at: Metres) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let square = dx * dx + dy * dy;
    if square == 0.0 {
        return distance(a, at);
    }
    let share = ((at.0 - a.0) * dx + (at.1 - a.1) * dy) / square;
    distance(between(a, b, share.clamp(0.0, 1.0)), at)
}

/// A ring's area in square metres, whatever its direction.
pub(crate) fn area(ring: &[Metres]) -> f64 {
    let twice: f64 = ring
        .windows(2)
        .map(|pair| pair[0].0 * pair[1].1 - pair[1].0 * pair[0].1)
        .sum();
    (twice / 2.0).abs()
}
