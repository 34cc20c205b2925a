//! The commands.

pub mod account;
mod civics;
mod config;
mod delivery;
mod demo;
mod doctor;
mod export;
mod keys;
mod load;
mod load_mail;
mod mailer;
mod migrate;
mod officials;
mod openapi;
mod petition;
mod serve;
mod upkeep;

use crate::failure::Outcome;
use crate::output::Globals;
use clap::Subcommand;

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Everything in one process, on a made-up county: site, console, letters, an outbox for the mail
    Demo(demo::Demo),
    /// From an address to the officials who answer for it
    #[command(subcommand)]
    Civics(civics::Civics),
    /// Who holds which post: lists in and out
    #[command(subcommand)]
    Officials(officials::Officials),
    /// Petitions: make, show, open, pause, close, archive
    #[command(subcommand)]
    Petition(petition::Petition),
    /// Counts and signers as tables
    #[command(subcommand)]
    Export(export::Export),
    /// Batches and letters: preview, freeze, approve, look
    #[command(subcommand)]
    Delivery(delivery::Delivery),
    /// Organizers' accounts
    #[command(subcommand)]
    Account(account::Account),
    /// The instance's key and the petitions': make, rotate, destroy
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Serve the site for signers and the API
    Serve(serve::Serve),
    /// Send letters to officials and mail to signers
    Mailer(mailer::Mailer),
    /// Run the timers: reminders, thresholds, expiry
    Upkeep(upkeep::Upkeep),
    /// The configuration: what holds, whether it is right, every key
    #[command(subcommand)]
    Config(config::Config),
    /// Print the description of the API, as programs read it
    Openapi,
    /// Let a made-up crowd sign at a site, and say what it could take
    Load(load::Load),
    #[command(hide = true)]
    LoadMail(load_mail::LoadMail),
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
            Self::Demo(command) => command.run(globals),
            Self::Officials(command) => command.run(globals),
            Self::Petition(command) => command.run(globals),
            Self::Export(command) => command.run(globals),
            Self::Delivery(command) => command.run(globals),
            Self::Mailer(command) => command.run(globals),
            Self::Upkeep(command) => command.run(globals),
            Self::Config(command) => command.run(globals),
            Self::Account(command) => command.run(globals),
            Self::Keys(command) => command.run(globals),
            Self::Serve(command) => command.run(globals),
            Self::Openapi => {
                openapi::run();
                Ok(())
            }
            Self::Load(command) => command.run(globals),
            Self::LoadMail(command) => command.run(globals),
            Self::Migrate(command) => command.run(globals),
            Self::Doctor(command) => command.run(globals),
        }
    }
}
