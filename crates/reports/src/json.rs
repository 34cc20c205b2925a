//! JSON: any table as an array of objects. Streams.
//!
//! One object a row, its members named for the columns and in their order, numbers as numbers, `null` for an empty cell. One
//! row a line, so that two reports can be compared line by line. Text is as the report says it.

use crate::error::ReportResult;
use crate::row::{Cell, Row};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::io::{self, BufWriter, Write};

/// Writes rows as they come and flushes. Fails when the writer does.
pub fn write<R: Row>(rows: impl IntoIterator<Item = R>, out: impl Write) -> ReportResult {
    let mut out = BufWriter::new(out);
    out.write_all(b"[")?;
    write_lines(rows.into_iter().map(Members), &mut out)?;
    out.write_all(b"]\n")?;
    out.flush()?;
    Ok(())
}

/// Writes values, each on a line of its own, with commas between them.
pub(crate) fn write_lines(
    values: impl Iterator<Item = impl Serialize>,
    out: &mut impl Write,
) -> ReportResult {
    let mut between: &[u8] = b"\n";
    for value in values {
        out.write_all(between)?;
        serde_json::to_writer(&mut *out, &value).map_err(io::Error::from)?;
        between = b",\n";
    }
    out.write_all(b"\n")?;
    Ok(())
}

/// A row as one object.
pub(crate) struct Members<R>(pub(crate) R);

impl<R: Row> Serialize for Members<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(R::COLUMNS.len()))?;
        for (column, cell) in R::COLUMNS.iter().zip(self.0.cells()) {
            members.serialize_entry(column, &cell)?;
        }
        members.end()
    }
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Empty => serializer.serialize_none(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_i64(*number),
        }
    }
}
