//! Sources made to exhaust time, memory or stack, each refused with a word.

use crate::shapes;
use crate::workshop::{made, made_in};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

#[test]
fn a_line_of_wkt_is_read_no_deeper_than_a_line() {
    let head = "from,to,street,state,zip,geometry\n";
    let nested = "GEOMETRYCOLLECTION(".repeat(100_000);
    let long: Vec<String> = (0..20_000)
        .map(|at| format!("{} 1", f64::from(at) * 1e-3))
        .collect();
    for geometry in [
        nested,
        format!("LINESTRING({})", long.join(",")),
        "LINESTRING(NaN NaN, inf inf)".into(),
        "LINESTRING(1e400 0, 0 0)".into(),
        "LINESTRING(0 0)".into(),
        "LINESTRING EMPTY".into(),
        "MULTILINESTRING EMPTY".into(),
        "LINESTRING(0 0, 0".into(),
        "LINÉSTRING".into(),
    ] {
        let table = format!("{head}1,9,Oak St,CO,80010,\"{geometry}\"\n");
        let report = made(
            "address_ranges",
            "r.csv",
            "",
            &[("r.csv", table.as_bytes())],
        )
        .unwrap();
        assert!(
            report.sources[0]
                .refusals
                .contains_key("a geometry that is no LINESTRING in degrees"),
            "{report}"
        );
    }
    // As long as a line may be, and of no length at all.
    let most: Vec<String> = (0..10_000)
        .map(|at| format!("{} 1", f64::from(at) * 1e-5))
        .collect();
    for line in [most.join(","), "0 0,0 0,0 0".into()] {
        let table = format!("{head}1,9,Oak St,CO,80010,\"LINESTRING({line})\"\n");
        let report = made(
            "address_ranges",
            "r.csv",
            "",
            &[("r.csv", table.as_bytes())],
        )
        .unwrap();
        assert_eq!(report.sources[0].used, 1, "{report}");
    }
}

#[test]
fn numbers_beyond_every_house_are_refused_by_line() {
    let table = "from,to,street,state,zip,place\n\
        99999999999,99999999999,Oak St,CO,80010,0804000\n\
        999999999,0,Oak St,CO,80010,0804000\n\
        399999-9999,399999-9999,Oak St,CO,80010,0804000\n\
        400000-1,400000-9999,Oak St,CO,80010,0804000\n\
        N999999999W1,N999999999W999999999,Oak St,CO,80010,0804000\n";
    let report = made(
        "street_segments",
        "s.csv",
        "",
        &[("s.csv", table.as_bytes())],
    )
    .unwrap();
    assert_eq!(
        (report.sources[0].read, report.sources[0].refused),
        (5, 1),
        "{report}"
    );
}

#[test]
fn archives_made_to_fill_a_disk_are_refused() {
    let zeros = vec![b' '; 80 << 20];
    let mut gz = GzEncoder::new(Vec::new(), Compression::best());
    gz.write_all(&zeros).unwrap();
    let gz = gz.finish().unwrap();
    let zip = shapes::zipped(&[("a.csv", &zeros), ("a.geojson", &zeros), ("a.dbf", &zeros)]);
    for (kind, name, bytes) in [
        ("zips", "z.csv.gz", &gz),
        ("officials", "o.csv.gz", &gz),
        ("places", "a.geojson.gz", &gz),
        ("zips", "z.zip", &zip),
        ("places", "a.json.zip", &zip),
        ("places", "a.zip", &zip),
    ] {
        let error = made(kind, name, "", &[(name, bytes)]).unwrap_err();
        assert!(error.contains("more than any such file"), "{name}: {error}");
    }
}

#[test]
fn what_is_no_file_is_refused() {
    for (kind, path) in [
        ("zips", "/dev/zero"),
        ("places", "/dev/zero"),
        ("zips", "."),
        ("officials", ""),
    ] {
        let error = made(kind, path, "", &[]).unwrap_err();
        assert!(
            error.contains("is no file") || error.contains("no such file"),
            "{error}"
        );
    }
}

