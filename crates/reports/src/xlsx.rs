//! XLSX: any table as a sheet of a spreadsheet. Does not stream.
//!
//! The whole sheet is held in memory, some hundred bytes a cell, and nothing is written before all of it is made; a list that
//! could be long is better given as CSV. One sheet named for the report, the header bold and frozen above the rows, columns
//! as wide as their text asks within reason. The creation date is a fixed one, so that the same rows give the same bytes.
//!
//! Text is text: no cell is ever a formula or a link. One that would become a formula if somebody edited it or saved it as
//! CSV ([`crate::formula`]) carries the mark that a spreadsheet itself sets for a typed apostrophe, and reads as it is. Two
//! kinds of text change: one over 32,767 UTF-16 units, which no cell holds, is cut there and ends in an ellipsis; one that
//! begins with `<r>`, the markup of spreadsheets, gets an apostrophe in front.

use crate::error::{ReportError, ReportResult};
use crate::formula::is_formula;
use crate::row::{Cell, Row};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::borrow::Cow;
use std::io::Write;

/// Rows under the header of one sheet.
const MOST_ROWS: u32 = 1_048_575;
/// UTF-16 units in one cell.
const LONGEST_TEXT: usize = 32_767;
/// Pixels.
const WIDEST_COLUMN: u32 = 400;

/// Takes all rows, then writes the whole file and flushes. Fails when the writer does, and with
/// [`ReportError::TooManyRows`] past 1,048,575 rows.
pub fn write<R: Row>(rows: impl IntoIterator<Item = R>, mut out: impl Write) -> ReportResult {
    let mut workbook = Workbook::new();
    let created_at = ExcelDateTime::from_ymd(2000, 1, 1).map_err(unmade)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created_at));
    fill(workbook.add_worksheet(), rows)?;
    let bytes = workbook.save_to_buffer().map_err(unmade)?;
    out.write_all(&bytes)?;
    out.flush()?;
    Ok(())
}

fn fill<R: Row>(sheet: &mut Worksheet, rows: impl IntoIterator<Item = R>) -> ReportResult {
    sheet.set_name(R::TITLE).map_err(unmade)?;
    sheet.set_freeze_panes(1, 0).map_err(unmade)?;
    let header = Format::new().set_bold();
    for (column, name) in (0..).zip(R::COLUMNS) {
        sheet
            .write_string_with_format(0, column, *name, &header)
            .map_err(unmade)?;
    }
    for (above, row) in (0..).zip(rows) {
        if above == MOST_ROWS {
            return Err(ReportError::TooManyRows { most: MOST_ROWS });
        }
        for (column, cell) in (0..).zip(row.cells()) {
            put(sheet, above + 1, column, cell).map_err(unmade)?;
        }
    }
    sheet.set_autofit_max_width(WIDEST_COLUMN).autofit();
    Ok(())
}

fn put(sheet: &mut Worksheet, row: u32, column: u16, cell: Cell<'_>) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) if is_formula(text) => {
            let marked = Format::new().set_quote_prefix();
            sheet.write_string_with_format(row, column, fitting(text), &marked)?;
        }
        Cell::Text(text) => {
            sheet.write_string(row, column, fitting(&without_markup(text)))?;
        }
        Cell::Number(number) => {
            sheet.write_number(row, column, number as f64)?;
        }
    }
    Ok(())
}

/// `rust_xlsxwriter` keeps its own formatted text as `<r>...</r>` and writes what looks like it into the file unescaped, so that
/// somebody named so could break the file or write into it. An apostrophe in front makes it plain text.
fn without_markup(text: &str) -> Cow<'_, str> {
    if text.starts_with("<r>") {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text, cut where a cell ends.
fn fitting(text: &str) -> String {
    if text.encode_utf16().count() <= LONGEST_TEXT {
        return text.to_owned();
    }
    let mut left = LONGEST_TEXT - 1;
    let kept = text.chars().take_while(|next| {
        let fits = next.len_utf16() <= left;
        left = left.saturating_sub(next.len_utf16());
        fits
    });
    kept.chain(['…']).collect()
}

fn unmade(error: XlsxError) -> ReportError {
    ReportError::Spreadsheet(Box::new(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_fits_a_cell_is_whole_and_longer_text_says_that_it_was_cut() {
        let whole = "a".repeat(LONGEST_TEXT);
        assert_eq!(fitting(&whole), whole);
        let cut = fitting(&"🐈".repeat(LONGEST_TEXT));
        assert_eq!(cut.encode_utf16().count(), LONGEST_TEXT);
        assert!(cut.ends_with("🐈…"));
    }
}
