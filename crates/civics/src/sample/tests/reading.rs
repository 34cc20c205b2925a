//! A sample on disk, and its files read with other people's libraries.

use std::{
    collections::BTreeMap,
    fs,
    io::{Cursor, Read},
    path::{Path, PathBuf},
};

use geo::{Coord, LineString, MultiPolygon, Polygon};
use shapefile::{
    Shape,
    dbase::{FieldValue, Record},
};
use tempfile::TempDir;

use crate::sample::{Plan, Written, write};

pub(super) struct Sample {
    pub(super) folder: TempDir,
    pub(super) written: Written,
}

pub(super) fn sample(seed: u64, scale: u32) -> Sample {
    let folder = tempfile::tempdir().unwrap();
    let written = write(folder.path(), Plan { seed, scale }, &mut |_, _| ()).unwrap();
    Sample { folder, written }
}

impl Sample {
    /// Every file's bytes by its path inside the sample.
    pub(super) fn bytes(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let inside = |path: &PathBuf| path.strip_prefix(self.folder.path()).unwrap().to_owned();
        self.written
            .files
            .iter()
            .map(|path| (inside(path), fs::read(path).unwrap()))
            .collect()
    }

    pub(super) fn rows(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        let mut reader = csv::Reader::from_path(self.folder.path().join(name)).unwrap();
        reader.deserialize().map(Result::unwrap).collect()
    }

    pub(super) fn layer(&self, stem: &str) -> Vec<(Shape, Row)> {
        layer(&self.folder.path().join("tiger"), stem)
    }

    /// The districts of a city by label.
    pub(super) fn districts(&self, geoid: &str) -> BTreeMap<String, MultiPolygon> {
        let Ok(text) = fs::read_to_string(
            self.folder
                .path()
                .join(format!("districts/{geoid}.geojson")),
        ) else {
            return BTreeMap::new();
        };
        let collection: geojson::FeatureCollection = text.parse().unwrap();
        let entry = |feature: geojson::Feature| {
            let label = feature
                .property("district")
                .unwrap()
                .as_str()
                .unwrap()
                .to_owned();
            assert_eq!(feature.property("city_geoid").unwrap(), geoid);
            let parts = match feature.geometry.unwrap().value {
                geojson::GeometryValue::Polygon { coordinates } => vec![coordinates],
                geojson::GeometryValue::MultiPolygon { coordinates } => coordinates,
                _ => panic!("a district is a polygon"),
            };
            let part = |rings: Vec<Vec<geojson::Position>>| {
                let corner = |at: &geojson::Position| Coord { x: at[0], y: at[1] };
                let ring = rings[0].iter().map(corner).collect();
                Polygon::new(LineString(ring), vec![])
            };
            (
                label,
                MultiPolygon::new(parts.into_iter().map(part).collect()),
            )
        };
        collection.features.into_iter().map(entry).collect()
    }
}

/// A table's row, its values trimmed.
pub(super) struct Row(BTreeMap<String, String>);

impl Row {
    pub(super) fn get(&self, column: &str) -> &str {
        &self.0[column]
    }
}

fn layer(folder: &Path, stem: &str) -> Vec<(Shape, Row)> {
    let file = fs::File::open(folder.join(format!("{stem}.zip"))).unwrap();
    let mut archive = zip::ZipArchive::new(file).unwrap();
    let mut member = |extension: &str| {
        let mut bytes = Vec::new();
        archive
            .by_name(&format!("{stem}.{extension}"))
            .unwrap()
            .read_to_end(&mut bytes)
            .unwrap();
        Cursor::new(bytes)
    };
    assert_eq!(member("cpg").into_inner(), b"UTF-8");
    assert!(
        member("prj")
            .into_inner()
            .starts_with(b"GEOGCS[\"GCS_North_American_1983\"")
    );
    let shapes = shapefile::ShapeReader::with_shx(member("shp"), member("shx")).unwrap();
    let table = shapefile::dbase::Reader::new(member("dbf")).unwrap();
    let mut reader = shapefile::Reader::new(shapes, table);
    reader
        .iter_shapes_and_records()
        .map(|pair| pair.map(|(shape, record)| (shape, row(record))).unwrap())
        .collect()
}

fn row(record: Record) -> Row {
    let text = |value| match value {
        FieldValue::Character(text) => text.unwrap_or_default().trim().to_owned(),
        FieldValue::Numeric(number) => number
            .map(|number| format!("{number:.0}"))
            .unwrap_or_default(),
        other => panic!("{other:?}"),
    };
    Row(record
        .into_iter()
        .map(|(name, value)| (name, text(value)))
        .collect())
}
