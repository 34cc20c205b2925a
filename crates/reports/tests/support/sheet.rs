//! A spreadsheet's cells, read by another library than the one that wrote them.

use calamine::{Data, Reader, Xlsx};
use std::io::Cursor;

/// The rows of the sheet of that name, header first.
pub fn rows(bytes: &[u8], title: &str) -> Vec<Vec<Data>> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).expect("a spreadsheet");
    assert_eq!(workbook.sheet_names(), [title]);
    let range = workbook.worksheet_range(title).expect("a sheet");
    range.rows().map(<[Data]>::to_vec).collect()
}
