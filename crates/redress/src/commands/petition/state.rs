//! `redress petition open`, `pause`, `close`, `archive`.

use super::create::parse_slug;
use crate::failure::{Failure, Outcome};
use crate::instance::{Database, run};
use crate::machine::SystemClock;
use crate::output::{self, Globals};
use anyhow::anyhow;
use clap::Args;
use redress_model::clock::Clock;
use redress_model::petition::state::PetitionState;
use redress_model::slug::Slug;
use redress_storage::StorageError;
use redress_storage::audit::{Actor, Deed};
use serde_json::json;

/// A step of a petition's life
#[derive(Args)]
pub struct Change {
    #[command(flatten)]
    database: Database,
    /// Its slug
    #[arg(long, value_name = "SLUG", value_parser = parse_slug)]
    petition: Slug,
}

impl Change {
    /// Takes the step; harmless when it is taken already.
    pub fn run(&self, to: PetitionState, globals: &Globals) -> Outcome {
        run(async {
            let instance = self.database.open(&globals.config).await?;
            let petition = super::find(&instance.store, &self.petition).await?;
            if petition.state == to {
                return Ok(());
            }
            if !petition.state.may_become(to) {
                return Err(Failure::input(anyhow!(
                    "{} is {}: it cannot become {}",
                    petition.slug,
                    petition.state.as_str(),
                    to.as_str()
                )));
            }
            let action = match to {
                PetitionState::Open => "petition.open",
                PetitionState::Paused => "petition.pause",
                PetitionState::Closed => "petition.close",
                PetitionState::Draft | PetitionState::Archived => "petition.archive",
            };
            let deed = Deed {
                actor: Actor::CommandLine,
                action,
                subject: petition.slug.to_string(),
                details: json!({}),
                at: SystemClock.now(),
            };
            let changed = instance
                .store
                .petitions
                .change_petition_state(petition.id, petition.state, to, &deed)
                .await;
            instance.close().await;
            changed.map_err(|error| match error {
                StorageError::Stale(_) => Failure::failed(anyhow!(
                    "somebody else changed {} at the same moment: look at it and try again",
                    petition.slug
                )),
                error => Failure::failed(error),
            })
        })?;
        if !globals.quiet && !globals.json {
            output::print(&format!("{} {}", self.petition, to.as_str()));
        }
        Ok(())
    }
}
