//! `redress delivery resolve-uncertain`.

use super::Subject;
use crate::failure::{Failure, Outcome};
use crate::instance::{Instance, run};
use crate::output::{self, Globals};
use anyhow::anyhow;
use clap::{Args, ValueEnum};
use redress_model::delivery::state::DeliveryState;
use redress_model::id::DeliveryId;
use redress_model::petition::Petition;
use redress_storage::StorageError;
use redress_storage::deliveries::{Delivery, DeliveryFilter};
use serde_json::json;

/// Decide what became of letters that were sent and never answered
#[derive(Args)]
pub struct ResolveUncertain {
    #[command(flatten)]
    subject: Subject,
    /// Which delivery; without one, those that wait are listed
    #[arg(long, value_name = "ID", requires_all = ["as", "by", "note"])]
    delivery: Option<DeliveryId>,
    /// What became of it
    #[arg(long, value_enum)]
    r#as: Option<Fate>,
    /// Who says so
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// By what evidence: the relay's log, the office's word
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

/// What became of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Fate {
    /// The office's server took it.
    Accepted,
    /// The office's server refused it.
    Refused,
    /// Send the same bytes once more.
    Resend,
    /// Give it up.
    Abandoned,
}

impl Fate {
    fn state(self) -> DeliveryState {
        match self {
            Self::Accepted => DeliveryState::Accepted,
            Self::Refused => DeliveryState::Refused,
            Self::Resend => DeliveryState::Queued,
            Self::Abandoned => DeliveryState::Abandoned,
        }
    }
}

impl ResolveUncertain {
    /// Decides one, or lists those that wait.
    pub fn run(&self, globals: &Globals) -> Outcome {
        run(async {
            let (instance, petition) = self.subject.open(globals).await?;
            let done = match (self.delivery, self.r#as) {
                (Some(id), Some(fate)) => self.decide(&instance, &petition, id, fate).await,
                _ => list(&instance, &petition, globals).await,
            };
            instance.close().await;
            done
        })
    }

    async fn decide(
        &self,
        instance: &Instance,
        petition: &Petition,
        id: DeliveryId,
        fate: Fate,
    ) -> Outcome {
        let deliveries = &instance.store.deliveries;
        let known = deliveries
            .find_delivery(id)
            .await
            .map_err(Failure::failed)?;
        if known.is_none_or(|delivery| delivery.petition_id != petition.id) {
            return Err(Failure::input(anyhow!(
                "{} has no delivery {id}",
                petition.slug
            )));
        }
        let (by, note) = (self.by.as_deref(), self.note.as_deref());
        let note = format!(
            "{}: {}",
            by.unwrap_or_default().trim(),
            note.unwrap_or_default().trim()
        );
        let state = fate.state();
        let details = json!({"delivery": id.to_string(), "as": state.as_str()});
        let deed = self.subject.deed("delivery.resolve_uncertain", details);
        deliveries
            .decide_delivery(id, DeliveryState::Uncertain, state, Some(&note), &deed)
            .await
            .map_err(|error| match error {
                StorageError::Stale(_) => {
                    Failure::input(anyhow!("delivery {id} is not uncertain (any more)"))
                }
                error => Failure::failed(error),
            })
    }
}

async fn list(instance: &Instance, petition: &Petition, globals: &Globals) -> Outcome {
    let uncertain = DeliveryFilter {
        batch: None,
        state: Some(DeliveryState::Uncertain),
    };
    let waiting = instance
        .store
        .deliveries
        .list_deliveries(petition.id, uncertain, None, 1_000)
        .await
        .map_err(Failure::failed)?;
    if globals.json {
        let waiting: Vec<_> = waiting
            .iter()
            .map(|one| json!({"delivery": one.id.to_string(), "batch": one.batch_number, "post": one.addressee.post_id, "sent_at": one.changed_at}))
            .collect();
        output::print(&json!({ "uncertain": waiting }).to_string());
    } else if waiting.is_empty() {
        output::print("nothing is uncertain");
    } else {
        let lines: Vec<String> = waiting.iter().map(line).collect();
        output::print(&lines.join("\n"));
    }
    Ok(())
}

fn line(delivery: &Delivery) -> String {
    format!(
        "{} batch {} {} since {}",
        delivery.id,
        delivery.batch_number,
        delivery.addressee.post_id,
        delivery.changed_at.format("%Y-%m-%d %H:%M UTC")
    )
}
