//! Tables and polygons of areas: gazetteer, ZIPs, division ids, places, districts.

use super::BuildError;
use super::draft::Drafts;
use super::layer::{self, Layer};
use super::manifest::{Source, is_geoid};
use super::polygons::{Map, Polygons};
use super::registry::{Division, Registry};
use super::report::SourceReport;
use super::rings::{self, Parts};
use super::{dbf, files, table};
use crate::geometry::Spot;
use crate::officials::district_label;
use crate::text::Line;
use crate::words::state;
use geojson::GeometryValue;
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
    table::read(path, source, &[&["zip"]], report, &mut |row, report| {
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
    })
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

/// One polygon with its attributes, from GeoJSON or a shapefile alike.
struct Feature {
    number: u64,
    parts: Result<Parts, String>,
    properties: Vec<(String, String)>,
}

impl Feature {
    fn get(&self, names: &[&str]) -> &str {
        names
            .iter()
            .find_map(|wanted| {
                self.properties
                    .iter()
                    .find(|(name, value)| name.eq_ignore_ascii_case(wanted) && !value.is_empty())
            })
            .map_or("", |(_, value)| value.as_str())
    }
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
        let geoid = feature.get(&["geoid", "geoid20", "geoid10"]);
        if !is_geoid(geoid, 7) {
            report.refuse("a GEOID that is not seven digits", || {
                format!("feature {}: {geoid:?}", feature.number)
            });
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

fn features(path: &Path, source: &Source) -> Result<Vec<Feature>, BuildError> {
    let name = path.to_string_lossy();
    let mut features = if files::ends_in(&name, &[".shp"])
        || files::ends_in(&name, &[".zip"]) && !files::ends_in(&name, &["json.zip"])
    {
        shapes(path)
    } else {
        geojson(path)
    }?;
    for feature in &mut features {
        rename(feature, source);
    }
    Ok(features)
}

/// Gives properties our names, as the manifest says; when it names any, no other is read.
fn rename(feature: &mut Feature, source: &Source) {
    if !source.columns.is_empty() {
        let theirs = std::mem::take(&mut feature.properties);
        let renamed = source.columns.iter().filter_map(|(ours, wanted)| {
            let (_, value) = theirs
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(wanted))?;
            Some((ours.clone(), value.clone()))
        });
        feature.properties = renamed.collect();
    }
    for (ours, value) in &source.defaults {
        if feature.get(&[ours.as_str()]).is_empty() {
            feature.properties.push((ours.clone(), value.clone()));
        }
    }
}

fn shapes(path: &Path) -> Result<Vec<Feature>, BuildError> {
    let wrong = |message: String| BuildError::Source {
        path: path.to_owned(),
        message,
    };
    let layer = Layer::read(path, true)?;
    let table =
        dbf::Table::new(&layer.dbf).map_err(|message| wrong(format!("its .dbf {message}")))?;
    let columns: Vec<String> = table.names().split(", ").map(str::to_owned).collect();
    let shapes = layer
        .shapes()
        .map_err(|message| wrong(format!("its .shp {message}")))?;
    let mut features = Vec::new();
    for (at, shape) in shapes.into_iter().enumerate().take(table.len()) {
        let properties = columns
            .iter()
            .map(|name| {
                (
                    name.clone(),
                    table.get(at, table.column(&[name])).into_owned(),
                )
            })
            .collect();
        features.push(Feature {
            number: at as u64 + 1,
            parts: shape.map(|shape| layer::parts(&shape)),
            properties,
        });
    }
    Ok(features)
}

fn geojson(path: &Path) -> Result<Vec<Feature>, BuildError> {
    let wrong = |message: String| BuildError::Source {
        path: path.to_owned(),
        message,
    };
    let bytes = files::read(path, "json")?;
    let mut whole: serde_json::Value =
        serde_json::from_slice(&bytes).map_err(|error| wrong(format!("is no GeoJSON: {error}")))?;
    if let Some(system) = whole
        .pointer("/crs/properties/name")
        .and_then(|name| name.as_str())
        && !["CRS84", "4326", "4269"]
            .iter()
            .any(|known| system.ends_with(known))
    {
        return Err(wrong(format!(
            "is in the coordinate system {system}; convert it to longitude and latitude first: ogr2ogr -t_srs EPSG:4326 out.geojson in.geojson"
        )));
    }
    let Some(serde_json::Value::Array(listed)) =
        whole.get_mut("features").map(serde_json::Value::take)
    else {
        return Err(wrong(
            "is no FeatureCollection: it has no \"features\"".into(),
        ));
    };
    let mut features = Vec::new();
    for (at, value) in listed.into_iter().enumerate() {
        let number = at as u64 + 1;
        let Ok(feature) = serde_json::from_value::<geojson::Feature>(value) else {
            features.push(Feature {
                number,
                parts: Err("is no GeoJSON feature".into()),
                properties: Vec::new(),
            });
            continue;
        };
        let parts = match feature.geometry.map(|geometry| geometry.value) {
            Some(GeometryValue::Polygon { coordinates }) => Ok(vec![part(&coordinates)]),
            Some(GeometryValue::MultiPolygon { coordinates }) => {
                Ok(coordinates.iter().map(|rings| part(rings)).collect())
            }
            Some(_) => Err("is another geometry than Polygon or MultiPolygon".into()),
            None => Err("has no geometry".into()),
        };
        let properties = feature
            .properties
            .into_iter()
            .flatten()
            .map(|(name, value)| (name, text_of(&value)))
            .collect();
        features.push(Feature {
            number,
            parts,
            properties,
        });
    }
    Ok(features)
}

fn part(rings: &[Vec<geojson::Position>]) -> Vec<Vec<(f64, f64)>> {
    let corner = |position: &geojson::Position| {
        (
            position.as_slice().first().copied().unwrap_or(f64::NAN),
            position.as_slice().get(1).copied().unwrap_or(f64::NAN),
        )
    };
    rings
        .iter()
        .map(|ring| ring.iter().map(corner).collect())
        .collect()
}

fn text_of(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.trim().to_owned(),
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    }
}
