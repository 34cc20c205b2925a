//! What can go wrong while a report is written.

use thiserror::Error;

/// An error of any format.
#[derive(Debug, Error)]
pub enum ReportError {
    /// The writer took no more: a full disk, a reader who left. What was written so far is no report.
    #[error("the report could not be written")]
    Write(#[from] std::io::Error),
    /// More rows than a sheet of a spreadsheet has; nothing was written.
    #[error("a spreadsheet holds at most {most} rows; CSV has no such limit")]
    TooManyRows {
        /// Rows under the header.
        most: u32,
    },
    /// The spreadsheet could not be put together; nothing was written.
    #[error("the spreadsheet could not be made")]
    Spreadsheet(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What every format answers.
pub type ReportResult = Result<(), ReportError>;
