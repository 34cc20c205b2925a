//! Sheets read back by programs that did not write them.

#![expect(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

mod letter;
mod list;
mod support;
