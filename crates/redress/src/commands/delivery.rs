//! `redress delivery`.

mod approve;
mod cancel;
mod freeze;
mod preview;
mod receive;
mod resolve_uncertain;
mod status;

use crate::failure::{Failure, Outcome};
use crate::instance::{Database, Instance, KeyFile};
use crate::machine::SystemClock;
use crate::output::Globals;
use clap::{Args, Subcommand};
use redress_mailer::Mailer;
use redress_model::clock::Clock;
use redress_model::petition::Petition;
use redress_model::slug::Slug;
use redress_storage::audit::{Actor, Deed};
use serde_json::Value;

/// Commands on batches and letters.
#[derive(Subcommand)]
pub enum Delivery {
    /// Write each letter that would go now as one .eml file
    Preview(preview::Preview),
    /// Freeze what is confirmed and in no batch yet
    Freeze(freeze::Freeze),
    /// Let the letters of batches go out
    Approve(approve::Approve),
    /// Take back a batch that nobody approved; its signatures are free for the next one
    Cancel(cancel::Cancel),
    /// How many batches and deliveries stand where
    Status(status::Status),
    /// Decide what became of letters that were sent and never answered
    ResolveUncertain(resolve_uncertain::ResolveUncertain),
    /// Take in what came back: bounces, complaints, answers
    Receive(receive::Receive),
}

impl Delivery {
    /// Does it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        match self {
            Self::Preview(command) => command.run(globals),
            Self::Freeze(command) => command.run(globals),
            Self::Approve(command) => command.run(globals),
            Self::Cancel(command) => command.run(globals),
            Self::Status(command) => command.run(globals),
            Self::ResolveUncertain(command) => command.run(globals),
            Self::Receive(command) => command.run(globals),
        }
    }
}

/// Which petition, where.
#[derive(Debug, Args)]
pub struct Subject {
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    key_file: KeyFile,
    /// Which petition
    #[arg(long, value_name = "SLUG", value_parser = crate::commands::petition::parse_slug)]
    petition: Slug,
}

impl Subject {
    async fn open(&self, globals: &Globals) -> Result<(Instance, Petition), Failure> {
        let instance = self.database.open(&globals.config).await?;
        let petition = crate::commands::petition::find(&instance.store, &self.petition).await?;
        Ok((instance, petition))
    }

    async fn mailer(&self, instance: &Instance, globals: &Globals) -> Result<Mailer, Failure> {
        let vault = instance.vault(&self.key_file, &globals.config)?;
        crate::carrier::mailer(instance, vault, globals.config.mailer.settings()).await
    }

    fn deed(&self, action: &'static str, details: Value) -> Deed {
        Deed {
            actor: Actor::CommandLine,
            action,
            subject: self.petition.to_string(),
            details,
            at: SystemClock.now(),
        }
    }
}
