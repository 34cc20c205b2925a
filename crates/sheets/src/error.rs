//! What can go wrong while a sheet is drawn. Nothing that somebody wrote stands in an error.

use thiserror::Error;

/// An error of any sheet.
#[derive(Debug, Error)]
pub enum SheetError {
    /// The address of the record is longer than a code holds (about 2,300 bytes).
    #[error("the address of the record does not fit a code")]
    Code,
    /// The page cannot hold what it must say even with the ask cut away.
    #[error("the letter does not fit one page")]
    Overfull,
    /// The writer of PDF refused.
    #[error("the pages could not be written: {0}")]
    Drawing(String),
}
