//! Coordinate systems: longitude and latitude on today's datums, or a clear word.
//!
//! A pack holds degrees of NAD 83 or WGS 84, which differ by a metre or two. Projected metres or feet, and degrees of NAD 27 (tens of
//! metres beside today's), would put houses into other districts.

/// What is wrong with a system in well-known text (`.prj`), and the mend; nothing where it can be used.
pub fn refused_wkt(text: &str) -> Option<String> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let name = text.split('"').nth(1).unwrap_or("an unnamed system");
    let kind = text
        .split(['[', '('])
        .next()
        .unwrap_or("")
        .trim()
        .to_uppercase();
    let is_projected = matches!(
        kind.as_str(),
        "PROJCS" | "PROJCRS" | "PROJECTEDCRS" | "GEOCCS" | "LOCAL_CS" | "ENGCRS"
    );
    if is_projected {
        return Some(format!(
            "is in {name}, not in degrees; convert it first: ogr2ogr -t_srs EPSG:4269 out.shp in.shp"
        ));
    }
    let is_geographic = matches!(
        kind.as_str(),
        "GEOGCS" | "GEOGCRS" | "GEODCRS" | "GEOGRAPHICCRS"
    );
    (is_geographic && is_old_datum(text)).then(|| {
        format!("is in {name}, whose degrees lie tens of metres beside today's; convert it first: ogr2ogr -t_srs EPSG:4269 out.shp in.shp")
    })
}

/// The same of a name as `GeoJSON` has it: `urn:ogc:def:crs:OGC:1.3:CRS84`, `EPSG:4326`.
pub fn refused_name(name: &str) -> Option<String> {
    let code = name
        .rsplit(':')
        .next()
        .unwrap_or(name)
        .trim()
        .to_uppercase();
    // WGS 84, NAD 83 and its later realisations, ETRS-like global frames.
    let is_known = matches!(
        code.as_str(),
        "CRS84"
            | "CRS83"
            | "4326"
            | "4269"
            | "4152"
            | "4759"
            | "6318"
            | "6319"
            | "4979"
            | "9057"
            | "9755"
    );
    (!is_known).then(|| {
        format!("is in the coordinate system {name}; convert it to longitude and latitude first: ogr2ogr -t_srs EPSG:4326 out.geojson in.geojson")
    })
}

fn is_old_datum(text: &str) -> bool {
    let text = text.to_uppercase().replace(['_', ' '], "");
    [
        "NORTHAMERICAN1927",
        "NORTHAMERICANDATUM1927",
        "NAD27",
        "OLDHAWAIIAN",
        "PUERTORICO\"",
        "EPSG\",\"4267\"",
    ]
    .iter()
    .any(|old| text.contains(old))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_of_todays_datums_are_taken() {
        for text in [
            "GEOGCS[\"GCS_North_American_1983\",DATUM[\"D_North_American_1983\",SPHEROID[\"GRS_1980\",6378137,298.257222101]],PRIMEM[\"Greenwich\",0],UNIT[\"Degree\",0.017453292519943295]]",
            "GEOGCRS[\"WGS 84\",DATUM[\"World Geodetic System 1984\"]]",
            "",
        ] {
            assert_eq!(refused_wkt(text), None, "{text}");
        }
        for name in [
            "urn:ogc:def:crs:OGC:1.3:CRS84",
            "EPSG:4326",
            "urn:ogc:def:crs:EPSG::4269",
        ] {
            assert_eq!(refused_name(name), None, "{name}");
        }
    }

    #[test]
    fn everything_else_is_refused_with_its_name_and_a_mend() {
        for text in [
            "PROJCS[\"NAD_1983_StatePlane_Colorado_Central\",GEOGCS[\"GCS_North_American_1983\"]]",
            "PROJCRS[\"WGS 84 / Pseudo-Mercator\"]",
            "GEOGCS[\"GCS_North_American_1927\",DATUM[\"D_North_American_1927\"]]",
        ] {
            let word = refused_wkt(text).unwrap();
            assert!(
                word.contains("ogr2ogr") && word.contains(text.split('"').nth(1).unwrap()),
                "{word}"
            );
        }
        for name in [
            "urn:ogc:def:crs:EPSG::26913",
            "EPSG:3857",
            "urn:ogc:def:crs:EPSG::14326",
        ] {
            assert!(refused_name(name).unwrap().contains(name), "{name}");
        }
    }
}
