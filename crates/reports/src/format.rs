//! The formats by their words, as the command line and addresses of downloads name them.

use crate::error::ReportResult;
use crate::row::Row;
use crate::{csv, geojson, json, xlsx};
use std::io::Write;

/// A format of any table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// [`crate::csv`].
    Csv,
    /// [`crate::json`].
    Json,
    /// [`crate::geojson`].
    Geojson,
    /// [`crate::xlsx`].
    Xlsx,
}

impl Format {
    /// Every format, in the order in which people list them.
    pub const ALL: &[Self] = &[Self::Csv, Self::Json, Self::Geojson, Self::Xlsx];

    /// Its word, which is also how a file's name ends: `csv`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Geojson => "geojson",
            Self::Xlsx => "xlsx",
        }
    }

    /// Finds it by its word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|format| format.as_str() == word)
    }

    /// Its media type, as a `Content-Type` says it (RFC 4180, 8259, 7946; IANA for spreadsheets).
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Json => "application/json",
            Self::Geojson => "application/geo+json",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// Writes the rows and flushes. Whether they stream, and what fails, each format says.
    pub fn write<R: Row>(self, rows: impl IntoIterator<Item = R>, out: impl Write) -> ReportResult {
        match self {
            Self::Csv => csv::write(rows, out),
            Self::Json => json::write(rows, out),
            Self::Geojson => geojson::write(rows, out),
            Self::Xlsx => xlsx::write(rows, out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_found_by_its_word() {
        for format in Format::ALL {
            assert_eq!(Format::named(format.as_str()), Some(*format));
        }
        assert_eq!(Format::named("pdf"), None);
    }
}
