//! The truth, held against the map that was published: street, number, face, place, district.

use std::collections::{BTreeMap, HashMap};

use geo::{Contains, Coord, Intersects, Line, LineString, Point, Polygon};
use shapefile::Shape;

use super::reading::{Row, Sample, sample};
use crate::sample::usps;

/// One published side of a street.
struct Side {
    line: Vec<Coord>,
    left: bool,
    face: String,
    from: String,
    to: String,
    parity: String,
}

/// A number's counted part, and what stands before it.
fn parts(number: &str) -> (&str, u32) {
    let digits = number.len() - number.bytes().rev().take_while(u8::is_ascii_digit).count();
    (&number[..digits], number[digits..].parse().unwrap())
}

impl Side {
    /// How far along the line the number lies, if the side has it.
    fn share(&self, number: &str) -> Option<f64> {
        let ((prefix, number), (from_prefix, from), (to_prefix, to)) =
            (parts(number), parts(&self.from), parts(&self.to));
        let fits = match self.parity.as_str() {
            "O" => number % 2 == 1,
            "E" => number % 2 == 0,
            _ => true,
        };
        let inside = (from.min(to)..=from.max(to)).contains(&number);
        (fits && inside && prefix == from_prefix && prefix == to_prefix)
            .then(|| (f64::from(number) - f64::from(from)) / (f64::from(to) - f64::from(from)))
    }

    /// The house: interpolated by length in metres, ten metres to the side.
    fn house(&self, share: f64) -> Point {
        let (north, east) = (111_320.0, 111_320.0 * self.line[0].y.to_radians().cos());
        let length = |line: &Line| (line.dx() * east).hypot(line.dy() * north);
        let lines: Vec<Line> = LineString(self.line.clone()).lines().collect();
        let mut left = share * lines.iter().map(length).sum::<f64>();
        let mut at = lines.iter().peekable();
        loop {
            let line = at.next().unwrap();
            let long = length(line);
            if left > long && at.peek().is_some() {
                left -= long;
                continue;
            }
            let (dx, dy) = (line.dx() * east / long, line.dy() * north / long);
            let side = if self.left { 10.0 } else { -10.0 };
            let x = line.start.x + (dx * left - dy * side) / east;
            let y = line.start.y + (dy * left + dx * side) / north;
            return Point::new(x, y);
        }
    }
}

/// Every side by street in USPS spelling and ZIP code.
fn sides(sample: &Sample, county: &str) -> HashMap<(String, String), Vec<Side>> {
    let mut sides: HashMap<_, Vec<Side>> = HashMap::new();
    for (shape, row) in sample.layer(&format!("tl_2026_{county}_addrfeat")) {
        let Shape::Polyline(line) = shape else {
            panic!("an edge is a line")
        };
        let line: Vec<Coord> = line.parts()[0]
            .iter()
            .map(|at| Coord { x: at.x, y: at.y })
            .collect();
        for (letter, left) in [("L", true), ("R", false)] {
            let get =
                |before: &str, after: &str| row.get(&format!("{before}{letter}{after}")).to_owned();
            let from = row.get(&format!("{letter}FROMHN")).to_owned();
            if from.is_empty() {
                assert!(
                    get("ZIP", "").is_empty()
                        && get("PARITY", "").is_empty()
                        && get("ARID", "").is_empty()
                );
                continue;
            }
            let to = row.get(&format!("{letter}TOHN")).to_owned();
            let (face, parity) = (get("TFID", ""), get("PARITY", ""));
            let key = (usps::street(row.get("FULLNAME")), get("ZIP", ""));
            sides.entry(key).or_default().push(Side {
                line: line.clone(),
                left,
                face,
                from,
                to,
                parity,
            });
        }
    }
    sides
}

fn faces(sample: &Sample, county: &str) -> HashMap<String, (Polygon, Row)> {
    let polygon = |shape| {
        let Shape::Polygon(polygon) = shape else {
            panic!("a face is a polygon")
        };
        let ring = |ring: &shapefile::PolygonRing<shapefile::Point>| {
            LineString(
                ring.points()
                    .iter()
                    .map(|at| Coord { x: at.x, y: at.y })
                    .collect(),
            )
        };
        let mut rings = polygon.rings().iter().map(ring);
        Polygon::new(rings.next().unwrap(), rings.collect())
    };
    let layer = sample.layer(&format!("tl_2026_{county}_faces"));
    layer
        .into_iter()
        .map(|(shape, row)| (row.get("TFID").to_owned(), (polygon(shape), row)))
        .collect()
}

