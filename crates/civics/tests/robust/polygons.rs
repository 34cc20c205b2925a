//! Polygons that are none, or that nobody could have drawn.

use crate::workshop::{made, made_in};

/// A collection of one feature with these coordinates.
fn polygon(rings: &str) -> String {
    feature(&format!(
        "{{\"type\":\"Polygon\",\"coordinates\":[{rings}]}}"
    ))
}

fn feature(geometry: &str) -> String {
    format!(
        "{{\"type\":\"FeatureCollection\",\"features\":[{{\"type\":\"Feature\",\"properties\":\
         {{\"GEOID\":\"0804000\",\"NAME\":\"Alpha\"}},\"geometry\":{geometry}}}]}}"
    )
}

fn places(text: &str) -> Result<redress_civics::build::report::Report, String> {
    made("places", "a.geojson", "", &[("a.geojson", text.as_bytes())])
}

/// Why the only feature was refused.
fn refused(text: &str) -> String {
    let report = places(text).unwrap();
    let source = &report.sources[0];
    assert_eq!((source.read, source.refused), (1, 1), "{report}");
    source.refusals.keys().next().unwrap().clone()
}

#[test]
fn json_nested_deeper_than_any_map_is_refused() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    for text in [
        deep.clone(),
        feature(&deep),
        polygon(&deep),
        feature(&format!(
            "{}{{\"type\":\"Point\",\"coordinates\":[0,0]}}{}",
            "{\"type\":\"GeometryCollection\",\"geometries\":[".repeat(50_000),
            "]}".repeat(50_000)
        )),
    ] {
        let error = places(&text).unwrap_err();
        assert!(
            error.contains("is no GeoJSON") && error.contains("line"),
            "{error}"
        );
    }
}

#[test]
fn polygons_that_are_none_are_refused_one_by_one() {
    for (rings, reason) in [
        ("", "has no ring"),
        ("[]", "fewer than three corners"),
        ("[[]]", "no GeoJSON feature"),
        ("[[1,2]]", "fewer than three corners"),
        ("[[0,0],[1,1],[0,0],[0,0]]", "fewer than three corners"),
        ("[[0,0],[1,1],[1e30,5]]", "no degrees"),
        ("[[0,0],[1,1],[181,5]]", "no degrees"),
        ("[[0],[1],[2]]", "no degrees"),
    ] {
        let why = refused(&polygon(rings));
        assert!(why.contains(reason), "{rings}: {why}");
    }
    for geometry in ["null", "{\"type\":\"Point\",\"coordinates\":[0,0]}"] {
        refused(&feature(geometry));
    }
}

#[test]
fn a_line_laid_back_on_itself_is_no_area_to_be_in() {
    // Corners in one line, and a ring that runs there and back.
    for rings in [
        "[[0,0],[1,1],[2,2]]",
        "[[0,0],[2,2],[1,1],[3,3],[0,0]]",
        "[[0,0],[1,0],[1,1],[1,0],[0,0]]",
        "[[0,0],[1,0],[1,1]],[[0,0],[1,0],[1,1]]",
    ] {
        places(&polygon(rings)).unwrap();
    }
}

#[test]
fn a_polygon_that_crosses_itself_everywhere_is_refused_soon() {
    let yarn: Vec<String> = (0..30_000_i64)
        .map(|at| {
            let degrees = |factor: i64, span: i64| (at * factor % (span * 1000)) as f64 / 1000.0;
            format!("[{},{}]", degrees(7919, 170), degrees(104_729, 80))
        })
        .collect();
    let why = refused(&polygon(&format!("[{}]", yarn.join(","))));
    assert!(why.contains("tangled"), "{why}");
}

#[test]
fn the_whole_globe_as_a_polygon_is_a_polygon() {
    let report = places(&polygon(
        "[[-180,-90],[180,-90],[180,90],[-180,90],[-180,-90]]",
    ))
    .unwrap();
    assert_eq!(report.sources[0].used, 1);
    let points =
        "number,street,state,zip,lat,lon\n1,Oak St,CO,80010,90,180\n2,Oak St,CO,80010,-90,-180\n";
    let folder = tempfile::tempdir().unwrap();
    let globe = polygon("[[-180,-90],[180,-90],[180,90],[-180,90],[-180,-90]]");
    std::fs::write(folder.path().join("a.geojson"), globe).unwrap();
    std::fs::write(folder.path().join("p.csv"), points).unwrap();
    let manifest = "name=\"n\"\n[[source]]\nkind=\"places\"\npath=\"a.geojson\"\n[[source]]\nkind=\"address_points\"\npath=\"p.csv\"\n";
    let report = made_in(folder.path(), manifest.as_bytes()).unwrap();
    assert_eq!(report.sources[1].used, 2, "{report}");
}