#[cfg(unix)]
#[test]
fn folders_that_lead_back_to_themselves_are_walked_once() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a", "b", "c"] {
        std::os::unix::fs::symlink(folder.path(), folder.path().join(name)).unwrap();
    }
    let manifest = b"name=\"n\"\n[[source]]\nkind=\"tiger\"\npath=\".\"\n";
    let error = made_in(folder.path(), manifest).unwrap_err();
    assert!(error.contains("holds no TIGER/Line file"), "{error}");
}

#[test]
fn a_report_stays_short_whatever_a_file_says() {
    let long = "x".repeat(100_000);
    let mut table = format!("place_geoid,role,name,{long}\n");
    for row in 0..3_000 {
        table.extend([format!("0804000,role {row},Ada,\n{row},mayor,{long},\n")]);
    }
    let report = made("officials", "o.csv", "", &[("o.csv", table.as_bytes())]).unwrap();
    assert_eq!(report.sources[0].refused, 6_000);
    assert!(report.sources[0].refusals.len() < 300);
    let error = made("zips", "z.csv", "", &[("z.csv", long.as_bytes())]).unwrap_err();
    assert!(error.contains("has no column for zip"), "{error}");
    // A name longer than any.
    let table = format!("geoid,name\n0804000,{long}\n");
    let report = made("gazetteer", "g.csv", "", &[("g.csv", table.as_bytes())]).unwrap();
    assert_eq!(report.sources[0].refused, 1, "{report}");
}

#[test]
fn a_list_that_gives_one_post_to_everybody_is_cut_soon() {
    let mut table = String::from("place_geoid,role,name,as_of\n");
    for row in 0..20_000 {
        table.extend([format!("0804000,council_member,Person {row},2026\n")]);
    }
    let report = made("officials", "o.csv", "", &[("o.csv", table.as_bytes())]).unwrap();
    assert_eq!(report.sources[0].used, 2_000);
}

#[test]
fn every_address_at_one_door_is_answered_soon() {
    let mut table = String::from("number,street,state,zip,lat,lon\n");
    for row in 0..30_000 {
        let lon = -104.8 + f64::from(row) * 1e-5;
        table.extend([format!("12,Oak St,CO,80010,39.7,{lon}\n")]);
    }
    made(
        "address_points",
        "p.csv",
        "",
        &[("p.csv", table.as_bytes())],
    )
    .unwrap();
}

#[test]
fn a_manifest_of_any_bytes_is_refused() {
    let mut dice = crate::ground::Dice(9);
    let good = "name = \"n\"\nas_of = 2026-01-01\n[[source]]\nkind = \"zips\"\npath = \"z.csv\"\n\
        columns = { zip = \"a\" }\ndefaults = { state = \"CO\" }\ndelimiter = \";\"\nvalid_from = 2020-01-01\n";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("z.csv"), "a\n80010\n").unwrap();
    made_in(folder.path(), good.as_bytes()).unwrap();
    for _ in 0..300 {
        let _ = made_in(
            folder.path(),
            &crate::workshop::spoil(good.as_bytes(), &mut dice),
        );
    }
    for bytes in [
        b"\xff\xfe".to_vec(),
        format!("name = {}", "[".repeat(100_000)).into_bytes(),
        format!("name = {}", "{a=".repeat(100_000)).into_bytes(),
        format!("{}a = 1", "a.".repeat(100_000)).into_bytes(),
        format!("{good}path = \"{}\"", "*".repeat(10_000)).into_bytes(),
        good.replace("z.csv", "[").into_bytes(),
        good.replace("\";\"", "'\"'").into_bytes(),
        good.replace("\";\"", "\"\\n\"").into_bytes(),
        good.replace("2020-01-01", "9999-12-31T23:59:60Z")
            .into_bytes(),
    ] {
        assert!(made_in(folder.path(), &bytes).is_err());
    }
}
