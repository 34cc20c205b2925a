//! `redress delivery cancel`.

use super::Subject;
use crate::failure::{Failure, Outcome};
use crate::instance::run;
use crate::output::{self, Globals};
use anyhow::anyhow;
use clap::Args;
use redress_storage::StorageError;
use serde_json::json;

/// Take back a batch that nobody approved; its signatures are free for the next one
#[derive(Args)]
pub struct Cancel {
    #[command(flatten)]
    subject: Subject,
    /// Which, by its number
    #[arg(long, value_name = "N")]
    batch: u32,
}

impl Cancel {
    /// Cancels it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        run(async {
            let (instance, petition) = self.subject.open(globals).await?;
            let batches = &instance.store.batches;
            let found = batches.find_batch(petition.id, self.batch).await;
            let batch = found.map_err(Failure::failed)?.ok_or_else(|| {
                Failure::input(anyhow!("{} has no batch {}", petition.slug, self.batch))
            })?;
            let details = json!({"batch": self.batch});
            let deed = self.subject.deed("delivery.cancel", details);
            let cancelled = batches.cancel_batch(batch.id, &deed).await;
            instance.close().await;
            cancelled.map_err(|error| match error {
                StorageError::Stale(_) => Failure::input(anyhow!(
                    "batch {} was decided before, or a later batch of the same place stands; cancel the later one first",
                    self.batch
                )),
                error => Failure::failed(error),
            })
        })?;
        if !globals.quiet {
            output::print(&format!("cancelled batch {}", self.batch));
        }
        Ok(())
    }
}
