//! `redress officials`.

mod check;
mod export;
mod import;

use crate::failure::Outcome;
use crate::output::Globals;
use clap::Subcommand;

/// Commands on the directory.
#[derive(Subcommand)]
pub enum Officials {
    /// Take a list of officials or a pack; what it changes is shown first
    Import(import::Import),
    /// List what to look into: ended terms, vacancies, missing and shared addresses
    Check(check::Check),
    /// Write every row of every list as one list
    Export(export::Export),
}

impl Officials {
    /// Does it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        match self {
            Self::Import(command) => command.run(globals),
            Self::Check(command) => command.run(globals),
            Self::Export(command) => command.run(globals),
        }
    }
}
