//! `redress migrate`.

use crate::failure::Outcome;
use crate::instance::{Database, run};
use crate::output::{self, Globals};
use clap::Args;

/// Bring a database's schema up to date
#[derive(Args)]
pub struct Migrate {
    #[command(flatten)]
    database: Database,
}

impl Migrate {
    /// Does it; harmless when nothing is to be done.
    pub fn run(&self, globals: &Globals) -> Outcome {
        run(async {
            self.database.open(&globals.config).await?.close().await;
            Ok(())
        })?;
        if !globals.quiet && !globals.json {
            output::print("the schema is up to date");
        }
        Ok(())
    }
}
