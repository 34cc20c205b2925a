//! Counts and lists as files: CSV, XLSX, JSON, GeoJSON, and charts and maps as SVG. Pages to print are `redress-sheets`'.
//!
//! A report is a shape given to what somebody else has counted. Nothing is counted here: rows come in as an iterator of
//! plain values from `redress-model`, and bytes go out to a writer. There is no database, no clock and no network, so that the
//! same rows give the same bytes today, next year and on another machine. Hashes of attachments rest on that.
//!
//! Its rules:
//!
//! - **Rows stream.** A list of a million signers takes no more memory than one of ten; a format that cannot stream says so.
//! - **Cells are text to their reader.** One that a spreadsheet would take for a formula (`=`, `+`, `-`, `@`, a tab or a
//!   carriage return in front, full-width forms too) is told in one place, [`formula`]. CSV, which knows no text, puts an
//!   apostrophe in front; a spreadsheet marks the cell as text; JSON says what is text anyway and leaves it alone.
//! - **What may be told is decided before.** A report has no column for an e-mail address, a telephone number or a street;
//!   the street comes only in the list for a petition and a signer who both said so. A name withheld arrives here as
//!   such, never as a name to be left out.
//! - **Counts are honest.** Rows sum to the total, those outside any city and those not located come last with an empty id, and
//!   self-asserted and paper signatures are shown as parts of the count.
//! - **Pictures are readable.** An SVG has a title, a description and the table that it draws; it fetches nothing.
//! - **Dates** are written in the time zone of the petition; instants in UTC.
//!
//! The heavy writer of spreadsheets is a dependency of this crate and of nothing below it.
//!
//! A report is a type of rows, [`counts::CountRow`] first: its columns, its cells and, where it is on the map, its point. A
//! format is a function that writes rows of any such type; [`format::Format`] chooses one by its word. Two reports or two
//! formats know nothing of each other.
//!
//! Arrows: uses `redress-model`; used by `redress-letters` for attachments, by `redress-web` for downloads and by the program.
//!
//! To add a report: a file named for it, with its columns as one constant in the order of the public interface; to add a
//! format: a file named for it that writes any table. Either comes with an example whose whole output is compared, and a row
//! that tries to be a formula.

pub mod counts;
pub mod coverage;
pub mod csv;
pub mod error;
pub mod format;
pub mod formula;
pub mod geojson;
pub mod json;
pub mod natural;
pub mod place;
pub mod row;
pub mod xlsx;
