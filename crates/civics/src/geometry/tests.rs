//! Containment against an oracle, and the walk along a line.

use super::*;
use geo::{Contains, Coord, LineString, Polygon};
use proptest::prelude::*;

fn spot(x: i32, y: i32) -> Spot {
    Spot {
        x: x * 1000,
        y: y * 1000 + 400_000_000,
    }
}

fn square(from: i32, to: i32) -> OwnedSlabs {
    OwnedSlabs::new(&[vec![
        spot(from, from),
        spot(to, from),
        spot(to, to),
        spot(from, to),
    ]])
    .unwrap()
}

#[test]
fn a_spot_on_a_shared_border_is_in_exactly_one_polygon() {
    let west =
        OwnedSlabs::new(&[vec![spot(0, 0), spot(10, 0), spot(10, 10), spot(0, 10)]]).unwrap();
    let east =
        OwnedSlabs::new(&[vec![spot(10, 0), spot(20, 0), spot(20, 10), spot(10, 10)]]).unwrap();
    for y in 0..10 {
        let on_border = spot(10, y);
        assert_ne!(
            west.as_slabs().contains(on_border),
            east.as_slabs().contains(on_border)
        );
    }
}

#[test]
fn a_hole_is_outside() {
    let rings = [
        vec![spot(0, 0), spot(30, 0), spot(30, 30), spot(0, 30)],
        vec![spot(10, 10), spot(20, 10), spot(20, 20), spot(10, 20)],
    ];
    let ring = OwnedSlabs::new(&rings).unwrap();
    assert!(ring.as_slabs().contains(spot(5, 5)));
    assert!(!ring.as_slabs().contains(spot(15, 15)));
}

#[test]
fn houses_stand_on_their_side_of_the_line() {
    let line = [spot(0, 0), spot(100, 0)];
    let left = along(&line, 0.5, Hand::Left, 10.0).unwrap();
    let right = along(&line, 0.5, Hand::Right, 10.0).unwrap();
    assert!(left.y > line[0].y && right.y < line[0].y);
    assert!((left.distance(right) - 20.0).abs() < 0.1);
}

#[test]
fn a_border_along_the_cross_street_does_not_cross_the_block() {
    let far = square(100, 900);
    let line = [spot(0, 500), spot(100, 500)];
    assert!(far.as_slabs().is_crossed_by(&line));
    assert!(
        !far.as_slabs()
            .is_crossed_by(&house_line(&line, Hand::Left, 10.0, 15.0))
    );
}

proptest! {
    #[test]
    fn containment_agrees_with_an_exact_oracle(ring in prop::collection::vec((0_i32..60, 0_i32..60), 3..24), x in 0_i32..6000, y in 0_i32..6000) {
        // A star around the middle is always simple.
        let mut ring: Vec<(f64, f64)> = ring.iter().map(|(a, r)| (f64::from(*a) * 0.105, 5.0 + f64::from(*r) * 0.4)).collect();
        ring.sort_by(|one, other| one.0.total_cmp(&other.0));
        ring.dedup_by(|one, other| (one.0 - other.0).abs() < 0.01);
        prop_assume!(ring.len() >= 3);
        let spots: Vec<Spot> = ring.iter().map(|(a, r)| Spot { x: ((30.0 + r * a.cos()) * 100.0) as i32, y: ((30.0 + r * a.sin()) * 100.0) as i32 }).collect();
        let Some(slabs) = OwnedSlabs::new(std::slice::from_ref(&spots)) else { return Ok(()) };
        let ring: LineString = spots.iter().map(|spot| Coord { x: f64::from(spot.x), y: f64::from(spot.y) }).collect();
        let polygon = Polygon::new(ring, vec![]);
        let at = Spot { x, y };
        let is_on_border = slabs.edges.iter().any(|edge| cross(edge.a, edge.b, at) == 0);
        prop_assume!(!is_on_border);
        prop_assert_eq!(slabs.as_slabs().contains(at), polygon.contains(&Coord { x: f64::from(x), y: f64::from(y) }));
    }
}
