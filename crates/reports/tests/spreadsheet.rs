//! What a spreadsheet has beside its cells' text, and what it leaves out.

#[path = "support/county.rs"]
mod county;
#[path = "support/sheet.rs"]
mod sheet;

use calamine::Data;
use redress_reports::counts::CountRow;
use redress_reports::row::Row;
use redress_reports::xlsx;
use std::io::{Cursor, Read};

#[test]
fn a_spreadsheet_has_text_as_text_and_numbers_as_numbers() {
    let rows = sheet::rows(&written(county::by_place()), "counts");
    let text = |text: &str| Data::String(text.to_owned());
    let header: Vec<_> = CountRow::COLUMNS.iter().map(|name| text(name)).collect();
    assert_eq!(rows[0], header);
    assert_eq!(
        rows[1],
        [
            text("0804000"),
            text("Aurora city"),
            text("CO"),
            Data::Empty,
            Data::Float(11.0),
            Data::Float(2.0),
            Data::Float(5.0)
        ]
    );
    assert_eq!(rows[5][..2], [Data::Empty, text("not located")]);
    assert_eq!(rows.len(), 6);
}

#[test]
fn a_spreadsheet_has_a_bold_header_that_stays_in_view() {
    let file = written(county::by_place());
    let sheet = part(&file, "xl/worksheets/sheet1.xml");
    assert!(
        sheet.contains(
            r#"<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>"#
        )
    );
    assert!(sheet.contains(r#"<c r="A1" s="1" t="s">"#));
    assert!(part(&file, "xl/styles.xml").contains("<font><b/>"));
}

#[test]
fn a_spreadsheet_says_nothing_of_the_day_on_which_it_was_made() {
    let file = written(county::by_district());
    assert_eq!(
        part(&file, "docProps/core.xml")
            .matches("2000-01-01T00:00:00Z")
            .count(),
        2
    );
    let mut archive = zip::ZipArchive::new(Cursor::new(&file)).unwrap();
    for index in 0..archive.len() {
        let entry = archive.by_index(index).unwrap();
        assert_eq!(
            entry.last_modified(),
            Some(zip::DateTime::default()),
            "{}",
            entry.name().unwrap()
        );
    }
}

fn written(rows: Vec<CountRow>) -> Vec<u8> {
    let mut out = Vec::new();
    xlsx::write(rows, &mut out).expect("memory takes all");
    out
}

fn part(file: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).expect("a ZIP file");
    let mut text = String::new();
    let mut entry = archive.by_name(name).expect("a part of that name");
    entry.read_to_string(&mut text).expect("UTF-8");
    text
}
