//! The list of signers that goes with a letter: a table of eight columns as CSV.
//!
//! RFC 4180 in UTF-8 without a byte order mark; every line ends in CR LF, the last one too. A row is one line: breaks inside a comment
//! become spaces. Cells that a spreadsheet would calculate are neutralised ([`redress_reports::formula`]); what cannot be seen
//! (control characters, marks that turn the direction of text around) is taken out. There is no column for an e-mail
//! address, a telephone number or a street.
//!
//! The line of a row without its CR LF is what its hash is taken over ([`hashes`]), so that an office recomputes it from the
//! attachment and needs nothing else.

pub mod hashes;
pub mod verify;

use crate::plain::one_line;
use chrono::NaiveDate;
use redress_reports::formula::{is_formula, neutralised};
use serde::{Deserialize, Serialize};

/// The columns, in their order.
pub const COLUMNS: [&str; 8] = [
    "number",
    "name",
    "city",
    "zip",
    "district",
    "signed_on",
    "verified",
    "comment",
];

/// What stands in the place of a name that its signer keeps to themselves.
pub const NAME_WITHHELD: &str = "name withheld";

/// What the column `verified` says of a row that takes an earlier signature back.
pub const WITHDRAWN: &str = "withdrawn";

/// How it is known that the signer signed, and from where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verified {
    /// Confirmed by e-mail, and the address was found on the map.
    Confirmed,
    /// The signer chose the place or district.
    SelfAsserted,
    /// Signed on paper.
    Paper,
    /// The petition asks for no confirmation by e-mail; the address was found on the map.
    Unconfirmed,
}

impl Verified {
    /// The word in the column `verified`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::SelfAsserted => "self_asserted",
            Self::Paper => "paper",
            Self::Unconfirmed => "unconfirmed",
        }
    }
}

/// One signer as an office may see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListRow {
    /// The number within petition and jurisdiction, from 1: "signer 925".
    pub number: u32,
    /// The name; `None` when the signer withholds it.
    pub name: Option<String>,
    /// City of the address.
    pub city: String,
    /// ZIP code, five digits.
    pub zip: String,
    /// Label of the council district, empty for none.
    pub district: String,
    /// The day of signing, in the petition's time zone.
    pub signed_on: NaiveDate,
    /// How it is known.
    pub verified: Verified,
    /// The signer's words, if they agreed and a reviewer passed them.
    pub comment: Option<String>,
    /// Whether the row takes back a signature of an earlier letter rather than bringing a new one. Such a row tells its number
    /// and day; its name and comment are not printed whatever they are here.
    pub is_correction: bool,
}

/// The whole table, header first.
pub fn csv(rows: &[ListRow]) -> Vec<u8> {
    let mut table = String::with_capacity(96 * (rows.len() + 1));
    table.push_str(&COLUMNS.join(","));
    table.push_str("\r\n");
    for row in rows {
        push_line(&mut table, row);
        table.push_str("\r\n");
    }
    table.into_bytes()
}

/// The line of a row in the table, without its CR LF.
pub fn line(row: &ListRow) -> String {
    let mut line = String::with_capacity(96);
    push_line(&mut line, row);
    line
}

fn push_line(out: &mut String, row: &ListRow) {
    let text = |text: &str| {
        let shown = one_line(text);
        if is_formula(&shown) {
            neutralised(&shown).into_owned()
        } else {
            shown
        }
    };
    let name = row.name.as_deref().filter(|_| !row.is_correction);
    let comment = row.comment.as_deref().filter(|_| !row.is_correction);
    let verified = if row.is_correction {
        WITHDRAWN
    } else {
        row.verified.as_str()
    };
    push_joined(
        out,
        &[
            row.number.to_string(),
            name.map_or_else(|| NAME_WITHHELD.to_owned(), text),
            text(&row.city),
            text(&row.zip),
            text(&row.district),
            row.signed_on.to_string(),
            verified.to_owned(),
            comment.map_or_else(String::new, text),
        ],
    );
}

/// Cells as a line, quoted where RFC 4180 needs it.
fn push_joined(out: &mut String, cells: &[String]) {
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        if cell.contains([',', '"', '\r', '\n']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(cell);
        }
    }
}
