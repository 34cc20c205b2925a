//! Files of addresses: one row in, one row out, in the same order.
//!
//! The input has a header. `address` holds a whole address or a street line; `street` wins over
//! it; `unit`, `city`, `state` and `zip` follow either when present; `id` is kept, and is the
//! row's number from 1 when absent. Other columns are ignored.

use crate::parse::{Input, Parsed};
use redress_model::address::{Address, Standard};
use redress_model::resolution::{Point, Resolution};
use std::io::{Read, Write};
use thiserror::Error;

/// Header of resolved addresses.
pub const RESOLVED: [&str; 16] = [
    "id",
    "level",
    "reasons",
    "number",
    "street",
    "unit",
    "city",
    "state",
    "zip",
    "place_geoid",
    "place_name",
    "county_fips",
    "district",
    "governments",
    "lat",
    "lon",
];

/// Header of parsed addresses.
pub const PARSED: [&str; 13] = [
    "id", "kind", "number", "predir", "pretype", "name", "type", "postdir", "unit", "city",
    "state", "zip", "zip4",
];

/// Why a file could not be read or written.
#[derive(Debug, Error)]
pub enum BatchError {
    /// The input's header lacks what is needed.
    #[error("has neither a column address nor street; its columns are {0}")]
    Header(String),
    /// The input is no CSV.
    #[error("line {line}: {message}")]
    Input {
        /// Line, from 1.
        line: u64,
        /// What is wrong.
        message: String,
    },
    /// The output could not be written.
    #[error("cannot write the answers: {0}")]
    Output(#[from] std::io::Error),
}

impl From<csv::Error> for BatchError {
    fn from(error: csv::Error) -> Self {
        Self::Output(std::io::Error::other(error))
    }
}

/// A line of JSON: the resolution with the row's id in front.
#[derive(serde::Serialize)]
struct WithId<'row> {
    id: &'row str,
    #[serde(flatten)]
    resolution: Resolution,
}

/// In which form answers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One row each.
    Csv,
    /// The whole resolution as JSON, a line each.
    JsonLines,
}

/// Rows that are answered together.
const TOGETHER: usize = 4096;

/// Resolves every row; returns how many there were. `answer` gives the answers to some addresses in
/// their order.
pub fn resolve(
    answer: &dyn Fn(&[Input<'_>]) -> Vec<Resolution>,
    input: impl Read,
    output: impl Write,
    form: Form,
) -> Result<u64, BatchError> {
    let answered = |rows: &mut Vec<Row>| {
        let inputs: Vec<Input<'_>> = rows.iter().map(Row::input).collect();
        let answers = answer(&inputs);
        let ids = rows.drain(..).map(|row| row.id);
        ids.zip(answers).collect::<Vec<_>>()
    };
    let mut rows = Vec::new();
    match form {
        Form::Csv => {
            let mut writer = csv::Writer::from_writer(output);
            writer.write_record(RESOLVED)?;
            let mut street = String::new();
            let mut write = |rows: &mut Vec<Row>| {
                answered(rows).into_iter().try_for_each(|(id, resolution)| {
                    Ok::<(), BatchError>(write_row(&mut writer, &id, &resolution, &mut street)?)
                })
            };
            let count = each(input, |id, address| {
                gather(&mut rows, id, address, &mut write)
            });
            // What was read before a fault is answered all the same.
            write(&mut rows)?;
            writer.flush()?;
            count
        }
        Form::JsonLines => {
            let mut output = std::io::BufWriter::new(output);
            let mut write = |rows: &mut Vec<Row>| {
                answered(rows).into_iter().try_for_each(|(id, resolution)| {
                    let id = id.as_str();
                    serde_json::to_writer(&mut output, &WithId { id, resolution })
                        .map_err(std::io::Error::other)?;
                    Ok::<(), BatchError>(output.write_all(b"\n")?)
                })
            };
            let count = each(input, |id, address| {
                gather(&mut rows, id, address, &mut write)
            });
            write(&mut rows)?;
            output.flush()?;
            count
        }
    }
}

/// A row that waits to be answered.
struct Row {
    id: String,
    fields: [String; 5],
}

impl Row {
    fn input(&self) -> Input<'_> {
        let [street, unit, city, state, zip] = &self.fields;
        Input {
            street,
            unit,
            city,
            state,
            zip,
        }
    }
}

fn gather(
    rows: &mut Vec<Row>,
    id: &str,
    address: &Input<'_>,
    write: &mut impl FnMut(&mut Vec<Row>) -> Result<(), BatchError>,
) -> Result<(), BatchError> {
    let Input {
        street,
        unit,
        city,
        state,
        zip,
    } = *address;
    rows.push(Row {
        id: id.to_owned(),
        fields: [street, unit, city, state, zip].map(str::to_owned),
    });
    if rows.len() < TOGETHER {
        return Ok(());
    }
    write(rows)
}

/// Parses every row, without a pack; returns how many there were.
pub fn parse(input: impl Read, output: impl Write) -> Result<u64, BatchError> {
    let mut writer = csv::Writer::from_writer(output);
    writer.write_record(PARSED)?;
    let rows = each(input, |id, address| {
        let parsed = Parsed::new(address);
        Ok(writer.write_record(parsed_row(id, &parsed))?)
    })?;
    writer.flush()?;
    Ok(rows)
}

/// Writes a resolution as a row of [`RESOLVED`]; `street` is room for its street.
fn write_row(
    writer: &mut csv::Writer<impl Write>,
    id: &str,
    resolution: &Resolution,
    street: &mut String,
) -> Result<(), csv::Error> {
    let address = &resolution.address;
    let place = resolution.place.as_deref();
    street.clear();
    let parts = [
        address.predir.as_deref(),
        address.pretype.as_deref(),
        address.name.as_deref(),
        address.street_type.as_deref(),
        address.postdir.as_deref(),
    ];
    join(parts.into_iter().flatten(), ' ', street);
    let (mut reasons, mut governments) = (String::new(), String::new());
    join(
        resolution.reasons.iter().map(|reason| reason.as_str()),
        ';',
        &mut reasons,
    );
    let geoids = resolution
        .governments
        .iter()
        .map(|government| government.geoid.as_str());
    join(geoids, ';', &mut governments);
    let degrees = |part: fn(Point) -> f64| {
        resolution
            .point
            .map(part)
            .map_or_else(String::new, |value| value.to_string())
    };
    let (lat, lon) = (degrees(|point| point.lat), degrees(|point| point.lon));
    writer.write_record([
        id,
        resolution.level.as_str(),
        &reasons,
        address.number.as_deref().unwrap_or_default(),
        street,
        address.unit.as_deref().unwrap_or_default(),
        address.city.as_deref().unwrap_or_default(),
        address.state.as_deref().unwrap_or_default(),
        address.zip.as_deref().unwrap_or_default(),
        place.map_or("", |place| &place.geoid),
        place.map_or("", |place| &place.name),
        resolution
            .county
            .as_deref()
            .map_or("", |county| &county.fips),
        resolution.district.as_deref().unwrap_or_default(),
        &governments,
        &lat,
        &lon,
    ])
}

fn join<'text>(parts: impl Iterator<Item = &'text str>, between: char, into: &mut String) {
    for (at, part) in parts.enumerate() {
        if at > 0 {
            into.push(between);
        }
        into.push_str(part);
    }
}

