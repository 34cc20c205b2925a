//! Polygons with their attributes, from `GeoJSON` or a shapefile alike.

use super::BuildError;
use super::layer::{self, Layer};
use super::manifest::Source;
use super::rings::Parts;
use super::{crs, dbf, files};
use geojson::GeometryValue;
use std::path::Path;

/// Longest name or id, in bytes; longer ones are another column's.
pub const MOST_NAME: usize = 500;
/// Why a longer one is refused.
pub const LONG_NAME: &str = "a name or id of more than 500 bytes: is it another column?";

/// One polygon with its attributes.
pub struct Feature {
    /// Its position in the file, from 1.
    pub number: u64,
    /// Its rings, or why there are none.
    pub parts: Result<Parts, String>,
    properties: Vec<(String, String)>,
}

/// The properties that are looked at; others may be many and large.
const PROPERTIES: [&str; 18] = [
    "geoid",
    "geoid20",
    "geoid10",
    "name",
    "namelsad",
    "funcstat",
    "classfp",
    "lsad",
    "ocd_id",
    "intptlat",
    "intptlon",
    "lat",
    "lon",
    "city_geoid",
    "place",
    "district",
    "ward",
    "kind",
];

fn is_known(property: &str) -> bool {
    PROPERTIES
        .iter()
        .any(|known| known.eq_ignore_ascii_case(property))
}

impl Feature {
    /// Whether a name or another attribute is longer than any.
    pub fn has_long_name(&self) -> bool {
        self.properties
            .iter()
            .any(|(_, value)| value.len() > MOST_NAME)
    }

    /// The first of some attributes that is there; empty if none is.
    pub fn get(&self, names: &[&str]) -> &str {
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

/// Reads the features of a file.
pub fn features(path: &Path, source: &Source) -> Result<Vec<Feature>, BuildError> {
    let name = path.to_string_lossy();
    if files::ends_in(&name, &[".shp"])
        || files::ends_in(&name, &[".zip"]) && !files::ends_in(&name, &["json.zip"])
    {
        shapes(path, source)
    } else {
        geojson(path, source)
    }
}

fn shapes(path: &Path, source: &Source) -> Result<Vec<Feature>, BuildError> {
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
        let theirs = columns.iter().map(|name| {
            let value = table.get(at, table.column(&[name])).into_owned();
            (name.clone(), value)
        });
        features.push(Feature {
            number: at as u64 + 1,
            parts: layer::parts(&shape),
            properties: properties(theirs, source),
        });
    }
    Ok(features)
}

fn geojson(path: &Path, source: &Source) -> Result<Vec<Feature>, BuildError> {
    collection(&files::read(path, "json", files::MOST_JSON)?, path, source)
}

/// Reads a `FeatureCollection`'s bytes.
pub fn collection(bytes: &[u8], path: &Path, source: &Source) -> Result<Vec<Feature>, BuildError> {
    let wrong = |message: String| BuildError::Source {
        path: path.to_owned(),
        message,
    };
    let mut whole: serde_json::Value =
        serde_json::from_slice(bytes).map_err(|error| wrong(format!("is no GeoJSON: {error}")))?;
    if let Some(system) = whole
        .pointer("/crs/properties/name")
        .and_then(|name| name.as_str())
        && let Some(word) = crs::refused_name(system)
    {
        return Err(wrong(word));
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
        let theirs = feature.properties.into_iter().flatten();
        let theirs = theirs.map(|(name, value)| (name, text_of(&value)));
        features.push(Feature {
            number,
            parts,
            properties: properties(theirs, source),
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

/// The properties of a feature that are looked at, under our names. When the manifest renames
/// any, no other is read: another property of the same name may hold something else.
fn properties(
    theirs: impl Iterator<Item = (String, String)>,
    source: &Source,
) -> Vec<(String, String)> {
    let mut ours: Vec<(String, String)> = theirs
        .filter_map(|(name, value)| {
            if source.columns.is_empty() {
                return is_known(&name).then_some((name, value));
            }
            let mut renamed = source.columns.iter();
            let (ours, _) = renamed.find(|(_, wanted)| wanted.eq_ignore_ascii_case(&name))?;
            Some((ours.clone(), value))
        })
        .collect();
    for (name, value) in &source.defaults {
        let is_given = |(known, text): &(String, String)| known == name && !text.is_empty();
        if !ours.iter().any(is_given) {
            ours.push((name.clone(), value.clone()));
        }
    }
    ours
}
