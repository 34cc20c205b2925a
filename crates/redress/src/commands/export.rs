//! `redress export`.

mod counts;
mod signers;

use crate::failure::Outcome;
use crate::output::Globals;
use clap::Subcommand;

/// Exports.
#[derive(Subcommand)]
pub enum Export {
    /// A petition's counts by place or district
    Counts(counts::Counts),
    Signers(signers::Signers),
}

impl Export {
    /// Does it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        match self {
            Self::Counts(command) => command.run(globals),
            Self::Signers(command) => command.run(globals),
        }
    }
}
