//! Tables and polygons of areas: gazetteer, ZIPs, division ids, places, districts.

use super::BuildError;
use super::draft::Drafts;
use super::features::{Feature, LONG_NAME, MOST_NAME, features};
use super::manifest::{Source, is_geoid};
use super::polygons::{Map, Polygons};
use super::registry::{Division, Registry};
use super::report::SourceReport;
use super::rings;
use super::table;
use crate::geometry::Spot;
use crate::officials::district_label;
use crate::text::Line;
use crate::words::state;
use redress_model::division::{DivisionKind, Funcstat};
use std::path::Path;

/// Reads names and status of places.
pub fn gazetteer(
    path: &Path,
    source: &Source,
    registry: &mut Registry,
    report: &mut SourceReport,
) -> Result<(), BuildError> {
    table::read(
        path,
        None,
        source,
        &[&["geoid"], &["name"]],
        report,
        &mut |row, report| {
            let geoid = row.get("geoid");
            if !is_geoid(geoid, 7) {
                return report.refuse("a GEOID that is not seven digits", || {
                    format!("line {}: {geoid:?}", row.line)
                });
            }
            let full = row.get("namelsad");
            if row
                .get("name")
                .len()
                .max(full.len())
                .max(row.get("ocd_id").len())
                > MOST_NAME
            {
                return report.refuse(LONG_NAME, || format!("line {}", row.line));
            }
            // The Census's own gazetteer has the long name alone.
            let (name, full) = if full.is_empty() {
                (bare_name(row.get("name")), row.get("name"))
            } else {
                (row.get("name").to_owned(), full)
            };
            registry.add(
                DivisionKind::Place,
                Division {
                    geoid: geoid.to_owned(),
                    name,
                    full_name: full.to_owned(),
                    funcstat: Funcstat::parse(row.get("funcstat")),
                    classfp: row.get("classfp").to_owned(),
                    lsad: row.get("lsad").to_owned(),
                    ocd_id: Some(row.get("ocd_id").to_owned()).filter(|id| !id.is_empty()),
                    centre: table::spot(row),
                    ..Division::default()
                },
            );
            report.used += 1;
        },
    )
}

/// A name without its legal kind: `Aurora city` is Aurora.
fn bare_name(full: &str) -> String {
    const KINDS: &[&str] = &[
        " city",
        " town",
        " village",
        " borough",
        " CDP",
        " municipality",
        " township",
        " city and borough",
        " (balance)",
    ];
    KINDS
        .iter()
        .find_map(|kind| full.strip_suffix(kind))
        .unwrap_or(full)
        .to_owned()
}

/// Reads ZIPs with their cities and centres.
pub fn zips(
    path: &Path,
    source: &Source,
    drafts: &mut Drafts,
    report: &mut SourceReport,
) -> Result<(), BuildError> {
    table::read(
        path,
        None,
        source,
        &[&["zip"]],
        report,
        &mut |row, report| {
            let Some((zip, _)) = crate::parse::last_line::read_zip(row.get("zip")) else {
                return report.refuse("a ZIP that is not five digits", || {
                    format!("line {}: {:?}", row.line, row.get("zip"))
                });
            };
            let by_name = state::by_text(&row.get("state").to_uppercase()).map(|state| state.fips);
            let by_county = row
                .get("county_fips")
                .get(..2)
                .and_then(|fips| fips.parse().ok());
            let line = Line::new(row.get("city"));
            drafts.note_area(
                zip,
                by_name.or(by_county).unwrap_or(0),
                &line.join(0, line.len()),
            );
            if let (Some(area), Some(spot)) = (drafts.areas.get_mut(&zip), table::spot(row)) {
                area.1 = Some(spot);
            }
            report.used += 1;
        },
    )
}

/// Reads Open Civic Data ids.
pub fn divisions(
    path: &Path,
    source: &Source,
    registry: &mut Registry,
    report: &mut SourceReport,
) -> Result<(), BuildError> {
    table::read(
        path,
        None,
        source,
        &[&["id"]],
        report,
        &mut |row, report| match registry.ocd.add(row.get("id")) {
            Ok(()) => report.used += 1,
            Err(reason) => {
                report.refuse(reason, || format!("line {}: {:?}", row.line, row.get("id")));
            }
        },
    )
}

