//! The file that somebody typed from sheets of paper: a CSV with a header.

use std::collections::HashMap;
use std::collections::HashSet;
use thiserror::Error;

/// The largest file, in bytes.
pub const LARGEST: usize = 32 * 1024 * 1024;

/// The longest cell of a line, in bytes; a longer one is a quote that was never closed, or worse.
const LONGEST_CELL: usize = 2_048;

/// The longest reference of a sheet, in characters.
const LONGEST_SHEET: usize = 60;

/// The columns, as the header names them.
pub(super) const COLUMNS: [&str; 10] = [
    "sheet", "line", "name", "email", "street", "unit", "city", "state", "zip", "choice",
];

/// Columns that must be there.
const NEEDED: [&str; 5] = ["name", "street", "city", "state", "zip"];

/// Why a file cannot be read at all; what is wrong with one line is that line's verdict.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum PaperFileError {
    /// It is too large for one import.
    #[error("the file is larger than {} MiB: split it by sheets", LARGEST / 1024 / 1024)]
    TooLarge,
    /// A spreadsheet's own format, or UTF-16.
    #[error("the file is not a CSV in UTF-8: save it as \"CSV UTF-8\"")]
    NotText,
    /// Nothing under the header.
    #[error("the file has no lines under its header")]
    Empty,
    /// A column that nobody knows: a mistyped one must not be passed over.
    #[error("line 1: unknown column {0}; known are {known}", known = COLUMNS.join(", "))]
    UnknownColumn(String),
    /// One column twice.
    #[error("line 1: the column {0} stands there twice")]
    RepeatedColumn(&'static str),
    /// A column that is needed.
    #[error("line 1: the column {0} is missing; {needed} are needed", needed = NEEDED.join(", "))]
    MissingColumn(&'static str),
    /// Neither a column nor a word says which sheets these are.
    #[error("the lines have no sheet: add a column sheet, or name the one sheet they are from")]
    NoSheet,
    /// The sheet that was named cannot be a reference.
    #[error(
        "a sheet's reference has 1 to {LONGEST_SHEET} letters, digits, spaces and . _ / - and begins with a letter or digit"
    )]
    BadSheet,
}

/// A line as it was typed.
#[derive(Debug, Clone, Default)]
pub(super) struct TypedLine {
    /// The row of the file, the header being the first.
    pub row: u64,
    /// Sheet and line, as it is kept with the signature; empty if it cannot be one.
    pub reference: String,
    /// What is wrong with the line itself: its code and the mend.
    pub flaw: Option<(&'static str, &'static str)>,
    /// Cells by column.
    pub cells: HashMap<&'static str, String>,
}

