//! Doors for the fuzzer: readers of strangers' files, on bytes.

use super::manifest::{Manifest, Source};
use super::{dbf, features, layer, rings, shp};
use std::path::Path;

/// A manifest.
pub fn manifest(bytes: &[u8]) {
    let _ = Manifest::parse(bytes.to_vec(), Path::new("fuzzed/sources.toml"));
}

fn districts() -> Option<Source> {
    let text = b"name = \"fuzzed\"\n[[source]]\nkind = \"districts\"\npath = \"a.geojson\"\n";
    let manifest = Manifest::parse(text.to_vec(), Path::new("sources.toml")).ok()?;
    manifest.sources.into_iter().next()
}

/// A `GeoJSON` file of polygons, each checked and mended.
pub fn geojson(bytes: &[u8]) {
    let Some(source) = districts() else { return };
    let Ok(read) = features::collection(bytes, Path::new("fuzzed.geojson"), &source) else {
        return;
    };
    for feature in read {
        let _ = feature.get(&["name", "district"]);
        if let Ok(parts) = &feature.parts {
            let _ = rings::usable(parts);
        }
    }
}

/// The shapes of a shapefile, each checked and mended.
pub fn shapefile(bytes: &[u8]) {
    let Ok(shapes) = shp::read(bytes) else { return };
    for shape in &shapes {
        let _ = layer::line(shape);
        if let Ok(parts) = layer::parts(shape) {
            let _ = rings::usable(&parts);
        }
    }
}

/// A dBASE table, every field of it.
pub fn dbf(bytes: &[u8]) {
    let Ok(table) = dbf::Table::new(bytes) else {
        return;
    };
    let names = table.names();
    for record in 0..table.len().min(1_000) {
        for name in names.split(", ") {
            let _ = table.get(record, table.column(&[name]));
        }
    }
}
