//! Arguments that name one address or a file of them.

use crate::failure::Failure;
use clap::Args;
use std::fs::File;
use std::path::{Path, PathBuf};

/// One address, or a file in and a file out.
#[derive(Args)]
#[group(required = true, multiple = true)]
pub struct Addresses {
    /// An address on one line
    #[arg(conflicts_with = "batch")]
    pub address: Option<String>,
    /// CSV of addresses: columns id, address or street, unit, city, state, zip
    #[arg(long, value_name = "IN.csv", requires = "out")]
    pub batch: Option<PathBuf>,
    /// File for the answers
    #[arg(long, value_name = "OUT", requires = "batch")]
    pub out: Option<PathBuf>,
}

/// Opens an input; a failure is bad input.
pub fn open(path: &Path) -> Result<File, Failure> {
    File::open(path).map_err(|error| Failure::unreadable(path, &error))
}

/// Creates an output; a failure is a failure.
pub fn create(path: &Path) -> Result<File, Failure> {
    File::create(path).map_err(|error| Failure::unwritable(path, &error))
}
