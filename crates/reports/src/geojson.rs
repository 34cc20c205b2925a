//! GeoJSON: any table as points on a map. Streams.
//!
//! A `FeatureCollection` (RFC 7946): one feature a row, its properties what [`crate::json`] writes, its geometry a point with
//! longitude before latitude, WGS 84 degrees. A row that is nowhere on the map, or whose point is not on the globe, has
//! the geometry `null` and its properties all the same: what is not on the map still counts. One row a line.

use crate::error::ReportResult;
use crate::json::{Members, write_lines};
use crate::row::Row;
use redress_model::resolution::Point;
use serde::Serialize;
use std::io::{BufWriter, Write};

/// Writes rows as they come and flushes. Fails when the writer does.
pub fn write<R: Row>(rows: impl IntoIterator<Item = R>, out: impl Write) -> ReportResult {
    let mut out = BufWriter::new(out);
    out.write_all(br#"{"type":"FeatureCollection","features":["#)?;
    write_lines(rows.into_iter().map(feature), &mut out)?;
    out.write_all(b"]}\n")?;
    out.flush()?;
    Ok(())
}

#[derive(Serialize)]
#[serde(tag = "type")]
struct Feature<P> {
    geometry: Option<Geometry>,
    properties: P,
}

#[derive(Serialize)]
#[serde(tag = "type")]
enum Geometry {
    Point { coordinates: [f64; 2] },
}

fn feature<R: Row>(row: R) -> Feature<Members<R>> {
    let geometry = row
        .point()
        .filter(is_on_the_globe)
        .map(|point| Geometry::Point {
            coordinates: [point.lon, point.lat],
        });
    Feature {
        geometry,
        properties: Members(row),
    }
}

/// No number that is none passes either.
fn is_on_the_globe(point: &Point) -> bool {
    point.lat.abs() <= 90.0 && point.lon.abs() <= 180.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_that_is_not_on_the_globe_is_no_point() {
        for (lat, lon) in [
            (f64::NAN, 0.0),
            (0.0, f64::INFINITY),
            (90.1, 0.0),
            (0.0, -180.1),
        ] {
            assert!(!is_on_the_globe(&Point { lat, lon }), "{lat} {lon}");
        }
        assert!(is_on_the_globe(&Point {
            lat: -90.0,
            lon: 180.0
        }));
    }
}