/// A parse as a row of [`PARSED`].
pub fn parsed_row(id: &str, parsed: &Parsed) -> [String; 13] {
    let Address {
        number,
        predir,
        pretype,
        name,
        street_type,
        postdir,
        unit,
        city,
        state,
        zip,
        zip4,
    } = parsed.address();
    let own = Option::unwrap_or_default;
    let standard = |word: Option<Standard>| word.unwrap_or_default().into_owned();
    [
        id.to_owned(),
        parsed.kind.as_str().to_owned(),
        own(number),
        standard(predir),
        standard(pretype),
        own(name),
        standard(street_type),
        standard(postdir),
        own(unit),
        own(city),
        standard(state),
        own(zip),
        own(zip4),
    ]
}

fn each(
    input: impl Read,
    mut answer: impl FnMut(&str, &Input<'_>) -> Result<(), BatchError>,
) -> Result<u64, BatchError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
    let header = reader
        .byte_headers()
        .map_err(|error| BatchError::Input {
            line: 1,
            message: error.to_string(),
        })?
        .clone();
    let names: Vec<String> = header
        .iter()
        .map(|name| {
            String::from_utf8_lossy(name)
                .trim_start_matches('\u{feff}')
                .trim()
                .to_lowercase()
        })
        .collect();
    let column = |name: &str| names.iter().position(|known| known == name);
    let (id, address, street) = (column("id"), column("address"), column("street"));
    let (unit, city, state, zip) = (
        column("unit"),
        column("city"),
        column("state"),
        column("zip"),
    );
    if address.is_none() && street.is_none() {
        return Err(BatchError::Header(crate::build::report::shortened(
            &names.join(", "),
        )));
    }
    let mut record = csv::ByteRecord::new();
    let mut rows = 0;
    loop {
        let line = reader.position().line();
        match reader.read_byte_record(&mut record) {
            Ok(false) => return Ok(rows),
            Ok(true) => rows += 1,
            Err(error) => {
                return Err(BatchError::Input {
                    line,
                    message: error.to_string(),
                });
            }
        }
        let field = |column: Option<usize>| {
            column
                .and_then(|at| record.get(at))
                .map(String::from_utf8_lossy)
                .unwrap_or_default()
        };
        let (street, address) = (field(street), field(address));
        let number = rows.to_string();
        let given = field(id);
        let id = if id.is_some() {
            given.as_ref()
        } else {
            number.as_str()
        };
        let input = Input {
            street: if street.trim().is_empty() {
                &address
            } else {
                &street
            },
            unit: &field(unit),
            city: &field(city),
            state: &field(state),
            zip: &field(zip),
        };
        answer(id, &input)?;
    }
}
