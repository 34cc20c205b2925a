//! `redress delivery approve`.

use super::Subject;
use crate::carrier::failure;
use crate::config::SenderConfig;
use crate::failure::{Failure, Outcome};
use crate::instance::{Instance, run};
use crate::output::{self, Globals};
use anyhow::anyhow;
use clap::Args;
use redress_model::batch::BatchState;
use redress_model::petition::Petition;
use redress_storage::StorageError;
use redress_storage::batches::Batch;
use serde_json::json;

/// Batches asked for at a time.
const PAGE: u32 = 500;

/// Let the letters of batches go out
#[derive(Args)]
pub struct Approve {
    #[command(flatten)]
    subject: Subject,
    #[command(flatten)]
    which: Which,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Which {
    /// One batch, by its number; again for an approved one looks for contacts that were missing
    #[arg(long, value_name = "N")]
    batch: Option<u32>,
    /// Every batch that nobody decided about
    #[arg(long)]
    all: bool,
}

impl Approve {
    /// Approves. Letters whose contact was missing and has been found go with them.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let (approved, found) = run(async {
            let (instance, petition) = self.subject.open(globals).await?;
            let done = self.approve(&instance, &petition, globals).await;
            instance.close().await;
            done
        })?;
        if globals.json {
            output::print(&json!({"approved": approved, "contacts_found": found}).to_string());
        } else if !globals.quiet {
            let list: Vec<String> = approved.iter().map(u32::to_string).collect();
            let list = if list.is_empty() {
                "no batch".to_owned()
            } else {
                format!("batch {}", list.join(", "))
            };
            output::print(&format!("approved {list}; {found} missing contacts found"));
        }
        Ok(())
    }

    async fn approve(
        &self,
        instance: &Instance,
        petition: &Petition,
        globals: &Globals,
    ) -> Result<(Vec<u32>, u32), Failure> {
        let Some(sender) = &petition.terms.sender else {
            return Err(Failure::input(anyhow!(
                "the petition names no sender; `redress petition create --sender-organization` or the console's petition page gives it one"
            )));
        };
        if *sender == crate::commands::petition::default_sender(&SenderConfig::default())? {
            eprintln!(
                "redress: letters of {} name the built-in sender; set sender.organization, sender.postal_address and sender.contact_email, or edit the petition",
                petition.slug
            );
        }
        let batches = self.chosen(instance, petition).await?;
        let mailer = self.subject.mailer(instance, globals).await?;
        let found = mailer
            .refresh_contacts(petition.id)
            .await
            .map_err(failure)?;
        let mut approved = Vec::new();
        for batch in batches {
            let details = json!({"batch": batch.number});
            let deed = self.subject.deed("delivery.approve", details);
            match instance.store.batches.approve_batch(batch.id, &deed).await {
                Ok(()) => approved.push(batch.number),
                // Somebody else was faster, to the same end or another.
                Err(StorageError::Stale(_)) => {}
                Err(error) => return Err(Failure::failed(error)),
            }
        }
        Ok((approved, found))
    }

    async fn chosen(
        &self,
        instance: &Instance,
        petition: &Petition,
    ) -> Result<Vec<Batch>, Failure> {
        let batches = &instance.store.batches;
        if let Some(number) = self.which.batch {
            let found = batches.find_batch(petition.id, number).await;
            let batch = found.map_err(Failure::failed)?.ok_or_else(|| {
                Failure::input(anyhow!(
                    "{} has no batch {number}; `redress delivery status` counts them",
                    petition.slug
                ))
            })?;
            if batch.state == BatchState::Cancelled {
                return Err(Failure::input(anyhow!("batch {number} was cancelled")));
            }
            return Ok(vec![batch]);
        }
        let (mut all, mut after) = (Vec::new(), 0);
        loop {
            let page = batches
                .list_batches(petition.id, None, Some(BatchState::Frozen), after, PAGE)
                .await
                .map_err(Failure::failed)?;
            let Some(last) = page.last() else {
                return Ok(all);
            };
            after = last.number;
            all.extend(page);
        }
    }
}
