//! Tables of addresses: points, ranges, election lists.

use super::BuildError;
use super::attribute::{self, SideLine};
use super::draft::{Belongs, Drafts, Known, Parity, Side, StreetName};
use super::manifest::Source;
use super::polygons::{Map, Polygons};
use super::registry::Registry;
use super::report::SourceReport;
use super::stretch::Stretch;
use super::table::{self, Row};
use crate::geometry::{Hand, Spot};
use crate::pack::MOST_SPOTS;
use crate::pack::format::{COUNTY_AREA, STATE_AREA};
use crate::pack::section::{DistrictEntry, UNCOVERED};
use crate::parse::number::{self, HouseNumber};
use crate::parse::{Input, Parsed};
use crate::text::Line;
use redress_model::division::DivisionKind;
use std::path::Path;

/// What a table is read into.
pub struct Target<'build> {
    /// Sides so far.
    pub drafts: &'build mut Drafts,
    /// Divisions.
    pub registry: &'build mut Registry,
    /// Polygons, indexed; maps of lists are added.
    pub polygons: &'build mut Polygons,
    /// Position of the source in the manifest.
    pub source: u32,
}

/// A table, or a stretch of it.
pub type Part<'table> = (&'table Path, Option<Stretch>);

/// Reads single addresses.
pub fn points(
    (path, stretch): Part<'_>,
    source: &Source,
    target: &mut Target<'_>,
    report: &mut SourceReport,
) -> Result<(), BuildError> {
    table::read(
        path,
        stretch,
        source,
        &[&["address", "street"], &["lat"], &["lon"]],
        report,
        &mut |row, report| match point(row, source, target, report) {
            Ok(()) => report.used += 1,
            Err(reason) => report.refuse(reason, || format!("line {}", row.line)),
        },
    )
}

/// Reads ranges with lines.
pub fn ranges(
    (path, stretch): Part<'_>,
    source: &Source,
    target: &mut Target<'_>,
    report: &mut SourceReport,
) -> Result<(), BuildError> {
    table::read(
        path,
        stretch,
        source,
        &[&["from"], &["to"], &["street"], &["geometry", "place"]],
        report,
        &mut |row, report| match range(row, source, target, Known::Range, report) {
            Ok(()) => report.used += 1,
            Err(reason) => report.refuse(reason, || format!("line {}", row.line)),
        },
    )
}

/// Reads election lists.
pub fn segments(
    (path, stretch): Part<'_>,
    source: &Source,
    target: &mut Target<'_>,
    report: &mut SourceReport,
) -> Result<(), BuildError> {
    table::read(
        path,
        stretch,
        source,
        &[&["from"], &["to"], &["street"], &["district", "place"]],
        report,
        &mut |row, report| match range(row, source, target, Known::Segment, report) {
            Ok(()) => report.used += 1,
            Err(reason) => report.refuse(reason, || format!("line {}", row.line)),
        },
    )
}

/// The folded tokens of a row's street, with directionals and type from columns of their own.
fn street_line(row: &Row<'_>, street: &str) -> Line {
    Line::new(
        &[
            row.get("predir"),
            street,
            row.get("type"),
            row.get("postdir"),
        ]
        .join(" "),
    )
}

struct Where {
    area: u32,
    state: u8,
    city: String,
}

/// Area, state and city of a row.
fn where_is(
    row: &Row<'_>,
    source: &Source,
    parsed: Option<&Parsed>,
    county: Option<&str>,
) -> Result<Where, &'static str> {
    let state = crate::words::state::by_text(&row.get("state").to_uppercase())
        .map(|state| state.fips)
        .or(parsed
            .map(|parsed| parsed.state)
            .filter(|state| *state != 0))
        .unwrap_or_else(|| source.state_fips());
    let zip_text = row.get("zip");
    let zip = crate::parse::last_line::read_zip(zip_text)
        .map(|(zip, _)| zip)
        .or_else(|| lost_zero(zip_text))
        .or(parsed.and_then(|parsed| parsed.zip));
    if zip.is_none() && !zip_text.is_empty() {
        return Err("a ZIP that is not five digits");
    }
    let line = Line::new(row.get("city"));
    let city = if line.is_empty() {
        parsed
            .and_then(|parsed| parsed.city.clone())
            .unwrap_or_default()
    } else {
        line.join(0, line.len())
    };
    let area = match (zip, county.and_then(|fips| fips.parse::<u32>().ok())) {
        (Some(zip), _) => zip,
        (None, Some(fips)) => COUNTY_AREA + fips,
        (None, None) if state != 0 => STATE_AREA + u32::from(state),
        (None, None) => return Err("neither ZIP nor state"),
    };
    Ok(Where { area, state, city })
}

