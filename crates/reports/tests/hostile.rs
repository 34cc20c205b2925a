//! Names written by somebody who wants to do harm come back as the text that they are, from every format.

#[path = "support/sheet.rs"]
mod sheet;

use calamine::Data;
use proptest::prelude::*;
use redress_model::geoid::Geoid;
use redress_model::home::{District, Home};
use redress_model::tally::{DistrictTally, Tally};
use redress_reports::counts::{self, CountRow};
use redress_reports::format::Format;
use redress_reports::formula::neutralised;
use redress_reports::place::Place;

fn hostile_names() -> Vec<String> {
    let names = [
        "=HYPERLINK(\"http://example.org\",\"Aurora\")",
        "+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "＝1",
        "'=1",
        "\"; drop table\"",
        "one\ntwo\r\nthree\rfour",
        "nul\0 and bell\u{7}",
        "not a character \u{FFFF}\u{FFFE}",
        "👩‍👩‍👧‍👦 Cañón \u{202E}drawkcab",
        "</script><script>alert(1)</script>",
        "]]>&amp;<![CDATA[",
        "_x000D_ _x005F_x0041_",
        "http://example.org",
        " spaces ",
        "null",
        "0123",
        "1e9",
    ];
    let long = "long ".repeat(2048);
    names.map(str::to_owned).into_iter().chain([long]).collect()
}

#[test]
fn hostile_names_come_back_from_csv_with_formulas_neutralised() {
    for name in hostile_names() {
        assert_eq!(from_csv(&name), neutralised(&name));
    }
}

#[test]
fn hostile_names_come_back_from_json_as_they_are() {
    for name in hostile_names() {
        assert_eq!(from_json(&name), name);
    }
}

#[test]
fn hostile_names_come_back_from_geojson_as_they_are() {
    for name in hostile_names() {
        assert_eq!(from_geojson(&name), name);
    }
}

#[test]
fn hostile_names_come_back_from_a_spreadsheet_as_they_are() {
    for name in hostile_names() {
        assert_eq!(from_sheet(&name), name);
    }
}

#[test]
fn a_name_in_the_markup_of_spreadsheets_stays_a_name() {
    for name in ["<r></si></sst></r>", "<r><t>Aurora</t></r>"] {
        assert_eq!(from_sheet(name), format!("'{name}"));
    }
}

#[test]
fn a_district_that_tries_to_be_a_formula_is_neutralised_too() {
    let mut row = row_named("Aurora city");
    row.district = District::parse("=1+1").ok();
    let written = text(Format::Csv, &row);
    assert!(written.contains(",'=1+1,"), "{written}");
}

#[test]
fn a_spreadsheet_marks_as_text_what_would_become_a_formula() {
    let file = bytes(Format::Xlsx, &row_named("=1+1"));
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
    let styles = std::io::read_to_string(archive.by_name("xl/styles.xml").unwrap()).unwrap();
    assert!(styles.contains(r#"quotePrefix="1""#), "{styles}");
    let sheet =
        std::io::read_to_string(archive.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
    assert!(!sheet.contains("<f>"), "{sheet}");
}

proptest! {
    #[test]
    fn any_name_comes_back_from_every_format(name in "\\PC{1,20}|[\\x00-\\x1F<>&\"'_x0-9=+@,;-]{1,20}") {
        prop_assert_eq!(from_csv(&name), neutralised(&name));
        prop_assert_eq!(from_json(&name), &*name);
        prop_assert_eq!(from_geojson(&name), &*name);
        prop_assert_eq!(from_sheet(&name), name);
    }
}

fn from_csv(name: &str) -> String {
    let written = bytes(Format::Csv, &row_named(name));
    let mut reader = csv::Reader::from_reader(&*written);
    let records: Vec<_> = reader
        .records()
        .map(|record| record.expect("a row"))
        .collect();
    assert_eq!(records.len(), 1);
    assert_eq!((&records[0][0], &records[0][4]), ("0804000", "1"));
    records[0][1].to_owned()
}

fn from_json(name: &str) -> String {
    let written = text(Format::Json, &row_named(name));
    let rows: serde_json::Value = serde_json::from_str(&written).expect("JSON");
    assert_eq!(rows[0]["count"], 1);
    rows[0]["name"].as_str().expect("text").to_owned()
}

fn from_geojson(name: &str) -> String {
    let written = text(Format::Geojson, &row_named(name));
    let features: geojson::FeatureCollection = written.parse().expect("GeoJSON");
    let name = features.features[0].property("name").expect("a name");
    name.as_str().expect("text").to_owned()
}

fn from_sheet(name: &str) -> String {
    let rows = sheet::rows(&bytes(Format::Xlsx, &row_named(name)), "counts");
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1][4], Data::Float(1.0));
    match &rows[1][1] {
        Data::String(text) => text.clone(),
        other => panic!("a name became {other:?}"),
    }
}

fn row_named(name: &str) -> CountRow {
    let tally = DistrictTally {
        home: Home::Government(Geoid::parse("0804000").expect("a GEOID")),
        district: None,
        tally: Tally::one(false, false),
    };
    let rows = counts::by_district([tally], |_| {
        Some(Place {
            name: name.to_owned(),
            state: "CO".to_owned(),
            point: None,
        })
    });
    rows.into_iter().next().expect("a row")
}

fn bytes(format: Format, row: &CountRow) -> Vec<u8> {
    let mut out = Vec::new();
    format.write([row], &mut out).expect("memory takes all");
    out
}

fn text(format: Format, row: &CountRow) -> String {
    String::from_utf8(bytes(format, row)).expect("UTF-8")
}
