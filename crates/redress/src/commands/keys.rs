//! `redress keys`.

mod create;
mod destroy;
mod rotate;

use crate::failure::Outcome;
use crate::output::Globals;
use clap::Subcommand;

/// Keys of the instance and of petitions
#[derive(Subcommand)]
pub enum Keys {
    Create(create::Create),
    Rotate(rotate::Rotate),
    Destroy(destroy::Destroy),
}

impl Keys {
    /// Does it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        match self {
            Self::Create(command) => command.run(globals),
            Self::Rotate(command) => command.run(globals),
            Self::Destroy(command) => command.run(globals),
        }
    }
}
