//! Sources of every kind, whole and broken, through `redress civics build`.

#![expect(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use redress_tests::civics::{answer, build};
use redress_tests::program::refused;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const ON: &str = "2026-11-21";

/// A folder with a manifest.
struct Sources {
    folder: TempDir,
    manifest: String,
}

impl Sources {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            manifest: "name = \"test\"\nas_of = \"2026-01-01\"\n".to_owned(),
        }
    }

    fn file(self, name: &str, content: &str) -> Self {
        std::fs::write(self.folder.path().join(name), content).unwrap();
        self
    }

    fn source(mut self, kind: &str, path: &str, more: &str) -> Self {
        self.manifest.push_str(
            &[
                "[[source]]\nkind = \"",
                kind,
                "\"\npath = \"",
                path,
                "\"\n",
                more,
                "\n",
            ]
            .concat(),
        );
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn build(&self) -> (PathBuf, String) {
        std::fs::write(self.path("sources.toml"), &self.manifest).unwrap();
        let pack = self.path("test.pack");
        let report = build(&self.path("sources.toml"), &pack);
        (pack, report)
    }

    fn refused(&self) -> String {
        std::fs::write(self.path("sources.toml"), &self.manifest).unwrap();
        let pack = self.path("test.pack");
        let error = refused([
            Path::new("civics"),
            Path::new("build"),
            &self.path("sources.toml"),
            Path::new("--out"),
            &pack,
        ]);
        assert!(!pack.exists(), "a failed build left a pack");
        assert_eq!(
            std::fs::read_dir(self.folder.path())
                .unwrap()
                .filter(|entry| entry
                    .as_ref()
                    .unwrap()
                    .file_name()
                    .to_string_lossy()
                    .ends_with(".part"))
                .count(),
            0
        );
        error
    }
}

/// A square of a place or district, with its corner and size in thousandths of a degree.
fn square(properties: &str, x: i32, y: i32, size: i32) -> String {
    let at = |x: i32, y: i32| {
        format!(
            "[{:.3},{:.3}]",
            -150.0 + f64::from(x) / 1000.0,
            30.0 + f64::from(y) / 1000.0
        )
    };
    let ring = [
        at(x, y),
        at(x + size, y),
        at(x + size, y + size),
        at(x, y + size),
        at(x, y),
    ]
    .join(",");
    format!(
        "{{\"type\":\"Feature\",\"properties\":{{{properties}}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[[{ring}]]}}}}"
    )
}

fn collection(features: &[String]) -> String {
    format!(
        "{{\"type\":\"FeatureCollection\",\"features\":[{}]}}",
        features.join(",")
    )
}

fn city() -> String {
    collection(&[
        square(
            "\"geoid\":\"9900100\",\"name\":\"Alder\",\"namelsad\":\"Alder city\",\"lsad\":\"25\",\"funcstat\":\"A\"",
            0,
            0,
            20,
        ),
        square(
            "\"geoid\":\"9900200\",\"name\":\"Birch\",\"namelsad\":\"Birch CDP\",\"lsad\":\"57\",\"funcstat\":\"S\"",
            30,
            0,
            20,
        ),
    ])
}

fn wards(split_at: i32) -> String {
    let ward = |label: &str, x: i32, width: i32| {
        let at = |x: i32, y: i32| {
            format!(
                "[{:.4},{:.4}]",
                -150.0 + f64::from(x) / 1000.0,
                30.0 + f64::from(y) / 1000.0
            )
        };
        let ring = [
            at(x, 0),
            at(x + width, 0),
            at(x + width, 20),
            at(x, 20),
            at(x, 0),
        ]
        .join(",");
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"district\":\"{label}\",\"kind\":\"ward\"}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[[{ring}]]}}}}"
        )
    };
    collection(&[
        ward("Ward 01", 0, split_at),
        ward("2", split_at, 20 - split_at),
    ])
}

fn points(rows: &[(&str, i32, i32)]) -> String {
    let line = |(address, x, y): &(&str, i32, i32)| {
        let (lat, lon) = (
            30.0 + f64::from(*y) / 1000.0,
            -150.0 + f64::from(*x) / 1000.0,
        );
        format!("{address},Alder,ZZ,00101,{lat:.4},{lon:.4}\n")
    };
    let lines: String = rows.iter().map(line).collect();
    format!("address,city,state,zip,lat,lon\n{lines}")
}

