//! How formats write: as rows come, and what happens when they cannot.

use redress_reports::error::ReportError;
use redress_reports::format::Format;
use redress_reports::row::{Cell, Row};
use std::io::{self, Write};

#[test]
fn rows_are_written_while_others_are_still_to_come() {
    for format in [Format::Csv, Format::Json, Format::Geojson] {
        let written = std::cell::Cell::new(0);
        let mut most_waiting = 0;
        let rows = (0..20_000u32).map(|number| {
            let bytes_given = number as usize * 10;
            most_waiting = most_waiting.max(bytes_given.saturating_sub(written.get()));
            Long
        });
        format.write(rows, Counting(&written)).unwrap();
        assert!(
            most_waiting < 20_000,
            "{format:?} held {most_waiting} bytes back"
        );
    }
}

#[test]
fn a_writer_that_takes_no_more_fails_the_report() {
    for format in Format::ALL {
        let mut room = [0; 10];
        let result = format.write([Long], &mut room[..]);
        assert!(matches!(result, Err(ReportError::Write(_))), "{format:?}");
    }
}

#[test]
fn more_rows_than_a_sheet_has_are_refused_with_the_way_out() {
    let result = Format::Xlsx.write((0..1_048_576).map(|_| Blank), io::sink());
    assert_eq!(
        result.unwrap_err().to_string(),
        "a spreadsheet holds at most 1048575 rows; CSV has no such limit"
    );
}

/// A row of ten bytes or more in any format.
struct Long;

impl Row for Long {
    const TITLE: &'static str = "long";
    const COLUMNS: &'static [&'static str] = &["text"];

    fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        [Cell::Text("ten bytes.")].into_iter()
    }
}

struct Blank;

impl Row for Blank {
    const TITLE: &'static str = "blank";
    const COLUMNS: &'static [&'static str] = &["text"];

    fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        [Cell::Empty].into_iter()
    }
}

struct Counting<'count>(&'count std::cell::Cell<usize>);

impl Write for Counting<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.set(self.0.get() + bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
