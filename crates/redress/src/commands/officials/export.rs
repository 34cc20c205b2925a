//! `redress officials export`.

use crate::failure::{Failure, Outcome};
use crate::instance::{Database, run};
use crate::output::{self, Globals};
use clap::Args;
use redress_civics::officials::write_csv;
use std::path::PathBuf;

/// Write every row of every list as one CSV
#[derive(Args)]
pub struct Export {
    #[command(flatten)]
    database: Database,
    /// Where to (default: standard output)
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
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
        write_csv(&directory, &mut text).map_err(Failure::failed)?;
        output::write(self.out.as_deref(), &text)
    }
}