fn alder() -> Sources {
    Sources::new()
        .file("places.geojson", &city())
        .file("old.geojson", &wards(5))
        .file("new.geojson", &wards(15))
        .file(
            "points.csv",
            &points(&[
                ("100 OAK ST", 10, 10),
                ("104 OAK ST", 10, 11),
                ("7 ELM RD", 40, 10),
                ("9 FIR LN", 90, 10),
                ("200 OAK ST", 12, 12),
                ("900 OAK ST", 11, 19),
            ]),
        )
        .source("places", "places.geojson", "")
        .source(
            "districts",
            "old.geojson",
            "place = \"9900100\"\nvalid_to = \"2022-04-28\"",
        )
        .source(
            "districts",
            "new.geojson",
            "place = \"9900100\"\nvalid_from = 2022-04-28\nvalid_to = 2024-01-01",
        )
        .source("address_points", "points.csv", "")
}

#[test]
fn the_map_in_force_on_the_day_decides_the_district() {
    let sources = alder();
    let (pack, _) = sources.build();
    let on = |day: &str| answer(&pack, "100 Oak St, Alder, ZZ 00101", day);
    assert_eq!(
        on("2022-04-27")["district"],
        "2",
        "the last day of the old map"
    );
    assert_eq!(
        on("2022-04-28")["district"],
        "1",
        "the first day of the new one"
    );
    let after = on("2024-01-01");
    assert!(
        after["district"].is_null()
            && after["reasons"]
                .to_string()
                .contains("district_map_expired"),
        "{after}"
    );
    assert_eq!(
        (&after["place"]["geoid"], &after["level"]),
        (&"9900100".into(), &"exact".into()),
        "the city does not expire with its map"
    );
}

#[test]
fn a_designated_place_and_open_land_have_no_government_of_their_own() {
    let (pack, _) = alder().build_kept();
    for address in ["7 Elm Rd, Alder, ZZ 00101", "9 Fir Ln, Alder, ZZ 00101"] {
        let answer = answer(&pack.1, address, ON);
        assert!(
            answer["place"].is_null() && answer["level"] == "exact",
            "{answer}"
        );
        assert!(answer["reasons"].to_string().contains("outside_any_city"));
        assert!(answer["district"].is_null());
    }
}

#[test]
fn a_number_between_two_known_ones_that_agree_is_exact_and_says_so() {
    let (pack, _) = alder().build_kept();
    let between = answer(&pack.1, "102 Oak St, Alder, ZZ 00101", "2023-01-01");
    assert_eq!(
        (&between["level"], &between["district"]),
        (&"exact".into(), &"1".into())
    );
    assert!(
        between["reasons"]
            .to_string()
            .contains("between_known_numbers")
    );
    let other_side = answer(&pack.1, "103 Oak St, Alder, ZZ 00101", "2023-01-01");
    assert_eq!(
        other_side["level"], "street",
        "nothing is known of the odd side: {other_side}"
    );
    assert_eq!(
        other_side["place"]["geoid"], "9900100",
        "but the whole street is in the city"
    );
    let far = answer(&pack.1, "2000 Oak St, Alder, ZZ 00101", ON);
    assert!(
        far["level"] == "street" && far["reasons"].to_string().contains("number_outside_ranges")
    );
}

