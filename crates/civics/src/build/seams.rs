//! Where the districts of a map overlap, leave a gap, or reach beyond their city.
//!
//! Measured on level lines across the map: on each, the stretches inside each polygon are known from the edges that the line meets. The
//! area is the length of the stretches times the distance of the lines; a thousand lines tell a share of a hundredth of a per cent.

use super::polygons::{Polygons, Shape};
use crate::geometry::{Bounds, Spot};

/// Level lines across a map.
const LINES: i64 = 1_000;

/// Areas in square metres.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Seams {
    /// Of the city, or of all districts where the city's polygon is not known.
    pub whole: f64,
    /// In two districts or more.
    pub overlap: f64,
    /// In the city and in no district.
    pub gap: f64,
    /// In a district and outside the city.
    pub beyond: f64,
}

/// Measures the districts of a map against each other and against their city.
pub fn measure(polygons: &Polygons, map: u32) -> Seams {
    let city = polygons.area_of(polygons.map_at(map).place);
    let districts: Vec<&Shape> = polygons
        .all()
        .iter()
        .filter(|shape| shape.map == Some(map))
        .collect();
    let boxes = districts
        .iter()
        .chain(&city)
        .map(|shape| shape.slabs.bounds);
    let Some(bounds) = Bounds::of(boxes.flat_map(|bounds| [bounds.min, bounds.max])) else {
        return Seams::default();
    };
    let (bottom, top) = (i64::from(bounds.min.y), i64::from(bounds.max.y));
    let mut seams = Seams::default();
    for line in 0..LINES {
        let y = (bottom + (top - bottom) * (2 * line + 1) / (2 * LINES)) as i32;
        let mut turns: Vec<(i32, bool, i32)> = Vec::new();
        for (is_city, shape) in districts
            .iter()
            .map(|shape| (false, *shape))
            .chain(city.map(|shape| (true, shape)))
        {
            let crossings = shape.slabs.as_slabs().crossings(y);
            for pair in crossings.chunks_exact(2) {
                turns.push((pair[0], is_city, 1));
                turns.push((pair[1], is_city, -1));
            }
        }
        turns.sort_unstable();
        let metres = Spot { x: 0, y }.moved(1_000.0, 0.0).x;
        let (mut in_city, mut in_districts, mut last) = (0, 0, i32::MIN);
        for (x, is_city, turn) in turns {
            let length = (f64::from(x) - f64::from(last)) / f64::from(metres) * 1_000.0;
            let add = |total: &mut f64, holds: bool| *total += if holds { length } else { 0.0 };
            let is_inside = if city.is_some() {
                in_city > 0
            } else {
                in_districts > 0
            };
            add(&mut seams.whole, is_inside);
            add(&mut seams.overlap, in_districts > 1);
            add(
                &mut seams.gap,
                city.is_some() && in_city > 0 && in_districts == 0,
            );
            add(
                &mut seams.beyond,
                city.is_some() && in_city == 0 && in_districts > 0,
            );
            if is_city {
                in_city += turn;
            } else {
                in_districts += turn;
            }
            last = x;
        }
    }
    let (_, height) = bounds.max.metres_from(bounds.min);
    let step = height / LINES as f64;
    Seams {
        whole: seams.whole * step,
        overlap: seams.overlap * step,
        gap: seams.gap * step,
        beyond: seams.beyond * step,
    }
}

impl Seams {
    /// What is to be told of a map: each with its share of the whole.
    pub fn told(&self) -> Vec<(&'static str, String)> {
        let all = [
            ("districts that overlap each other", self.overlap),
            ("parts of the city that no district covers", self.gap),
            ("districts that reach beyond the city", self.beyond),
        ];
        all.into_iter()
            .filter(|(_, area)| *area > self.whole * 1e-5 && *area > 100.0)
            .map(|(what, area)| {
                let share = area / self.whole * 100.0;
                (what, format!("{share:.3} %, {:.3} km2", area / 1e6))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::polygons::Map;
    use super::*;
    use crate::geometry::OwnedSlabs;
    use redress_model::period::Period;

    /// A rectangle of a hundredth of a degree's parts.
    fn rectangle(from: (i32, i32), to: (i32, i32)) -> OwnedSlabs {
        let corner = |x: i32, y: i32| Spot {
            x: x * 1_000,
            y: y * 1_000,
        };
        let ring = vec![
            corner(from.0, from.1),
            corner(to.0, from.1),
            corner(to.0, to.1),
            corner(from.0, to.1),
        ];
        OwnedSlabs::new(&[ring]).unwrap()
    }

    fn seams(city: Option<OwnedSlabs>, districts: Vec<OwnedSlabs>) -> Seams {
        let mut polygons = Polygons::default();
        if let Some(city) = city {
            polygons.add_area(7, city);
        }
        let map = polygons.map(Map {
            place: 7,
            period: Period::default(),
            source: 0,
        });
        for (number, district) in districts.into_iter().enumerate() {
            polygons.add_district(100 + number as u32, map, district);
        }
        polygons.index();
        measure(&polygons, map)
    }

    #[test]
    fn overlap_gap_and_reach_are_told_apart() {
        let whole = seams(
            Some(rectangle((0, 0), (100, 100))),
            vec![
                rectangle((0, 0), (60, 100)),
                rectangle((50, 0), (90, 100)),
                rectangle((100, 0), (110, 50)),
            ],
        );
        let share = |area: f64| (area / whole.whole * 1000.0).round() / 10.0;
        assert_eq!(
            (share(whole.overlap), share(whole.gap), share(whole.beyond)),
            (10.0, 10.0, 5.0)
        );
        assert_eq!(whole.told().len(), 3);
    }

    #[test]
    fn districts_that_tile_their_city_have_no_seams() {
        let halves = || vec![rectangle((0, 0), (50, 100)), rectangle((50, 0), (100, 100))];
        assert_eq!(
            seams(Some(rectangle((0, 0), (100, 100))), halves()).told(),
            []
        );
        let without_city = seams(None, halves());
        assert!(without_city.whole > 0.0 && without_city.told().is_empty());
    }
}