impl TypedLine {
    /// A cell, empty if absent.
    pub(super) fn cell(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// A file that can be read.
#[derive(Debug, Clone)]
pub struct PaperFile {
    pub(super) lines: Vec<TypedLine>,
}

impl PaperFile {
    /// Reads a file; `sheet` is the reference of lines that name none.
    pub fn read(bytes: &[u8], sheet: Option<&str>) -> Result<Self, PaperFileError> {
        if bytes.len() > LARGEST {
            return Err(PaperFileError::TooLarge);
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        // UTF-16 and spreadsheets hold zero bytes all over; text never does.
        if bytes.iter().take(4_096).any(|&byte| byte == 0) {
            return Err(PaperFileError::NotText);
        }
        let sheet = sheet.map(str::trim).filter(|sheet| !sheet.is_empty());
        if sheet.is_some_and(|sheet| !is_reference(sheet)) {
            return Err(PaperFileError::BadSheet);
        }
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .delimiter(delimiter(bytes))
            .from_reader(bytes);
        let header = reader.byte_headers().map_err(|_| PaperFileError::NotText)?;
        let columns = columns(header)?;
        if sheet.is_none() && !columns.contains(&"sheet") {
            return Err(PaperFileError::NoSheet);
        }
        let mut lines = Vec::new();
        let mut reached: HashMap<String, u64> = HashMap::new();
        for record in reader.byte_records() {
            let record = record.map_err(|_| PaperFileError::NotText)?;
            if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
                continue;
            }
            let row = record.position().map_or(0, |begins| {
                // The reader has not stepped over the empty lines before the record yet.
                let rest = bytes.get(begins.byte() as usize..).unwrap_or(&[]);
                let empty = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
                begins.line() + empty.filter(|byte| **byte == b'\n').count() as u64
            });
            lines.push(line(row, &record, &columns, sheet, &mut reached));
        }
        if lines.is_empty() {
            return Err(PaperFileError::Empty);
        }
        Ok(Self { lines })
    }

    /// How many sheets the lines are from.
    pub fn sheets(&self) -> usize {
        let sheet = |line: &TypedLine| {
            let (sheet, _) = line.reference.rsplit_once(" line ")?;
            Some(sheet.to_owned())
        };
        self.lines
            .iter()
            .filter_map(sheet)
            .collect::<HashSet<_>>()
            .len()
    }
}

/// Spreadsheets of many countries write semicolons, and some people tabs.
fn delimiter(bytes: &[u8]) -> u8 {
    let first = bytes.split(|&byte| byte == b'\n').next().unwrap_or(bytes);
    let count = |sign: u8| first.split(|&byte| byte == sign).count();
    [b';', b'\t']
        .into_iter()
        .filter(|&sign| count(sign) > count(b','))
        .max_by_key(|&sign| count(sign))
        .unwrap_or(b',')
}

fn columns(header: &csv::ByteRecord) -> Result<Vec<&'static str>, PaperFileError> {
    let mut columns = Vec::with_capacity(header.len());
    for cell in header {
        let word = std::str::from_utf8(cell).map_err(|_| PaperFileError::NotText)?;
        let word = word.trim().to_lowercase();
        let known = COLUMNS.into_iter().find(|column| *column == word);
        let known = known.ok_or_else(|| {
            let plain = word.chars().filter(|letter| !letter.is_control());
            PaperFileError::UnknownColumn(format!("{:?}", plain.take(40).collect::<String>()))
        })?;
        if columns.contains(&known) {
            return Err(PaperFileError::RepeatedColumn(known));
        }
        columns.push(known);
    }
    match NEEDED.into_iter().find(|needed| !columns.contains(needed)) {
        Some(missing) => Err(PaperFileError::MissingColumn(missing)),
        None => Ok(columns),
    }
}

/// A line with its cells, or with what is wrong with it.
fn line(
    row: u64,
    record: &csv::ByteRecord,
    columns: &[&'static str],
    sheet: Option<&str>,
    reached: &mut HashMap<String, u64>,
) -> TypedLine {
    let mut line = TypedLine {
        row,
        ..TypedLine::default()
    };
    if record.len() != columns.len() {
        line.flaw = Some((
            "line_cells",
            "it has more or fewer cells than the header: put text with commas in quotes",
        ));
        return line;
    }
    for (column, cell) in columns.iter().zip(record) {
        if cell.len() > LONGEST_CELL {
            line.flaw = Some((
                "cell_too_long",
                "a cell is far too long: look for a quote that is not closed",
            ));
            return line;
        }
        let Ok(text) = std::str::from_utf8(cell) else {
            let mend = "it is not UTF-8: save the file as \"CSV UTF-8\"";
            line.flaw = Some(("line_encoding", mend));
            return line;
        };
        line.cells.insert(column, text.trim().to_owned());
    }
    let named = line.cell("sheet");
    let sheet = if named.is_empty() {
        sheet.unwrap_or_default()
    } else {
        named
    };
    if !is_reference(sheet) {
        line.flaw = Some((
            "sheet_malformed",
            "a sheet's reference has up to 60 letters, digits, spaces and . _ / - and begins with a letter or digit",
        ));
        return line;
    }
    let sheet = sheet.to_owned();
    // Whoever does not number the lines has them numbered as they stand on their sheet.
    let next = reached.entry(sheet.clone()).or_default();
    *next += 1;
    let typed = line.cell("line");
    let number = if typed.is_empty() {
        Some(*next)
    } else {
        typed.parse().ok().filter(|number| *number < 100_000)
    };
    match number {
        Some(number) => line.reference = format!("{sheet} line {number}"),
        None => line.flaw = Some(("line_number", "the line's number is not a number")),
    }
    line
}

/// Kept in clear and shown in tables: no formula, no address, nothing but the name of a sheet.
fn is_reference(text: &str) -> bool {
    text.chars().count() <= LONGEST_SHEET
        && text.chars().next().is_some_and(char::is_alphanumeric)
        && text
            .chars()
            .all(|letter| letter.is_alphanumeric() || " ._/-".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    const HEADER: &str = "sheet,name,street,city,state,zip\n";

    fn flaws(text: &[u8]) -> Vec<Option<&'static str>> {
        let file = PaperFile::read(text, None).unwrap();
        file.lines
            .iter()
            .map(|line| line.flaw.map(|(code, _)| code))
            .collect()
    }

    #[test]
    fn lines_are_numbered_as_they_stand_on_their_sheet() {
        let text = format!(
            "\u{feff}{HEADER}A1,Ana,1 Main St,Alder,ZZ,99001\n\nA2,Ben,2 Main St,Alder,ZZ,99001\nA1,Cy,3 Main St,Alder,ZZ,99001\n"
        );
        let file = PaperFile::read(text.as_bytes(), None).unwrap();
        let references: Vec<_> = file.lines.iter().map(|line| &line.reference).collect();
        assert_eq!(references, ["A1 line 1", "A2 line 1", "A1 line 2"]);
        assert_eq!((file.sheets(), file.lines[1].row), (2, 4));
    }

    #[test]
    fn a_line_that_cannot_be_read_has_its_reason_and_holds_up_no_other() {
        let long = "x".repeat(10_240);
        let mut text = HEADER.as_bytes().to_vec();
        text.extend_from_slice(b"A1,Jos\xe9,1 Main St,Alder,ZZ,99001\n");
        text.extend_from_slice(format!("A1,{long},1 Main St,Alder,ZZ,99001\n").as_bytes());
        text.extend_from_slice(b"A1,Ana,1 Main St, Apt 2,Alder,ZZ,99001\n");
        text.extend_from_slice(b"=cmd(),Ana,1 Main St,Alder,ZZ,99001\n");
        text.extend_from_slice(b"A1,Ana,1 Main St,Alder,ZZ,99001\n");
        let expected = [
            Some("line_encoding"),
            Some("cell_too_long"),
            Some("line_cells"),
            Some("sheet_malformed"),
            None,
        ];
        assert_eq!(flaws(&text), expected);
    }

    #[rstest]
    #[case::nothing(b"", PaperFileError::MissingColumn("name"))]
    #[case::utf16(b"\xff\xfen\0a\0m\0e\0", PaperFileError::NotText)]
    #[case::a_workbook(b"PK\x03\x04\0\0", PaperFileError::NotText)]
    #[case::no_lines(b"sheet,name,street,city,state,zip\n", PaperFileError::Empty)]
    #[case::twice(
        b"name,name,street,city,state,zip\n",
        PaperFileError::RepeatedColumn("name")
    )]
    #[case::no_sheet(b"name,street,city,state,zip\na,b,c,d,e\n", PaperFileError::NoSheet)]
    #[case::unknown(b"name,phone\n", PaperFileError::UnknownColumn("\"phone\"".into()))]
    fn a_file_that_is_none_says_why(#[case] bytes: &[u8], #[case] why: PaperFileError) {
        assert_eq!(PaperFile::read(bytes, None).unwrap_err(), why);
    }

    #[test]
    fn a_sheet_can_be_named_once_for_all_lines_and_semicolons_are_read() {
        let text = b"Name;Street;City;State;ZIP\nAna;1 Main St, Apt 2;Alder;ZZ;99001\n";
        let file = PaperFile::read(text, Some(" Box 3/12 ")).unwrap();
        assert_eq!(file.lines[0].reference, "Box 3/12 line 1");
        assert_eq!(file.lines[0].cell("street"), "1 Main St, Apt 2");
        for bad in ["=1", "a,b", &"x".repeat(61)] {
            let refused = PaperFile::read(text, Some(bad)).unwrap_err();
            assert_eq!(refused, PaperFileError::BadSheet);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(rest in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = PaperFile::read(&rest, Some("A1"));
            let under_a_header = [HEADER.as_bytes(), &rest].concat();
            if let Ok(file) = PaperFile::read(&under_a_header, None) {
                for line in file.lines {
                    prop_assert!(line.flaw.is_some() || is_reference(&line.reference));
                }
            }
        }
    }
}