/// Reads polygons of places.
pub fn places(
    path: &Path,
    source: &Source,
    registry: &mut Registry,
    polygons: &mut Polygons,
    report: &mut SourceReport,
) -> Result<(), BuildError> {
    for feature in features(path, source)? {
        report.read += 1;
        if feature.parts.is_err() {
            // What could not be read has no attributes to complain of.
            mended(&feature, report);
            continue;
        }
        let geoid = feature.get(&["geoid", "geoid20", "geoid10"]);
        if !is_geoid(geoid, 7) {
            report.refuse("a GEOID that is not seven digits", || {
                format!("feature {}: {geoid:?}", feature.number)
            });
            continue;
        }
        if feature.has_long_name() {
            report.refuse(LONG_NAME, || format!("feature {}", feature.number));
            continue;
        }
        let Some(slabs) = mended(&feature, report) else {
            continue;
        };
        let number = registry.add(DivisionKind::Place, described(&feature, geoid));
        if polygons.add_area(number, slabs) {
            report.remark(
                "polygons that replace an earlier one of the same place",
                || geoid.to_owned(),
            );
        }
        report.used += 1;
    }
    Ok(())
}

fn described(feature: &Feature, geoid: &str) -> Division {
    let text = |names: &[&str]| feature.get(names).to_owned();
    let degrees = |names: &[&str]| feature.get(names).parse::<f64>().ok();
    Division {
        geoid: geoid.to_owned(),
        name: text(&["name"]),
        full_name: text(&["namelsad"]),
        funcstat: Funcstat::parse(feature.get(&["funcstat"])),
        classfp: text(&["classfp"]),
        lsad: text(&["lsad"]),
        ocd_id: Some(text(&["ocd_id"])).filter(|id| !id.is_empty()),
        centre: degrees(&["intptlat", "lat"])
            .zip(degrees(&["intptlon", "lon"]))
            .and_then(|(lat, lon)| Spot::from_degrees(lat, lon)),
        ..Division::default()
    }
}

/// Reads polygons of districts.
pub fn districts(
    path: &Path,
    source: &Source,
    position: u32,
    registry: &mut Registry,
    polygons: &mut Polygons,
    report: &mut SourceReport,
) -> Result<(), BuildError> {
    for feature in features(path, source)? {
        report.read += 1;
        if feature.parts.is_err() {
            mended(&feature, report);
            continue;
        }
        let example = |what: &str| format!("feature {}: {what:?}", feature.number);
        let geoid = source
            .place
            .as_deref()
            .unwrap_or_else(|| feature.get(&["city_geoid", "place"]));
        if !is_geoid(geoid, 7) {
            report.refuse(
                "no place: give `place` in the manifest or a city_geoid of seven digits",
                || example(geoid),
            );
            continue;
        }
        if feature.has_long_name() {
            report.refuse(LONG_NAME, || format!("feature {}", feature.number));
            continue;
        }
        let text = feature.get(&["district", "ward", "name"]);
        let Some(label) = district_label(text) else {
            report.refuse("no district label", || example(text));
            continue;
        };
        let Some(slabs) = mended(&feature, report) else {
            continue;
        };
        let place = registry
            .find(DivisionKind::Place, geoid)
            .or_else(|| registry.find(DivisionKind::ConsolidatedCity, geoid))
            .unwrap_or_else(|| registry.find_or_add(DivisionKind::Place, geoid));
        let kind = Some(feature.get(&["kind"]))
            .filter(|kind| matches!(*kind, "ward" | "council_district"));
        let known = Some(feature.get(&["ocd_id"]))
            .filter(|id| !id.is_empty())
            .map(str::to_owned);
        let title = if kind == Some("ward") {
            "Ward"
        } else {
            "District"
        };
        let division = registry.add(
            DivisionKind::District,
            Division {
                geoid: geoid.to_owned(),
                name: label.clone(),
                full_name: format!("{title} {label}"),
                ocd_id: known,
                ..Division::default()
            },
        );
        let map = polygons.map(Map {
            place,
            period: source.period,
            source: position,
        });
        polygons.add_district(division, map, slabs);
        report.used += 1;
    }
    Ok(())
}

fn mended(feature: &Feature, report: &mut SourceReport) -> Option<crate::geometry::OwnedSlabs> {
    let name = || {
        format!(
            "feature {} {}",
            feature.number,
            feature.get(&["name", "district", "geoid"])
        )
    };
    let usable = feature
        .parts
        .as_ref()
        .map_err(Clone::clone)
        .and_then(rings::usable);
    match usable {
        Ok(usable) => {
            if let Some(problem) = usable.mended {
                report.remark(&format!("polygons mended: {problem}"), name);
            }
            Some(usable.slabs)
        }
        Err(reason) => {
            report.refuse(&format!("polygon {reason}"), name);
            None
        }
    }
}
