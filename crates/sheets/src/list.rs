//! The list of signers of a batch as pages, US Letter.
//!
//! The columns are those of the table that goes with a letter; a comment stands under its signer's row, over the whole width. The first page
//! names petition, letter and hashes, every page has the head of the table, what it belongs to, and `page 3 of 217`.
//!
//! Rows are looked at twice: once to tell on which page each stands, and once to draw it, so that no more than one page is held
//! open. A name of more than 160 characters and a comment of more than 2,000 end in an ellipsis; the table has them whole.

mod paging;
mod rows;
mod words;

pub(crate) use words::{long_date_english, long_date_spanish};

use crate::error::SheetError;
use crate::language::Language;
use chrono::NaiveDate;

/// What the list belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedList {
    /// In which language.
    pub language: Language,
    /// Who gathered it; what a reader's program shows as the author. May be empty.
    pub organization: String,
    /// The petition's headline.
    pub petition: String,
    /// The jurisdiction, as its record names it.
    pub place: String,
    /// Number of the letter, from 1.
    pub letter: u32,
    /// Which part, from 1.
    pub part: u32,
    /// Of how many.
    pub parts: u32,
    /// The batch's number.
    pub batch: u32,
    /// Number of the first new signer.
    pub first: u32,
    /// Of the last.
    pub last: u32,
    /// New signers in it.
    pub count: u32,
    /// All of the place, this letter included.
    pub total: u32,
    /// The day on which the batch was frozen.
    pub frozen_on: NaiveDate,
    /// The public record of this batch.
    pub verify_url: String,
    /// SHA-256 of the table, hexadecimal.
    pub csv_sha256: String,
    /// Root of the Merkle tree over its rows, hexadecimal.
    pub merkle_root: String,
}

/// One signer as an office may see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedRow {
    /// The number within petition and jurisdiction.
    pub number: u32,
    /// What the rest is.
    pub signer: Signer,
}

/// What a row tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signer {
    /// Somebody who signed.
    Counted {
        /// The name; `None` when the signer withholds it.
        name: Option<String>,
        /// City of the address.
        city: String,
        /// ZIP code.
        zip: String,
        /// Label of the council district, empty for none.
        district: String,
        /// The day of signing.
        signed_on: NaiveDate,
        /// How it is known.
        known: Known,
        /// The signer's words, if they agreed.
        comment: Option<String>,
    },
    /// A signature of an earlier letter that is taken back; the day is that of signing.
    Withdrawn(NaiveDate),
    /// A signer who has erased what was known of them since the list was sent.
    Erased,
}

/// How it is known that somebody signed, and from where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Known {
    /// Confirmed by e-mail, address found on the map.
    Confirmed,
    /// The signer chose the place or district.
    SelfAsserted,
    /// On paper.
    Paper,
    /// Not confirmed, because the petition does not ask for it.
    Unconfirmed,
}

/// Draws the list: the same bytes for the same rows.
pub fn pdf(list: &PrintedList, rows: &[PrintedRow]) -> Result<Vec<u8>, SheetError> {
    paging::pages(list, rows)
}
