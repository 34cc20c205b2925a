//! A list of officials as CSV: lines, fields, and what is wrong with them.
//!
//! Fields are taken as bytes, so that one row in another encoding costs that row and not the file.

use super::columns::{Layout, Places};
use super::gather::Gatherer;
use super::row;
use redress_model::official::Role;
use std::collections::HashMap;
use std::io::Read;

/// Longest field, in bytes; longer ones are a broken quotation or worse.
const LONGEST: usize = 1000;

/// Most rows of one title in one government. Each is compared with each to tell the seats apart;
/// the largest council has 51 members.
const MOST_OF_POST: u32 = 2000;

/// Why a file could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum OfficialsError {
    /// The system's reason.
    #[error("cannot read {origin}: {source}")]
    Read {
        /// The file.
        origin: String,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A column without which no row has a meaning, or that the manifest names.
    #[error(
        "{origin} has no column {missing}; it has {found}; name the column in the source's `columns`, or give a value for every row in its `defaults`"
    )]
    Columns {
        /// The file.
        origin: String,
        /// The column, or columns of which one is needed.
        missing: String,
        /// The header's columns.
        found: String,
    },
    /// The manifest names a column that officials do not have.
    #[error("`{key}` in the source of {origin} is no column of officials; they are {known}")]
    UnknownColumn {
        /// The file.
        origin: String,
        /// What the manifest says.
        key: String,
        /// What it could say.
        known: String,
    },
}

/// Something that a person should know about one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The line on which the row begins, the header being line 1.
    pub line: u64,
    /// What became of the row.
    pub kind: NoticeKind,
    /// Reason and mend.
    pub text: String,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// The row was left out.
    Refused,
    /// The row was taken, without a part of it.
    Remark,
}

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
        mut reader: impl Read,
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
        reader.read_to_end(&mut bytes).map_err(broken)?;
        let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
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
        let broken = |error: ::csv::Error| broken(error.into());
        rows.read_byte_record(&mut record).map_err(broken)?;
        let header: Vec<String> = record
            .iter()
            .map(|name| String::from_utf8_lossy(name).trim().to_owned())
            .collect();
        let places = Places::find(&header, origin, layout)?;
        self.begin_file();
        let mut taken = 0;
        let mut of_post: HashMap<(String, Role, String), u32> = HashMap::new();
        while rows.read_byte_record(&mut record).map_err(broken)? {
            if record.iter().all(<[u8]>::is_empty) {
                continue;
            }
            let line = lines.line_of(record.position().map_or(0, ::csv::Position::byte));
            let mut remark = |text| {
                report(Notice {
                    line,
                    kind: NoticeKind::Remark,
                    text,
                });
            };
            let row = fields(&record, &header, &places)
                .and_then(|fields| row::read(&places, &fields, division_geoid, &mut remark))
                .and_then(|row| {
                    let rows = of_post
                        .entry((row.geoid.clone(), row.role, row.title.clone()))
                        .or_default();
                    *rows += 1;
                    if *rows > MOST_OF_POST {
                        return Err(format!(
                            "more than {MOST_OF_POST} rows for `{}` of {}; is the title or the place the same in every row?",
                            row.title, row.geoid
                        ));
                    }
                    Ok(row)
                });
            match row {
                Ok(row) => {
                    self.add(row);
                    taken += 1;
                }
                Err(text) => report(Notice {
                    line,
                    kind: NoticeKind::Refused,
                    text,
                }),
            }
        }
        Ok(taken)
    }
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
        if !places.uses(at) {
            fields.push("");
            continue;
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|_| format!("`{name}` is not UTF-8; save the file in UTF-8"))?
            .trim();
        if text.len() > LONGEST {
            return Err(format!(
                "`{name}` is {} bytes long, more than {LONGEST}; look for a quotation mark without its pair",
                text.len()
            ));
        }
        if text.chars().any(is_unprintable) {
            return Err(format!(
                "`{name}` holds a control character or a line break; remove it"
            ));
        }
        fields.push(text);
    }
    Ok(fields)
}

/// Control characters, and those that turn the direction of the text around them.
fn is_unprintable(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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