fn lost_zero(text: &str) -> Option<u32> {
    let is_number = (3..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// What the row or the source says of place and district.
fn stated(
    row: &Row<'_>,
    source: &Source,
    target: &mut Target<'_>,
) -> Result<(Belongs, bool), &'static str> {
    let mut belongs = Belongs::default();
    let place = if row.get("place").is_empty() {
        source.place.as_deref().unwrap_or("")
    } else {
        row.get("place")
    };
    if place.is_empty() {
        return Ok((belongs, false));
    }
    if !super::manifest::is_geoid(place, 7) {
        return Err("a place that is not a GEOID of seven digits");
    }
    belongs.place = target.registry.find_or_add(DivisionKind::Place, place);
    if let Some(label) = crate::officials::district_label(row.get("district")) {
        let map = target.polygons.map(Map {
            place: belongs.place,
            period: source.period,
            source: target.source,
        });
        let division = target.registry.district(belongs.place, &label);
        belongs.districts.push(DistrictEntry { map, division });
    }
    Ok((belongs, true))
}

fn point(
    row: &Row<'_>,
    source: &Source,
    target: &mut Target<'_>,
    report: &mut SourceReport,
) -> Result<(), &'static str> {
    let spot = table::spot(row).ok_or("latitude or longitude missing or not on the globe")?;
    if spot.x == 0 && spot.y == 0 {
        return Err("latitude and longitude zero");
    }
    let whole = row.get("address");
    let (number, name, place) = if whole.is_empty() {
        let (number, street) = number_and_street(row)?;
        let tokens: Vec<&str> = (0..street.len()).map(|at| street.token(at)).collect();
        // A unit may stand in the street's column.
        let parsed = Parsed::new(&Input {
            street: &format!("1 {}", tokens.join(" ")),
            zip: "00000",
            city: "X",
            state: "",
            unit: "",
        });
        let tokens = parsed.street_tokens();
        (
            number,
            StreetName::new(&tokens).ok_or("no street name")?,
            where_is(row, source, None, None)?,
        )
    } else {
        let parsed = Parsed::new(&Input {
            street: whole,
            unit: row.get("unit"),
            city: row.get("city"),
            state: row.get("state"),
            zip: row.get("zip"),
        });
        if parsed.kind != redress_model::address::AddressKind::Street {
            return Err("no house on a street");
        }
        let name = StreetName::new(&parsed.street_tokens()).ok_or("no street name")?;
        let place = where_is(row, source, Some(&parsed), None)?;
        (parsed.number.ok_or("no house number")?, name, place)
    };
    let (known, is_stated) = stated(row, source, target)?;
    let districts = known.districts.clone();
    let (mut belongs, is_near_border) =
        attribute::spot(spot, known, target.polygons, target.registry);
    if is_stated && !districts.is_empty() {
        // What the list says of the district goes before what a polygon says.
        belongs.districts.retain(|entry| {
            districts.contains(entry) || !overlaps(*entry, &districts, target.polygons)
        });
    }
    if belongs
        .districts
        .iter()
        .any(|entry| entry.division == UNCOVERED)
    {
        report.remark("inside a city, outside every district of its map", || {
            format!("line {}", row.line)
        });
    }
    target
        .drafts
        .note_area(place.area, place.state, &place.city);
    let belongs = target.drafts.belongs.number(belongs);
    let street = target.drafts.streets.number(name);
    // Of the ways to read `1016-18` each is an address of its own: people write all of them.
    for reading in number
        .readings
        .iter()
        .filter(|reading| !reading.is_shortened)
    {
        let affix = target
            .drafts
            .affixes
            .number(reading.affix.clone().into_owned());
        let parity = match (
            reading.last > reading.value,
            reading.value % 2 == reading.last % 2,
            reading.value % 2,
        ) {
            (true, true, 1) => Parity::Odd,
            (true, true, _) => Parity::Even,
            _ => Parity::Both,
        };
        target.drafts.sides.push(Side {
            street,
            affix,
            area: place.area,
            low: reading.value,
            high: reading.last,
            parity,
            known: Known::Point,
            belongs,
            edge: 0,
            spot: Some(spot),
            is_near_border,
            split: None,
            source: target.source,
        });
    }
    Ok(())
}

fn overlaps(entry: DistrictEntry, stated: &[DistrictEntry], polygons: &Polygons) -> bool {
    let period = polygons.map_at(entry.map).period;
    stated
        .iter()
        .any(|other| polygons.map_at(other.map).period.overlaps(&period))
}

