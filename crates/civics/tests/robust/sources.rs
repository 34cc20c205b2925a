//! Every kind of source, spoiled in every way: a build ends with a pack or with a word.

use crate::ground::{Dice, GROUND};
use crate::shapes;
use crate::workshop::{made, spoil};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

const POINTS: &str = "\
number,street,unit,city,state,zip,lat,lon,place,district
12,Oak St,,Alpha,CO,80010,39.7,-104.8,,
14-16,N Oak St,4,Alpha,CO,80010,39.7001,-104.8,0804000,3
N165W212,Oak St,,Alpha,CO,80010,39.7002,-104.8,,
";
const RANGES: &str = "\
from,to,parity,street,city,state,zip,geometry,side,place,district
2,98,E,Oak St,Alpha,CO,80010,\"LINESTRING(-104.8 39.7, -104.81 39.7)\",L,,
99,1,O,Oak St,Alpha,CO,80010,\"MULTILINESTRING((-104.8 39.7, -104.81 39.7))\",R,0804000,2
";
const SEGMENTS: &str = "\
from,to,parity,street,city,state,zip,place,district
2,98,E,Oak St,Alpha,CO,80010,0804000,Ward 3
1,99,O,Oak St,Alpha,CO,80010,0804000,2
";
const GAZETTEER: &str = "\
USPS|GEOID|NAME|NAMELSAD|LSAD|CLASSFP|FUNCSTAT|INTPTLAT|INTPTLONG
CO|0804000|Alpha|Alpha city|25|C1|A|39.7|-104.8
CO|0804001|Beta|Beta CDP|57|U1|S|39.8|-104.8
";
const ZIPS: &str = "zip,city,state,county_fips,lat,lon\n80010,Alpha,CO,08001,39.7,-104.8\n";
const DIVISIONS: &str = "\
id,name
ocd-division/country:us/state:co/place:alpha,Alpha
ocd-division/country:us/state:co/place:alpha/ward:3,Alpha ward 3
";
const OFFICIALS: &str = "\
place_geoid,jurisdiction,state,role,title,district,at_large,name,term_start,term_end,vacant,email,as_of
0804000,City of Alpha,CO,mayor,Mayor,,,Ada Lark,2023-11,2027,0,ada@alpha.example,2026-01
0804000,City of Alpha,CO,council_member,Council Member,Ward 3,,Bo Finch,,,0,bo@alpha.example,2021-22
0804000,City of Alpha,CO,council_member,Council Member,At-Large 2,,,,,1,,2026-01-01
";
const AREAS: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"GEOID":"0804000","NAME":"Alpha","district":"3","FUNCSTAT":"A","CLASSFP":"C1"},
"geometry":{"type":"Polygon","coordinates":[[[-104.9,39.6],[-104.7,39.6],[-104.7,39.8],[-104.9,39.8],[-104.9,39.6]],
[[-104.81,39.69],[-104.79,39.69],[-104.79,39.71],[-104.81,39.69]]]}},
{"type":"Feature","properties":{"GEOID":"0804001","NAME":"Beta","district":"4"},
"geometry":{"type":"MultiPolygon","coordinates":[[[[-104.7,39.6],[-104.5,39.6],[-104.5,39.8],[-104.7,39.6]]],
[[[-104.4,39.6],[-104.3,39.6],[-104.3,39.7],[-104.4,39.7]]]]}}]}"#;

/// Kind, file, more keys, content.
const GOOD: &[(&str, &str, &str, &str)] = &[
    ("address_points", "p.csv", "", POINTS),
    ("address_ranges", "r.csv", "", RANGES),
    ("street_segments", "s.csv", "", SEGMENTS),
    ("gazetteer", "g.txt", "", GAZETTEER),
    ("zips", "z.csv", "", ZIPS),
    ("divisions", "d.csv", "", DIVISIONS),
    ("officials", "o.csv", "", OFFICIALS),
    ("places", "a.geojson", "", AREAS),
    ("districts", "a.geojson", "place = \"0804000\"", AREAS),
];

