//! Tables: CSV with a header, columns renamed by the manifest.

use super::manifest::{Source, known_columns};
use super::report::{SourceReport, shortened};
use super::stretch::Stretch;
use super::{BuildError, files};
use std::path::Path;

/// A row, read by our column names.
pub struct Row<'table> {
    record: &'table csv::StringRecord,
    positions: &'table [Option<usize>],
    defaults: &'table [String],
    names: &'static [&'static str],
    /// Line in the file, from 1.
    pub line: u64,
}

impl Row<'_> {
    /// The value of a column, trimmed; the default when it is blank; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        let Some(at) = self.names.iter().position(|known| *known == name) else {
            return "";
        };
        let value = self.positions[at]
            .and_then(|position| self.record.get(position))
            .unwrap_or("")
            .trim();
        if value.is_empty() {
            &self.defaults[at]
        } else {
            value
        }
    }
}

/// Reads every row of every file of a table source.
///
/// `required` lists groups of columns of which one must be there. A row that is no UTF-8 text,
/// or has another number of fields than the header, is refused with its line. Of a stretch its rows alone are read.
pub fn read(
    path: &Path,
    stretch: Option<Stretch>,
    source: &Source,
    required: &[&[&str]],
    report: &mut SourceReport,
    each: &mut dyn FnMut(&Row<'_>, &mut SourceReport),
) -> Result<(), BuildError> {
    let input = match stretch {
        Some(stretch) if stretch.start == 0 => files::open_stretch(path, 0, stretch.end)?,
        _ => files::open(path, &[".csv", ".txt"])?,
    };
    let mut buffered = std::io::BufReader::with_capacity(1 << 16, input);
    let delimiter = delimiter(source, &mut buffered);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(buffered);
    let wrong = |message: String| BuildError::Source {
        path: path.to_owned(),
        message,
    };
    let header = reader
        .byte_headers()
        .map_err(|error| wrong(format!("line 1: {error}")))?
        .clone();
    let header: Vec<String> = header
        .iter()
        .map(|name| {
            String::from_utf8_lossy(name)
                .trim_start_matches('\u{feff}')
                .trim()
                .to_owned()
        })
        .collect();
    let listed = shortened(&header.join(", "));
    let names = known_columns(source.kind);
    let positions = positions(names, source, &header).map_err(|theirs| {
        wrong(format!(
            "has no column {theirs:?}; its columns are {listed}"
        ))
    })?;
    let defaults: Vec<String> = names
        .iter()
        .map(|name| source.defaults.get(*name).cloned().unwrap_or_default())
        .collect();
    for group in required {
        let is_there = |name: &&str| {
            names
                .iter()
                .position(|known| known == name)
                .is_some_and(|at| positions[at].is_some() || !defaults[at].is_empty())
        };
        if !group.iter().any(is_there) {
            return Err(wrong(format!(
                "has no column for {}; its columns are {listed}: name it in `columns` or `defaults`",
                group.join(" or ")
            )));
        }
    }
    let before = stretch.map_or(0, |stretch| stretch.line - 1);
    if let Some(stretch) = stretch.filter(|stretch| stretch.start > 0) {
        reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .from_reader(std::io::BufReader::with_capacity(
                1 << 16,
                files::open_stretch(path, stretch.start, stretch.end)?,
            ));
    }
    let mut record = csv::ByteRecord::new();
    loop {
        let line = reader.position().line();
        match reader.read_byte_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => return Err(wrong(format!("line {}: {error}", before + line))),
        }
        let line = before + record.position().map_or(line, csv::Position::line);
        report.read += 1;
        if record.len() != header.len() {
            report.refuse("another number of fields than the header", || {
                format!("line {line}: {} instead of {}", record.len(), header.len())
            });
            continue;
        }
        match csv::StringRecord::from_byte_record(std::mem::take(&mut record)) {
            Ok(text) => {
                each(
                    &Row {
                        record: &text,
                        positions: &positions,
                        defaults: &defaults,
                        names,
                        line,
                    },
                    report,
                );
                record = text.into_byte_record();
            }
            Err(_) => report.refuse("not UTF-8 text", || format!("line {line}")),
        }
    }
    Ok(())
}

/// A tab or semicolon in the first line says so itself when the manifest does not.
pub fn delimiter(source: &Source, input: &mut impl std::io::BufRead) -> u8 {
    if let Some(given) = source
        .delimiter
        .as_ref()
        .and_then(|text| text.bytes().next())
    {
        return given;
    }
    sniffed(input.fill_buf().unwrap_or(&[]))
}

/// What parts the columns of a table, as its first line has it.
pub(crate) fn sniffed(head: &[u8]) -> u8 {
    let first = head.split(|byte| *byte == b'\n').next().unwrap_or(&[]);
    let count = |wanted: u8| first.split(|byte| *byte == wanted).count();
    [b'\t', b';', b'|']
        .into_iter()
        .find(|other| count(*other) > count(b','))
        .unwrap_or(b',')
}

/// Where each of our columns stands in the header. When the manifest renames columns, only those
/// that it names are read: another column of the same name may hold something else.
fn positions(
    names: &[&str],
    source: &Source,
    header: &[String],
) -> Result<Vec<Option<usize>>, String> {
    let find = |wanted: &str| {
        header
            .iter()
            .position(|name| name.eq_ignore_ascii_case(wanted))
    };
    names
        .iter()
        .map(|name| match source.columns.get(*name) {
            Some(theirs) => find(theirs).map(Some).ok_or_else(|| theirs.clone()),
            None if source.columns.is_empty() => {
                Ok(find(name).or_else(|| census_name(name).iter().find_map(|other| find(other))))
            }
            None => Ok(None),
        })
        .collect()
}

/// The Census Bureau's own name of a column, where it differs.
fn census_name(name: &str) -> &'static [&'static str] {
    match name {
        "state" => &["USPS", "STUSPS"],
        "lat" => &["INTPTLAT", "latitude", "y"],
        "lon" => &["INTPTLONG", "INTPTLON", "longitude", "lng", "x"],
        "zip" => &["postcode", "zipcode", "zip_code", "zip5"],
        "number" => &["house_number", "housenumber", "add_number"],
        "parity" => &["interpolation"],
        "county_fips" => &["fips"],
        _ => &[],
    }
}

/// Latitude and longitude of a row.
pub fn spot(row: &Row<'_>) -> Option<crate::geometry::Spot> {
    let lat: f64 = row.get("lat").parse().ok()?;
    let lon: f64 = row.get("lon").parse().ok()?;
    crate::geometry::Spot::from_degrees(lat, lon)
}