/// House number and street, also where one column holds both or the street repeats the number.
fn number_and_street(row: &Row<'_>) -> Result<(HouseNumber, Line), &'static str> {
    let numbers = Line::new(row.get("number"));
    let streets = street_line(row, row.get("street"));
    let (number, behind) = number::read(&numbers, 0, numbers.len());
    let (glued, glued_behind) = number::read(&streets, 0, streets.len());
    let rest = |line: &Line, from: usize| Line::new(&line.join(from, line.len()));
    match (number, glued) {
        (Some(number), Some(glued))
            if number.text == glued.text && glued_behind < streets.len() =>
        {
            Ok((number, rest(&streets, glued_behind)))
        }
        (Some(number), _) if !streets.is_empty() => Ok((number, streets)),
        (Some(number), None) if behind < numbers.len() => Ok((number, rest(&numbers, behind))),
        (None, Some(glued)) if glued_behind < streets.len() => {
            Ok((glued, rest(&streets, glued_behind)))
        }
        (Some(_), _) => Err("no street name"),
        (None, _) => Err("no house number"),
    }
}

fn range(
    row: &Row<'_>,
    source: &Source,
    target: &mut Target<'_>,
    known: Known,
    report: &mut SourceReport,
) -> Result<(), &'static str> {
    let (from, to) = (
        HouseNumber::parse(row.get("from")).ok_or("no house number in `from`")?,
        HouseNumber::parse(row.get("to")).ok_or("no house number in `to`")?,
    );
    let (Some((affix, from)), Some((affix_to, to))) = (from.as_end(), to.as_end()) else {
        return Err("no house number");
    };
    if affix != affix_to {
        return Err("ends of two different series of numbers");
    }
    let parity = match row.get("parity").to_lowercase().as_str() {
        "o" | "odd" => Parity::Odd,
        "e" | "even" => Parity::Even,
        "b" | "both" | "a" | "all" | "" => Parity::Both,
        _ => return Err("a parity that is none of O E B A odd even both all"),
    };
    let line = street_line(row, row.get("street"));
    let tokens: Vec<&str> = (0..line.len()).map(|at| line.token(at)).collect();
    let name = StreetName::new(&tokens).ok_or("no street name")?;
    let place = where_is(row, source, None, None)?;
    let (stated, place_is_known) = stated(row, source, target)?;
    let affix = target.drafts.affixes.number(affix.to_owned());
    let geometry = row.get("geometry");
    let (belongs, split, spot) = if geometry.is_empty() {
        if !place_is_known {
            return Err("neither geometry nor place");
        }
        (stated, None, None)
    } else {
        let line = wkt_line(geometry).ok_or("a geometry that is no LINESTRING in degrees")?;
        let hand = match row.get("side").to_lowercase().as_str() {
            "l" | "left" => Some(Hand::Left),
            "r" | "right" => Some(Hand::Right),
            _ => None,
        };
        let middle = crate::geometry::along(
            &line,
            0.5,
            hand.unwrap_or(Hand::Left),
            if hand.is_some() {
                attribute::OFFSET
            } else {
                0.0
            },
        );
        let (belongs, split) = attribute::side(
            SideLine {
                line: &line,
                hand,
                from,
                to,
            },
            stated,
            place_is_known,
            target.polygons,
            target.registry,
        );
        (belongs, split, middle)
    };
    if from > to {
        report.remark("descends from `from` to `to`", || {
            format!("line {}", row.line)
        });
    }
    target
        .drafts
        .note_area(place.area, place.state, &place.city);
    let belongs = target.drafts.belongs.number(belongs);
    let street = target.drafts.streets.number(name);
    target.drafts.sides.push(Side {
        street,
        affix,
        area: place.area,
        low: from.min(to),
        high: from.max(to),
        parity,
        known,
        belongs,
        edge: 0,
        spot,
        is_near_border: false,
        split,
        source: target.source,
    });
    Ok(())
}

/// A LINESTRING, or the first line of a MULTILINESTRING.
fn wkt_line(text: &str) -> Option<Vec<Spot>> {
    use wkt::types::LineString;
    let read = |line: &LineString<f64>| {
        line.coords()
            .iter()
            .map(|corner| Spot::from_degrees(corner.y, corner.x))
            .collect::<Option<Vec<_>>>()
    };
    // The parser goes down into collections as deep as they are nested, which may be deeper than
    // the stack; only lines are wanted.
    let text = text.trim_start();
    let is_line = ["LINESTRING", "MULTILINESTRING"].iter().any(|kind| {
        text.get(..kind.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(kind))
    });
    if !is_line {
        return None;
    }
    let line = match text.parse::<wkt::Wkt<f64>>().ok()? {
        wkt::Wkt::LineString(line) => read(&line)?,
        wkt::Wkt::MultiLineString(lines) => read(lines.line_strings().first()?)?,
        _ => return None,
    };
    (2..=MOST_SPOTS).contains(&line.len()).then_some(line)
}