#[test]
fn good_tables_and_maps_are_used_whole() {
    for (kind, path, more, good) in GOOD {
        let report = made(kind, path, more, &[(path, good.as_bytes())]).unwrap();
        let source = &report.sources[0];
        assert!(source.used > 0 && source.refused == 0, "{report}");
    }
}

#[test]
fn a_spoiled_table_or_map_is_refused_or_used_in_part() {
    let mut dice = Dice(5);
    for (kind, path, more, good) in GOOD {
        for _ in 0..80 {
            let spoiled = spoil(good.as_bytes(), &mut dice);
            let _ = made(kind, path, more, &[(path, &spoiled)]);
        }
    }
}

#[test]
fn any_bytes_are_refused_or_read_as_rows_that_mean_nothing() {
    let mut dice = Dice(6);
    for (kind, path, more, good) in GOOD {
        for turn in 0..14 {
            let mut bytes: Vec<u8> = (0..dice.roll(400)).map(|_| dice.roll(256) as u8).collect();
            if turn % 2 == 0 {
                // A header that is understood, above rubbish.
                let head = good.lines().next().unwrap_or_default();
                bytes.splice(0..0, [head.as_bytes(), b"\n"].concat());
            }
            let _ = made(kind, path, more, &[(path, &bytes)]);
            let _ = made(kind, "x.gz", more, &[("x.gz", &bytes)]);
            let _ = made(kind, "x.zip", more, &[("x.zip", &bytes)]);
        }
    }
}

#[test]
fn a_spoiled_archive_is_refused_or_read() {
    let mut dice = Dice(7);
    for (kind, path, more, good) in GOOD {
        let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
        gz.write_all(good.as_bytes()).unwrap();
        let gz = gz.finish().unwrap();
        let name = format!("{path}.gz");
        assert!(made(kind, &name, more, &[(&name, &gz)]).is_ok());
        let zip = shapes::zipped(&[(path, good.as_bytes())]);
        let packed = if path.ends_with("json") {
            "a.json.zip"
        } else {
            "a.zip"
        };
        assert!(made(kind, packed, more, &[(packed, &zip)]).is_ok());
        for _ in 0..24 {
            let spoiled = spoil(&gz, &mut dice);
            let _ = made(kind, &name, more, &[(&name, &spoiled)]);
            let spoiled = spoil(&zip, &mut dice);
            let _ = made(kind, packed, more, &[(packed, &spoiled)]);
        }
    }
}

#[test]
fn a_spoiled_shapefile_is_refused_or_used_in_part() {
    let mut dice = Dice(8);
    for (layer, kind) in [
        ("99001_addrfeat", "tiger_addrfeat"),
        ("99_place", "places"),
        ("99_place", "tiger"),
        ("99001_faces", "tiger"),
    ] {
        let (shp, dbf) = shapes::first(&GROUND, layer, 12);
        let stem = format!("tl_2026_{layer}");
        let (shp_name, dbf_name) = (format!("{stem}.shp"), format!("{stem}.dbf"));
        let path = if kind == "tiger" { "." } else { &shp_name };
        let whole = made(kind, path, "", &[(&shp_name, &shp), (&dbf_name, &dbf)]);
        assert!(whole.is_ok() || layer.ends_with("faces"), "{whole:?}");
        for turn in 0..80 {
            let spoiled = |good: &[u8], spoil_it: bool, dice: &mut Dice| {
                if spoil_it {
                    spoil(good, dice)
                } else {
                    good.to_vec()
                }
            };
            let shp = spoiled(&shp, turn % 3 != 0, &mut dice);
            let dbf = spoiled(&dbf, turn % 3 != 1, &mut dice);
            let _ = made(kind, path, "", &[(&shp_name, &shp), (&dbf_name, &dbf)]);
        }
    }
}
