//! A sample county, built once for each test that asks.
//!
//! What cannot be done here fails the test that called it.

use crate::program::done;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A built sample.
#[derive(Debug)]
pub struct Sample {
    folder: TempDir,
    /// The pack.
    pub pack: PathBuf,
    /// The answers known by construction.
    pub truth: PathBuf,
}

impl Sample {
    /// Writes and builds a sample county.
    pub fn new(seed: &str) -> Self {
        Self::with(&["--seed", seed])
    }

    /// Writes and builds a county of the sample's state of towns.
    pub fn of_towns(seed: &str) -> Self {
        Self::with(&["--seed", seed, "--towns"])
    }

    /// Writes and builds so many counties.
    pub fn of_counties(seed: &str, scale: &str) -> Self {
        Self::with(&["--seed", seed, "--scale", scale])
    }

    fn with(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (out, pack) = (
            folder.path().join("sample"),
            folder.path().join("sample.pack"),
        );
        done(
            ["civics", "sample", "--quiet"]
                .iter()
                .chain(options)
                .chain(&["--out"])
                .map(Into::into)
                .chain([out.clone().into_os_string()]),
        );
        build(&out.join("sources.toml"), &pack);
        Self {
            pack,
            truth: out.join("truth.csv"),
            folder,
        }
    }

    /// A path in the sample's folder, for files of a test.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// Builds a pack; its report.
pub fn build(manifest: &Path, pack: &Path) -> String {
    done([
        Path::new("civics"),
        Path::new("build"),
        manifest,
        Path::new("--out"),
        pack,
    ])
}

/// One row of a table by its column names.
pub type Row = HashMap<String, String>;

/// Reads a table with a header.
pub fn table(path: &Path) -> Vec<Row> {
    rows(csv::Reader::from_path(path).expect("the table opens"))
}

/// Reads the rows of a table.
pub fn rows<R: std::io::Read>(mut reader: csv::Reader<R>) -> Vec<Row> {
    reader
        .deserialize()
        .map(|row| row.expect("a row"))
        .collect()
}

/// Writes a table with a header.
pub fn write(path: &Path, header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
    let mut writer = csv::Writer::from_path(path).expect("the table is made");
    writer.write_record(header).expect("a header");
    for row in rows {
        writer.write_record(row).expect("a row");
    }
    writer.flush().expect("the table is written");
}

/// Resolves a table of addresses.
pub fn resolve(pack: &Path, input: &Path, output: &Path, on: Option<&str>) -> Vec<Row> {
    let mut arguments = vec![
        Path::new("civics"),
        Path::new("resolve"),
        Path::new("--pack"),
        pack,
        Path::new("--batch"),
        input,
        Path::new("--out"),
        output,
    ];
    if let Some(on) = on {
        arguments.extend([Path::new("--on"), Path::new(on)]);
    }
    done(arguments);
    table(output)
}

/// Resolves one address to its JSON.
pub fn answer(pack: &Path, address: &str, on: &str) -> Value {
    let out = done([
        Path::new("civics"),
        Path::new("resolve"),
        Path::new("--json"),
        Path::new("--on"),
        Path::new(on),
        Path::new("--pack"),
        pack,
        Path::new(address),
    ]);
    serde_json::from_str(&out).expect("the answer is JSON")
}

/// Whether a level lets a place and district be attributed without asking.
pub fn is_sure(level: &str) -> bool {
    matches!(level, "exact" | "exact_split" | "relaxed")
}

/// Draws a city's districts anew in a sample's sources: four quarters about a spot, `1` in the south-west, `2` in the south-east, `3` in the
/// north-west, `4` in the north-east. Every straight block that the spot lies on is cut.
pub fn quarter(sources: &Path, city: &str, lon: f64, lat: f64) {
    let folder = std::fs::read_dir(sources.join("districts")).expect("the sample has districts");
    let mut redrawn = 0;
    for entry in folder {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a map");
        let mut map: Value = serde_json::from_str(&text).expect("a map is JSON");
        let one = map["features"][0].clone();
        if one["properties"]["city_geoid"] != city {
            continue;
        }
        let ocd_id = one["properties"]["ocd_id"].as_str().expect("an id");
        let (kind, _) = ocd_id.rsplit_once(':').expect("an id with its label");
        let quarters = [
            ("1", -1.0, -1.0),
            ("2", 1.0, -1.0),
            ("3", -1.0, 1.0),
            ("4", 1.0, 1.0),
        ];
        let features = quarters.map(|(label, east, north)| {
            let (x, y) = ([lon, lon + east], [lat, lat + north]);
            let ring = json!([
                [x[0].min(x[1]), y[0].min(y[1])],
                [x[0].max(x[1]), y[0].min(y[1])],
                [x[0].max(x[1]), y[0].max(y[1])],
                [x[0].min(x[1]), y[0].max(y[1])],
                [x[0].min(x[1]), y[0].min(y[1])],
            ]);
            let mut quarter = one.clone();
            quarter["geometry"] = json!({"type": "Polygon", "coordinates": [ring]});
            quarter["properties"]["district"] = label.into();
            quarter["properties"]["ocd_id"] = format!("{kind}:{label}").into();
            quarter["id"] = quarter["properties"]["ocd_id"].clone();
            quarter
        });
        map["features"] = features.to_vec().into();
        std::fs::write(&path, map.to_string()).expect("the map is written");
        redrawn += 1;
    }
    assert!(redrawn > 0, "{city} has no district map");
}
