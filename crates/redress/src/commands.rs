//! The commands.

mod civics;

use crate::failure::Outcome;
use crate::output::Globals;
use clap::Subcommand;

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// From an address to the officials who answer for it
    #[command(subcommand)]
    Civics(civics::Civics),
}

impl Command {
    /// Does it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        match self {
            Self::Civics(command) => command.run(globals),
        }
    }
}
