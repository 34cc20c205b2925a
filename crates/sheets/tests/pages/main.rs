//! Sheets read back by programs that did not write them.

mod letter;
mod list;
mod support;
