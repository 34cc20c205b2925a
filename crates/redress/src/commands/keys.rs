//! `redress keys`.

mod create;
mod destroy;
mod dkim;
mod rotate;

use crate::failure::Outcome;
use crate::output::Globals;
use clap::Subcommand;

/// Keys of the instance and of petitions, and keys that sign mail
#[derive(Subcommand)]
pub enum Keys {
    Create(create::Create),
    Rotate(rotate::Rotate),
    Destroy(destroy::Destroy),
    Dkim(dkim::Dkim),
}

impl Keys {
    /// Does it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        match self {
            Self::Create(command) => command.run(globals),
            Self::Rotate(command) => command.run(globals),
            Self::Destroy(command) => command.run(globals),
            Self::Dkim(command) => command.run(globals),
        }
    }
}