#[test]
fn a_relaxed_text_wins_only_alone() {
    let sources = alder().file("more.csv", "number,street,city,state,zip,lat,lon\n100,N PINE ST,Alder,ZZ,00101,30.01,-149.99\n100,S PINE ST,Alder,ZZ,00101,30.01,-149.96\n100,W ASH ST,Alder,ZZ,00101,30.01,-149.99\n").source("address_points", "more.csv", "");
    let (pack, _) = sources.build();
    let ash = answer(&pack, "100 Ash Street, Alder, ZZ 00101", ON);
    assert_eq!(
        (&ash["level"], &ash["address"]["predir"]),
        (&"relaxed".into(), &"W".into())
    );
    assert!(ash["reasons"].to_string().contains("directional_missing"));
    let pine = answer(&pack, "100 Pine Street, Alder, ZZ 00101", ON);
    assert_eq!(
        pine["level"], "candidates",
        "north is in the city, south is not: {pine}"
    );
    assert_eq!(pine["alternatives"].as_array().unwrap().len(), 2);
    assert!(
        pine["place"].is_null() && pine["posts"].as_array().unwrap().is_empty(),
        "no government is named in silence"
    );
    assert_eq!(
        answer(&pack, "100 W Ahs St, Alder, ZZ 00101", ON)["level"],
        "area",
        "three letters are too few for a typo"
    );
}

#[test]
fn the_later_of_two_sources_wins_and_the_report_says_so() {
    let sources = alder()
        .file("later.csv", &points(&[("100 OAK ST", 40, 10)]))
        .source("address_points", "later.csv", "");
    let (pack, report) = sources.build();
    assert!(
        report.contains("addresses given again by a later source 1"),
        "{report}"
    );
    assert!(answer(&pack, "100 Oak St, Alder, ZZ 00101", ON)["place"].is_null());
}

#[test]
fn house_numbers_and_streets_are_taken_apart_however_they_stand() {
    let csv = "lon,lat,number,street\n-149.99,30.01,1016-18 WILLOW AVE,1016-18 Willow Avenue\n-149.99,30.011,,12 Willow Ave\n-149.99,30.012,14 WILLOW AVE.,\n-149.99,30.013,92-10,Willow Ave\n-149.99,30.01,,Willow Ave\n,30.01,9,Willow Ave\n";
    let sources = Sources::new().file("places.geojson", &city()).file("points.csv", csv).source("places", "places.geojson", "").source(
        "address_points",
        "points.csv",
        "defaults = { city = \"Alder\", state = \"ZZ\", zip = \"00101\" }\ncolumns = { number = \"number\", street = \"street\", lat = \"lat\", lon = \"lon\" }",
    );
    let (pack, report) = sources.build();
    assert!(report.contains("read 6, used 4, refused 2"), "{report}");
    assert!(
        report.contains("no house number (line 6)")
            && report.contains("latitude or longitude missing or not on the globe (line 7)"),
        "{report}"
    );
    for number in ["1016-18", "1016", "1018", "12", "14", "92-10"] {
        let answer = answer(
            &pack,
            &format!("{number} Willow Avenue, Alder, ZZ 00101"),
            ON,
        );
        assert_eq!(
            (&answer["level"], &answer["place"]["geoid"]),
            (&"exact".into(), &"9900100".into()),
            "{number}: {answer}"
        );
    }
}

#[test]
fn an_election_list_names_the_district_without_geometry() {
    let csv = "lo,hi,side,street,type,zip,ward\n1,99,O,19th,Ave,00101,4\n2,98,E,19th,Ave,00101,5\n100,199,A,19th,Ave,00101,5\n7,x,O,19th,Ave,00101,5\n1,9,Q,19th,Ave,00101,5\n";
    let sources = Sources::new().file("list.csv", csv).source(
        "street_segments",
        "list.csv",
        "place = \"9900100\"\ndefaults = { city = \"Alder\", state = \"ZZ\" }\ncolumns = { from = \"lo\", to = \"hi\", parity = \"side\", street = \"street\", type = \"type\", zip = \"zip\", district = \"ward\" }",
    );
    let (pack, report) = sources.build();
    assert!(report.contains("read 5, used 3, refused 2"), "{report}");
    let district = |number: u32| {
        answer(&pack, &format!("{number} 19th Avenue, Alder ZZ 00101"), ON)["district"].clone()
    };
    assert_eq!(
        [district(7), district(8), district(150)],
        ["4", "5", "5"].map(serde_json::Value::from)
    );
}

