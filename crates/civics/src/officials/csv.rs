//! A list of officials as CSV: lines, fields, and what is wrong with them.
//!
//! Fields are taken as bytes, so that one row in another encoding costs that row and not the file.

use super::columns::{Column, Layout, Places};
use super::error::OfficialsError;
use super::gather::Gatherer;
use super::reading::{Notice, NoticeKind, Reading, Spot, Taken};
use super::{field, row};
use std::io::Read;

/// Most bytes of a table: the nation's officials are a hundredth of it.
pub(super) const MOST_BYTES: u64 = 1 << 30;

impl Gatherer {
    /// Reads one file and returns how many rows were taken. A later file is a later word: call
    /// this in the manifest's order.
    ///
    /// `division_geoid` turns a division's OCD id into the GEOID of its jurisdiction: 7 digits
    /// for a place, 10 for a county subdivision, 5 for a county.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or lacks a column without which no row has a meaning.
    pub fn read_csv(
        &mut self,
        reader: impl Read,
        origin: &str,
        layout: &Layout,
        division_geoid: &dyn Fn(&str) -> Option<String>,
        report: &mut dyn FnMut(Notice),
    ) -> Result<u64, OfficialsError> {
        let broken = |source| OfficialsError::Read {
            origin: origin.to_owned(),
            source,
        };
        let mut bytes = Vec::new();
        let mut reader = reader.take(MOST_BYTES + 1);
        reader.read_to_end(&mut bytes).map_err(broken)?;
        if bytes.len() as u64 > MOST_BYTES {
            return Err(OfficialsError::TooLarge {
                origin: origin.to_owned(),
                most: MOST_BYTES >> 20,
            });
        }
        let taken = read(self, &bytes, origin, layout, division_geoid, report)?;
        Ok(taken.rows)
    }
}

pub(super) fn read(
    gatherer: &mut Gatherer,
    bytes: &[u8],
    origin: &str,
    layout: &Layout,
    division_geoid: &dyn Fn(&str) -> Option<String>,
    report: &mut dyn FnMut(Notice),
) -> Result<Taken, OfficialsError> {
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut rows = ::csv::ReaderBuilder::new()
        .delimiter(layout.delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(text);
    let mut record = ::csv::ByteRecord::new();
    let mut lines = Lines {
        text,
        at: 0,
        line: 1,
    };
    let broken = |error: ::csv::Error| OfficialsError::Read {
        origin: origin.to_owned(),
        source: error.into(),
    };
    rows.read_byte_record(&mut record).map_err(broken)?;
    let header: Vec<String> = record
        .iter()
        .map(|name| field::value(String::from_utf8_lossy(name).trim()).to_owned())
        .collect();
    let places = Places::find(&header, origin, layout)?;
    let mut reading = Reading::new(gatherer, division_geoid, report);
    while rows.read_byte_record(&mut record).map_err(broken)? {
        if record.iter().all(<[u8]>::is_empty) {
            continue;
        }
        let spot = Spot {
            line: lines.line_of(record.position().map_or(0, ::csv::Position::byte)),
            path: String::new(),
        };
        match fields(&record, &header, &places) {
            Ok(fields) => reading.take(&spot, |division_geoid, remark| {
                let get = |column: Column| places.value(&fields, column);
                let notes = places.notes.iter().filter_map(|(at, header)| {
                    Some((header.clone(), (*fields.get(*at)?).to_owned()))
                });
                row::read(&get, notes.collect(), division_geoid, remark)
            }),
            Err(text) => reading.tell(&spot, NoticeKind::Refused, text),
        }
    }
    Ok(reading.taken)
}

/// The fields of a row as trimmed text, if they can be trusted.
fn fields<'row>(
    record: &'row ::csv::ByteRecord,
    header: &[String],
    places: &Places,
) -> Result<Vec<&'row str>, String> {
    if record.len() != header.len() {
        return Err(format!(
            "it has {} fields where the header has {}; quote a field that holds a comma or a line break",
            record.len(),
            header.len()
        ));
    }
    let mut fields = Vec::with_capacity(header.len());
    for (at, (bytes, name)) in record.iter().zip(header).enumerate() {
        fields.push(if places.uses(at) {
            field::read(bytes, name)?
        } else {
            ""
        });
    }
    Ok(fields)
}

/// Counts lines up to a byte. The reader's own count is that of the line break before a row.
struct Lines<'text> {
    text: &'text [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn line_of(&mut self, byte: u64) -> u64 {
        let mut start = usize::try_from(byte)
            .unwrap_or(usize::MAX)
            .min(self.text.len());
        while matches!(self.text.get(start), Some(b'\r' | b'\n')) {
            start += 1;
        }
        let passed = self.text.get(self.at..start).unwrap_or_default();
        self.line += passed.split(|byte| *byte == b'\n').skip(1).count() as u64;
        self.at = self.at.max(start);
        self.line
    }
}
