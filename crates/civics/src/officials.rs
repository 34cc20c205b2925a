//! Who holds which post, from lists that are old, contradict each other and leave things out.
//!
//! A [`Gatherer`] takes rows from several files in the manifest's order and builds a
//! [`Directory`]: for each jurisdiction its [`Post`]s, for each post everybody who was ever listed
//! in it. A [`Sitting`] says who holds a seat on one day.
//!
//! Rules:
//!
//! - A row that cannot be trusted is refused with its line, its reason and the mend; the others load.
//! - Nothing is thrown away because something newer came: history answers for earlier days.
//! - Rows alike in place, role, district and seat label, within one vintage (a file and the day as
//!   of which it speaks) and at one time, are seats of one multi-member post. Mayor and clerk are
//!   always single.
//! - A vacancy is never filled with a former holder, and nobody is named before the term begins.
//! - Where the sources do not say which seat it is, the seat is unknown, never guessed.
//! - The same files in the same order give the same directory, byte for byte, and one version.
//!
//! - A person keeps one id under every spelling (`person`); what is not certain is told and left apart.
//!
//! To read another kind of list, say in `format` how it is recognised and turn its entries into
//! values by column (`entry`), which become [`Row`]s for [`Gatherer::add`]; what a row means is decided in
//! one place, whatever it came from. [`propose`] shows what a list would change before anything is.

mod changes;
mod cicero;
mod columns;
mod contact;
mod csv;
mod date;
mod division;
mod entry;
mod error;
mod field;
mod findings;
mod format;
mod gather;
mod id;
mod label;
mod office;
mod openstates;
mod person;
mod popolo;
mod proposal;
mod reading;
mod repeats;
mod row;
mod seats;
mod stated;
#[cfg(test)]
mod tests;
mod tree;
mod write;

pub use changes::{Change, ChangeKind, changes};
pub use columns::{COLUMNS, Layout};
pub use error::OfficialsError;
pub use findings::{Finding, FindingKind, Look, findings};
pub use format::{Format, ListFile, ListReading};
pub use gather::Gatherer;
pub use label::district_label;
pub use person::Doubt;
pub use proposal::{Missing, Proposal, propose, propose_directory};
pub use reading::{Notice, NoticeKind, Taken};
pub use redress_model::directory::{
    Counts, Directory, Jurisdiction, Post, Sitting, Stated, Tenure, Vacancy, Vintage, Who,
};
pub use row::Row;
pub use write::{write_csv, write_json};
