//! `redress petition create`.

use crate::failure::{Failure, Outcome};
use crate::instance::{Database, Instance, KeyFile, run};
use crate::machine::{SystemClock, random};
use crate::output::{self, Globals};
use anyhow::anyhow;
use clap::Args;
use redress_model::clock::Clock;
use redress_model::geoid::Geoid;
use redress_model::id::PetitionId;
use redress_model::petition::state::PetitionState;
use redress_model::petition::{Confirmation, Petition, PetitionTerms, Target};
use redress_model::slug::Slug;
use redress_storage::accounts::DEFAULT_ORGANIZATION;
use redress_storage::audit::{Actor, Deed};
use redress_storage::{Constraint, StorageError};
use serde_json::json;
use std::path::PathBuf;

/// Make a petition
#[derive(Args)]
pub struct Create {
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    key_file: KeyFile,
    /// Its word in addresses
    #[arg(long, value_parser = parse_slug)]
    slug: Slug,
    /// Its headline
    #[arg(long)]
    title: String,
    /// File with what it asks for
    #[arg(long, value_name = "FILE")]
    ask_file: Option<PathBuf>,
    #[arg(long, help = "Whom it goes to: mayor, council_member, clerk", value_delimiter = ',', default_value = "mayor,council_member", value_parser = parse_target)]
    target: Vec<Target>,
    /// GEOID of a government it is meant for; again for more; all when left out
    #[arg(long, value_parser = parse_geoid)]
    place: Vec<Geoid>,
    /// email: a signature counts when confirmed; none: at once, and every count says so
    #[arg(long, default_value = "email", value_parser = parse_confirmation)]
    confirmation: Confirmation,
    /// Confirmed signatures of one jurisdiction, not yet in a batch, that make a batch
    #[arg(long, default_value_t = 1)]
    threshold: u32,
    /// Send batches without approval
    #[arg(long)]
    autopilot: bool,
    /// Open it for signing at once
    #[arg(long)]
    open: bool,
    /// Whose it is
    #[arg(long, value_name = "SLUG", default_value = DEFAULT_ORGANIZATION, value_parser = parse_slug)]
    organization: Slug,
}

/// Reads a slug for the command line.
pub fn parse_slug(text: &str) -> Result<Slug, String> {
    Slug::parse(text).map_err(|error| error.to_string())
}

fn parse_target(text: &str) -> Result<Target, String> {
    text.parse()
        .map_err(|_| "write mayor, council_member or clerk".to_owned())
}

fn parse_geoid(text: &str) -> Result<Geoid, String> {
    Geoid::parse(text).map_err(|error| error.to_string())
}

fn parse_confirmation(text: &str) -> Result<Confirmation, String> {
    text.parse().map_err(|_| "write email or none".to_owned())
}

impl Create {
    /// Makes it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let terms = self.terms()?;
        let petition = run(async {
            let instance = self.database.open().await?;
            let made = self.make(&instance, terms).await;
            instance.close().await;
            made
        })?;
        if globals.json {
            output::print(&super::show::to_json(&petition).to_string());
        } else if !globals.quiet {
            output::print(&format!("{} {}", petition.slug, petition.state.as_str()));
        }
        Ok(())
    }

    fn terms(&self) -> Result<PetitionTerms, Failure> {
        let ask = match &self.ask_file {
            Some(path) => {
                std::fs::read_to_string(path).map_err(|error| Failure::unreadable(path, &error))?
            }
            None => String::new(),
        };
        let terms = PetitionTerms {
            ask: ask.trim().to_owned(),
            targets: self.target.clone(),
            places: self.place.clone(),
            confirmation: self.confirmation,
            threshold: self.threshold,
            is_on_autopilot: self.autopilot,
            ..PetitionTerms::with_title(&self.title)
        };
        terms.check().map_err(Failure::input)?;
        Ok(terms)
    }

    async fn make(&self, instance: &Instance, terms: PetitionTerms) -> Result<Petition, Failure> {
        let store = &instance.store;
        let organization = store
            .accounts
            .find_organization(&self.organization)
            .await
            .map_err(Failure::failed)?;
        let organization = organization.ok_or_else(|| {
            Failure::input(anyhow!("there is no organization {}", self.organization))
        })?;
        let vault = instance.vault(&self.key_file)?;
        let at = SystemClock.now();
        let mut petition = Petition {
            id: PetitionId::new(&SystemClock, &mut random()),
            organization_id: organization.id,
            slug: self.slug.clone(),
            state: PetitionState::Draft,
            terms,
            created_at: at,
            opened_at: None,
            closed_at: None,
        };
        // The key first: a petition without one could not take a signature.
        vault
            .create(petition.id, &mut random())
            .await
            .map_err(Failure::failed)?;
        let deed = |action| Deed {
            actor: Actor::CommandLine,
            action,
            subject: self.slug.to_string(),
            details: json!({}),
            at,
        };
        if let Err(error) = store
            .petitions
            .record_petition(&petition, &deed("petition.create"))
            .await
        {
            vault.destroy(petition.id).await.map_err(Failure::failed)?;
            return Err(match error {
                StorageError::Refused(Constraint::PetitionSlug) => Failure::input(anyhow!(
                    "there is a petition {} already; choose another --slug",
                    self.slug
                )),
                error => Failure::failed(error),
            });
        }
        if self.open {
            store
                .petitions
                .change_petition_state(
                    petition.id,
                    PetitionState::Draft,
                    PetitionState::Open,
                    &deed("petition.open"),
                )
                .await
                .map_err(Failure::failed)?;
            petition.state = PetitionState::Open;
            petition.opened_at = Some(at);
        }
        Ok(petition)
    }
}