/// The GEOID that governs a face: its consolidated city unless an active place is in it, its active place otherwise.
fn government(sample: &Sample) -> impl Fn(&Row) -> String {
    let status: BTreeMap<String, String> = sample
        .layer("tl_2026_99_place")
        .into_iter()
        .map(|(_, row)| {
            (
                row.get("PLACEFP").to_owned(),
                row.get("FUNCSTAT").to_owned(),
            )
        })
        .collect();
    move |face| match status.get(face.get("PLACEFP")).map(String::as_str) {
        Some("A") => format!("99{}", face.get("PLACEFP")),
        Some("F") => format!("99{}", face.get("CONCTYFP")),
        _ => String::new(),
    }
}

/// `123 MAIN ST, CITY, ZZ 12345` taken apart: number, street, ZIP code.
fn taken_apart(address: &str) -> (String, String, String) {
    let (line, rest) = address.split_once(", ").unwrap();
    let (number, street) = line.split_once(' ').unwrap();
    let street = [" APT ", " # ", " STE ", " UNIT "]
        .iter()
        .fold(street, |street, unit| street.split(unit).next().unwrap());
    (
        number.to_owned(),
        street.to_owned(),
        rest.rsplit_once(' ').unwrap().1.to_owned(),
    )
}

/// The kinds that are spelled otherwise than the map on purpose.
const SPELLED_OTHERWISE: [&str; 2] = ["lower_case", "ordinal_words"];

#[test]
fn every_truth_agrees_with_the_published_map() {
    for seed in [11, 12] {
        let sample = sample(seed, 2);
        let governs = government(&sample);
        for county in ["99001", "99003"] {
            let (sides, faces) = (sides(&sample, county), faces(&sample, county));
            let rows = sample.rows("truth.csv");
            let rows = rows.iter().filter(|row| row["id"].starts_with(county));
            for row in rows.filter(|row| !SPELLED_OTHERWISE.contains(&row["kind"].as_str())) {
                let (number, mut street, zip) = taken_apart(&row["address"]);
                if row["kind"] == "saint" {
                    street = usps::other_saint(&street).unwrap();
                }
                let has = |side: &&Side| side.share(&number).is_some();
                let matching: Vec<_> = sides[&(street, zip)].iter().filter(has).collect();
                assert_eq!(matching.len(), 1, "{row:?}");
                let (side, share) = (matching[0], matching[0].share(&number).unwrap());
                let (polygon, face) = &faces[&side.face];
                assert_eq!(governs(face), row["place_geoid"], "{row:?}");
                let house = side.house(share);
                // On the very corner a bend of the cross street may take the point into the next block; never further.
                assert!(
                    share.min(1.0 - share) < 0.1 || polygon.contains(&house),
                    "{row:?}"
                );
                let districts = sample.districts(&row["place_geoid"]);
                let holding: Vec<_> = districts
                    .iter()
                    .filter(|(_, one)| one.contains(&house))
                    .map(|(label, _)| label)
                    .collect();
                match holding[..] {
                    [] => assert!(
                        row["district"].is_empty() && districts.is_empty(),
                        "{row:?}"
                    ),
                    [label] => assert_eq!(*label, row["district"], "{row:?}"),
                    _ => panic!("two districts for {row:?}"),
                }
            }
        }
    }
}

#[test]
fn every_face_beside_a_street_is_published() {
    let sample = sample(13, 1);
    let faces = faces(&sample, "99001");
    for side in sides(&sample, "99001").values().flatten() {
        assert!(faces.contains_key(&side.face), "{}", side.face);
    }
}

#[test]
fn the_faces_of_a_county_do_not_overlap_and_leave_no_gap() {
    use geo::Area;
    let sample = sample(14, 1);
    let faces = faces(&sample, "99001");
    let whole: f64 = faces
        .values()
        .map(|(polygon, _)| polygon.unsigned_area())
        .sum();
    assert!((whole - 0.09).abs() < 1e-9, "{whole}");
}

#[test]
fn districts_tile_the_city_and_reach_outside_it() {
    let sample = sample(15, 1);
    let governs = government(&sample);
    let faces = faces(&sample, "99001");
    let mut outside = 0;
    for (polygon, face) in faces.values().skip(1) {
        let geoid = governs(face);
        let districts = sample.districts(&geoid);
        if districts.is_empty() {
            continue;
        }
        for coord in &polygon.exterior().0 {
            assert!(
                districts
                    .values()
                    .any(|district| district.intersects(coord)),
                "{geoid} {coord:?}"
            );
        }
        outside += districts
            .values()
            .flatten()
            .flat_map(|one| &one.exterior().0)
            .filter(|at| !polygon.intersects(*at))
            .count();
    }
    assert!(outside > 0);
}

#[test]
fn about_half_of_the_left_ranges_descend() {
    let sample = sample(16, 1);
    let sides = sides(&sample, "99001");
    let left: Vec<_> = sides.values().flatten().filter(|side| side.left).collect();
    let descending = left
        .iter()
        .filter(|side| parts(&side.from).1 > parts(&side.to).1)
        .count();
    let share = descending as f64 / left.len() as f64;
    assert!((0.4..0.6).contains(&share), "{share}");
}
