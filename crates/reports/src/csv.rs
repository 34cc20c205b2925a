//! CSV: any table as text. Streams.
//!
//! RFC 4180 in UTF-8 without a byte order mark, lines end in LF, cells are quoted where they must be. The header is the first
//! line, with or without rows. Text that a spreadsheet would take for a formula is neutralised ([`crate::formula`]): the
//! one format in which a cell is not always what the report says. An empty cell is empty.

use crate::error::ReportResult;
use crate::formula::neutralised;
use crate::row::{Cell, Row};
use std::borrow::Cow;
use std::io::{self, Write};

/// Writes rows as they come and flushes. Fails when the writer does.
pub fn write<R: Row>(rows: impl IntoIterator<Item = R>, out: impl Write) -> ReportResult {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(R::COLUMNS).map_err(io::Error::from)?;
    for row in rows {
        for cell in row.cells() {
            writer
                .write_field(plain(cell).as_bytes())
                .map_err(io::Error::from)?;
        }
        writer
            .write_record(None::<&[u8]>)
            .map_err(io::Error::from)?;
    }
    writer.flush()?;
    Ok(())
}

fn plain(cell: Cell<'_>) -> Cow<'_, str> {
    match cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Text(text) => neutralised(text),
        Cell::Number(number) => Cow::Owned(number.to_string()),
    }
}