#[test]
fn a_ranges_line_that_a_border_crosses_is_measured() {
    let line = "LINESTRING(-149.998 30.010, -149.982 30.010)";
    let csv = format!(
        "from,to,parity,street,state,zip,side,geometry\n1,399,odd,Oak St,ZZ,00101,L,\"{line}\"\n400,2,even,Oak St,ZZ,00101,R,\"{line}\"\n1,99,odd,Bad St,ZZ,00101,L,POINT(1 1)\n1,99,odd,Far St,ZZ,00101,L,\"LINESTRING(600000 400000, 600100 400100)\"\n"
    );
    let sources = Sources::new()
        .file("places.geojson", &city())
        .file("wards.geojson", &wards(10))
        .file("ranges.csv", &csv)
        .source("places", "places.geojson", "")
        .source("districts", "wards.geojson", "place = \"9900100\"")
        .source("address_ranges", "ranges.csv", "");
    let (pack, report) = sources.build();
    assert!(
        report.contains("split sides 2")
            && report.contains("refused 2: a geometry that is no LINESTRING"),
        "{report}"
    );
    let of = |number: u32| answer(&pack, &format!("{number} Oak St, ZZ 00101"), ON);
    assert_eq!(
        (&of(21)["level"], &of(21)["district"]),
        (&"exact_split".into(), &"1".into())
    );
    assert_eq!(of(381)["district"], "2");
    assert_eq!(of(380)["district"], "1", "the other side descends");
    assert_eq!(
        of(199)["level"],
        "candidates",
        "in the middle stands the border"
    );
}

#[test]
fn what_cannot_be_used_is_named_with_the_mend() {
    let with_district = |content: &str| {
        Sources::new().file("d.geojson", content).source(
            "districts",
            "d.geojson",
            "place = \"9900100\"",
        )
    };
    let error = with_district("{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::2232\"}},\"features\":[]}").refused();
    assert!(
        error.contains("EPSG::2232") && error.contains("ogr2ogr"),
        "{error}"
    );
    assert!(with_district("{\"type\":").refused().contains("d.geojson"));
    assert!(with_district("[1,2]").refused().contains("features"));
    let (_, report) = with_district(&collection(&["{\"type\":\"Feature\",\"properties\":{\"district\":\"1\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[6000000,2100000],[6000100,2100000],[6000100,2100100],[6000000,2100000]]]}}".to_owned(), "{\"type\":\"Feature\",\"properties\":{\"district\":\"2\"},\"geometry\":null}".to_owned(), "7".to_owned()])).build();
    assert!(
        report.contains("used 0, refused 3") && report.contains("EPSG:4326"),
        "{report}"
    );
    let missing = Sources::new().source("zips", "absent.csv", "");
    assert!(missing.refused().contains("absent.csv"));
    assert!(
        Sources::new()
            .source("zips", "*.csv", "")
            .refused()
            .contains("names no file")
    );
    let headless = Sources::new()
        .file("z.csv", "a,b\n1,2\n")
        .source("zips", "z.csv", "");
    assert!(headless.refused().contains("its columns are a, b"));
    let unknown = Sources::new()
        .file("z.csv", "zip\n1\n")
        .source("zipz", "z.csv", "");
    assert!(
        unknown.refused().contains("address_points"),
        "the known kinds are listed"
    );
}

#[test]
fn hostile_tables_are_refused_row_by_row() {
    let mut bytes =
        b"address,city,state,zip,lat,lon\n1 OAK ST,Alder,ZZ,00101,30.01,-149.99\n2 OAK ST,Alder\n"
            .to_vec();
    bytes.extend(b"3 \xff\xfe ST,Alder,ZZ,00101,30.01,-149.99\n4 OAK ST,Alder,ZZ,1O101,30.01,-149.99\n5 OAK ST,Alder,ZZ,00101,nan,-149.99\nPO BOX 3,Alder,ZZ,00101,30.01,-149.99\n");
    bytes.extend(
        format!(
            "6 {} ST,Alder,ZZ,00101,30.01,-149.99\n",
            "A".repeat(100_000)
        )
        .as_bytes(),
    );
    bytes.extend(b"\"7 OAK\0ST\",Alder,ZZ,00101,30.01,-149.99\n8 OAK ST,Alder,ZZ,00101,91,-149.99\n\"9 OAK ST,Alder,ZZ");
    let sources = alder();
    std::fs::write(sources.path("bad.csv"), bytes).unwrap();
    let (_, report) = sources.source("address_points", "bad.csv", "").build();
    let section = report.split("bad.csv").nth(1).unwrap();
    assert!(section.contains("read 10, used 2, refused 8"), "{section}");
    assert!(section.contains("not UTF-8 text (line 4)"), "{section}");
}

