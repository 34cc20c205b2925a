//! `redress officials export`.

use crate::failure::{Failure, Outcome};
use crate::instance::{Database, run};
use crate::output::{self, Globals};
use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use redress_civics::officials::{write_csv, write_json};
use std::path::PathBuf;

/// Write every row of every list as one list, which imports back as it is
#[derive(Args)]
pub struct Export {
    #[command(flatten)]
    database: Database,
    /// Where to (default: standard output)
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Only who sits, and what is vacant, on a day
    #[arg(long, value_name = "DATE")]
    on: Option<NaiveDate>,
    /// How it is written
    #[arg(long, value_enum, default_value_t = Written::Csv)]
    format: Written,
}

/// How a directory is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Written {
    /// A table in our columns
    Csv,
    /// A list of objects with the same names
    Json,
}

impl Export {
    /// Writes it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let directory = run(async {
            let instance = self.database.open(&globals.config).await?;
            let directory = instance.store.officials.load_directory().await;
            instance.close().await;
            directory.map_err(Failure::failed)
        })?;
        let mut text = Vec::new();
        match self.format {
            Written::Csv => write_csv(&directory, self.on, &mut text),
            Written::Json => write_json(&directory, self.on, &mut text),
        }
        .map_err(Failure::failed)?;
        output::write(self.out.as_deref(), &text)
    }
}
