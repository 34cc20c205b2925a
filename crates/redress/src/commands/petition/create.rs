//! `redress petition create`.

use crate::config::{Config, SenderConfig};
use crate::failure::{Failure, Outcome};
use crate::instance::{Database, Instance, KeyFile, run};
use crate::machine::{SystemClock, random};
use crate::output::{self, Globals};
use anyhow::anyhow;
use clap::Args;
use redress_model::clock::Clock;
use redress_model::email::Email;
use redress_model::geoid::Geoid;
use redress_model::id::PetitionId;
use redress_model::petition::state::PetitionState;
use redress_model::petition::{Confirmation, Petition, PetitionTerms, Sender, Target};
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
    /// Who stands behind its letters (default: sender.organization of the configuration)
    #[arg(long, value_name = "NAME")]
    sender_organization: Option<String>,
    /// The sender's postal address; lines parted by \n
    #[arg(long, value_name = "TEXT")]
    sender_address: Option<String>,
    /// Where people reach the sender
    #[arg(long, value_name = "E", value_parser = crate::commands::account::parse_email)]
    sender_email: Option<Email>,
    /// The time zone of its days and schedules
    #[arg(long, value_name = "NAME", default_value = "UTC")]
    time_zone: String,
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

/// Reads a GEOID for the command line.
pub fn parse_geoid(text: &str) -> Result<Geoid, String> {
    Geoid::parse(text).map_err(|error| error.to_string())
}

fn parse_confirmation(text: &str) -> Result<Confirmation, String> {
    text.parse().map_err(|_| "write email or none".to_owned())
}

/// Who stands behind a petition that names nobody else.
pub fn default_sender(config: &SenderConfig) -> Result<Sender, Failure> {
    let contact_email = Email::parse(&config.contact_email)
        .map_err(|error| Failure::input(anyhow!("sender.contact_email: {error}")))?;
    Ok(Sender {
        organization: config.organization.trim().to_owned(),
        postal_address: config.postal_address.trim().to_owned(),
        contact_email,
    })
}

impl Create {
    /// Makes it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let terms = self.terms(&globals.config)?;
        let petition = run(async {
            let instance = self.database.open(&globals.config).await?;
            let made = self.make(globals, &instance, terms).await;
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

    fn terms(&self, config: &Config) -> Result<PetitionTerms, Failure> {
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
            time_zone: self.time_zone.clone(),
            sender: Some(self.sender(&config.sender)?),
            ..PetitionTerms::with_title(&self.title)
        };
        terms.check().map_err(Failure::input)?;
        Ok(terms)
    }

    fn sender(&self, config: &SenderConfig) -> Result<Sender, Failure> {
        let default = default_sender(config)?;
        let text = |flag: &Option<String>, default: String| {
            flag.as_ref()
                .map_or(default, |text| text.trim().replace("\\n", "\n"))
        };
        Ok(Sender {
            organization: text(&self.sender_organization, default.organization),
            postal_address: text(&self.sender_address, default.postal_address),
            contact_email: self.sender_email.clone().unwrap_or(default.contact_email),
        })
    }

    async fn make(
        &self,
        globals: &Globals,
        instance: &Instance,
        terms: PetitionTerms,
    ) -> Result<Petition, Failure> {
        let store = &instance.store;
        let organization = store
            .accounts
            .find_organization(&self.organization)
            .await
            .map_err(Failure::failed)?;
        let organization = organization.ok_or_else(|| {
            Failure::input(anyhow!("there is no organization {}", self.organization))
        })?;
        let vault = instance.vault(&self.key_file, &globals.config)?;
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
