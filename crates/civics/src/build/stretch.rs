//! A long table in stretches of whole rows, so that all cores read it and no more of it than some stretches lies in memory.
//!
//! Where a row ends is known only from the beginning: a break within quotes is part of a field, and a quote is one only at the
//! beginning of a field. One pass over the bytes finds that out, far sooner than the rows can be read.

use super::files;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

/// Bytes of a stretch.
const LONG: u64 = 8 << 20;

/// Whole rows of a table that is a plain file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Where it begins, in bytes; the first begins with the header.
    pub start: u64,
    /// Where it ends, not included.
    pub end: u64,
    /// The line that it begins with, from 1.
    pub line: u64,
}

/// The stretches of a table; `None` where it is one piece: packed, or short.
pub fn stretches(path: &Path, delimiter: Option<u8>) -> io::Result<Option<Vec<Stretch>>> {
    stretches_of(path, delimiter, LONG)
}

fn stretches_of(path: &Path, delimiter: Option<u8>, long: u64) -> io::Result<Option<Vec<Stretch>>> {
    let name = path.to_string_lossy();
    let metadata = std::fs::metadata(path)?;
    let is_plain = metadata.is_file() && !files::ends_in(&name, &[".gz", ".zip"]);
    if !is_plain || metadata.len() < 2 * long {
        return Ok(None);
    }
    let mut input = BufReader::with_capacity(1 << 18, std::fs::File::open(path)?);
    let delimiter = match delimiter {
        Some(given) => given,
        None => super::table::sniffed(input.fill_buf()?),
    };
    Ok(Some(part(&mut input, delimiter, long)?))
}

/// Where a reader stands within a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// At the beginning of a field.
    Begin,
    /// In a field without quotes, or behind its quotes.
    Bare,
    /// Within quotes.
    Quoted,
    /// Behind a quote within quotes: their end, or a quote that stands twice.
    Quote,
}

fn part(input: &mut impl BufRead, delimiter: u8, long: u64) -> io::Result<Vec<Stretch>> {
    let (mut all, mut at) = (Vec::new(), At::Begin);
    let (mut offset, mut line) = (0_u64, 1_u64);
    let mut begun = Stretch {
        start: 0,
        end: 0,
        line: 1,
    };
    loop {
        let bytes = input.fill_buf()?;
        if bytes.is_empty() {
            break;
        }
        let length = bytes.len();
        for byte in bytes {
            offset += 1;
            line += u64::from(*byte == b'\n');
            at = match (at, *byte) {
                (At::Quoted, b'"') => At::Quote,
                (At::Begin | At::Quote, b'"') | (At::Quoted, _) => At::Quoted,
                (_, b'\n' | b'\r') => At::Begin,
                (_, byte) if byte == delimiter => At::Begin,
                _ => At::Bare,
            };
            if at == At::Begin && *byte == b'\n' && offset - begun.start >= long {
                begun.end = offset;
                all.push(begun);
                begun = Stretch {
                    start: offset,
                    end: offset,
                    line,
                };
            }
        }
        input.consume(length);
    }
    if offset > begun.start || all.is_empty() {
        begun.end = offset;
        all.push(begun);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(text: &[u8]) -> Vec<(u64, Vec<Vec<u8>>)> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text);
        let mut record = csv::ByteRecord::new();
        let mut all = Vec::new();
        while reader.read_byte_record(&mut record).unwrap() {
            let line = record.position().unwrap().line();
            all.push((line, record.iter().map(<[u8]>::to_vec).collect()));
        }
        all
    }

    #[test]
    fn a_table_in_stretches_is_read_as_it_is_in_one_piece() {
        use crate::build::manifest::Source;
        use crate::build::report::SourceReport;
        use crate::build::table;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("points.csv");
        let mut text = String::from("\u{feff}number,street,lat,lon\n");
        for number in 1..400 {
            let row = match number % 7 {
                0 => format!("{number},\"ELM,\nBACK\",39.5,-104.5\n"),
                1 => format!("{number},5\" PIPE RD,39.5,-104.5\r\n"),
                2 => format!("{number},short\n\n"),
                _ => format!("{number},\"A \"\"B\"\" ST\",39.5,-104.5\n"),
            };
            text.push_str(&row);
        }
        std::fs::write(&path, text).unwrap();
        let source: Source =
            toml::from_str("kind = \"address_points\"\npath = \"points.csv\"").unwrap();
        let read = |stretch: Option<Stretch>| {
            let (mut report, mut rows) = (SourceReport::default(), Vec::new());
            table::read(
                &path,
                stretch,
                &source,
                &[&["lat"]],
                &mut report,
                &mut |row, _| {
                    rows.push((
                        row.line,
                        row.get("number").to_owned(),
                        row.get("street").to_owned(),
                    ));
                },
            )
            .unwrap();
            (report, rows)
        };
        let whole = read(None);
        let stretches = stretches_of(&path, None, 500).unwrap().unwrap();
        assert!(stretches.len() > 10);
        let mut together = (SourceReport::default(), Vec::new());
        for stretch in stretches {
            let (report, rows) = read(Some(stretch));
            together.0.absorb(report);
            together.1.extend(rows);
        }
        assert_eq!(together, whole);
        assert!(whole.0.refused > 50 && whole.1.len() > 300);
    }

    proptest! {
        #[test]
        fn stretches_hold_the_rows_of_the_whole_with_their_lines(
            text in proptest::collection::vec(prop::sample::select(b"ab,\"\n\n\r".to_vec()), 0..200),
            long in 1_u64..40,
        ) {
            let parts = part(&mut text.as_slice(), b',', long).unwrap();
            let mut found = Vec::new();
            for stretch in &parts {
                let bytes = &text[stretch.start as usize..stretch.end as usize];
                found.extend(rows(bytes).into_iter().map(|(line, row)| (line + stretch.line - 1, row)));
            }
            prop_assert_eq!(parts.last().unwrap().end, text.len() as u64);
            let mut whole = rows(&text);
            if text.contains(&b'\r') {
                // The library counts the line feed behind a carriage return with the next row: behind a stretch's end it is counted before.
                whole.iter_mut().chain(&mut found).for_each(|(line, _)| *line = 0);
            }
            prop_assert_eq!(found, whole);
        }
    }
}