#[test]
fn broken_shapefiles_are_refused() {
    let sources = Sources::new()
        .file("tl_2026_99001_addrfeat.shp", "not a shapefile")
        .file("tl_2026_99001_addrfeat.dbf", "neither");
    let sources = sources.source("tiger_addrfeat", "tl_2026_99001_addrfeat.shp", "");
    assert!(sources.refused().contains("addrfeat"));
    let cut =
        Sources::new()
            .file("x.zip", "PK\u{3}\u{4}broken")
            .source("tiger_addrfeat", "x.zip", "");
    assert!(cut.refused().contains("archive cannot be read"));
    let projected = Sources::new()
        .file("p.shp", "x")
        .file("p.dbf", "x")
        .file("p.prj", "PROJCS[\"NAD_1983_StatePlane\",GEOGCS[]]")
        .source("tiger_addrfeat", "p.shp", "");
    assert!(projected.refused().contains("NAD_1983_StatePlane"));
}

/// Keeps the folder beside the pack's path.
trait BuildKept {
    fn build_kept(self) -> ((Sources, PathBuf), String);
}

impl BuildKept for Sources {
    fn build_kept(self) -> ((Sources, PathBuf), String) {
        let (pack, report) = self.build();
        ((self, pack), report)
    }
}

#[test]
fn districts_may_stand_before_their_city_and_name_their_label_as_they_like() {
    let renamed = wards(10).replace("\"district\"", "\"WARD_NO\"");
    let rows = [("100 OAK ST", 5, 10), ("102 OAK ST", 15, 10)];
    let sources = Sources::new()
        .file("wards.geojson", &renamed)
        .file("places.geojson", &city())
        .file("points.csv", &points(&rows))
        .source(
            "districts",
            "wards.geojson",
            "place = \"9900100\"\ncolumns = { district = \"WARD_NO\" }",
        )
        .source("places", "places.geojson", "")
        .source("address_points", "points.csv", "");
    let (pack, report) = sources.build();
    assert!(report.contains("governments 1"), "{report}");
    let district = |address: &str| {
        answer(&pack, &format!("{address}, Alder, ZZ 00101"), ON)["district"].clone()
    };
    assert_eq!(
        [district("100 Oak St"), district("102 Oak St")],
        ["1", "2"].map(serde_json::Value::from)
    );
}

#[test]
fn a_known_address_beside_a_border_stays_exact_and_says_so() {
    let at_border = "address,city,state,zip,lat,lon\n1 OAK ST,Alder,ZZ,00101,30.01,-149.98503\n";
    let sources = alder()
        .file("near.csv", at_border)
        .source("address_points", "near.csv", "");
    let (pack, _) = sources.build();
    let near = answer(&pack, "1 Oak St, Alder, ZZ 00101", "2023-01-01");
    assert_eq!(
        (&near["level"], &near["district"]),
        (&"exact".into(), &"1".into())
    );
    assert!(
        near["reasons"].to_string().contains("border_within_band"),
        "{near}"
    );
}

#[test]
fn a_source_without_states_still_answers_for_its_city() {
    let csv = "address,zip,lat,lon\n100 OAK ST,00101,30.01,-149.99\n";
    let sources = Sources::new()
        .file("places.geojson", &city())
        .file("points.csv", csv)
        .source("places", "places.geojson", "")
        .source("address_points", "points.csv", "");
    let (pack, _) = sources.build();
    for address in [
        "100 Oak St, Alder, ZZ",
        "100 Oak St, Alder, ZZ 00101",
        "100 oak street alder zz",
    ] {
        let answer = answer(&pack, address, ON);
        assert_eq!(
            (&answer["level"], &answer["place"]["geoid"]),
            (&"exact".into(), &"9900100".into()),
            "{answer}"
        );
    }
}
