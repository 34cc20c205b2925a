//! The commands.

mod account;
mod civics;
mod doctor;
mod export;
mod keys;
mod migrate;
mod officials;
mod petition;
mod serve;

use crate::failure::Outcome;
use crate::output::Globals;
use clap::Subcommand;

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// From an address to the officials who answer for it
    #[command(subcommand)]
    Civics(civics::Civics),
    /// Who holds which post: lists in and out
    #[command(subcommand)]
    Officials(officials::Officials),
    /// Petitions: make, show, open, pause, close, archive
    #[command(subcommand)]
    Petition(petition::Petition),
    /// Counts as tables
    #[command(subcommand)]
    Export(export::Export),
    /// Organizers' accounts
    #[command(subcommand)]
    Account(account::Account),
    /// The instance's key
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Serve the site for signers and the API
    Serve(serve::Serve),
    /// Bring a database's schema up to date
    Migrate(migrate::Migrate),
    /// Check an instance; exit 1 when something differs
    Doctor(doctor::Doctor),
}

impl Command {
    /// Does it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        match self {
            Self::Civics(command) => command.run(globals),
            Self::Officials(command) => command.run(globals),
            Self::Petition(command) => command.run(globals),
            Self::Export(command) => command.run(globals),
            Self::Account(command) => command.run(globals),
            Self::Keys(command) => command.run(globals),
            Self::Serve(command) => command.run(globals),
            Self::Migrate(command) => command.run(globals),
            Self::Doctor(command) => command.run(globals),
        }
    }
}
