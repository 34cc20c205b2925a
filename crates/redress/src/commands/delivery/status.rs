//! `redress delivery status`.

use super::Subject;
use super::preview::why;
use crate::failure::{Failure, Outcome};
use crate::instance::{Instance, run};
use crate::output::{self, Globals};
use clap::Args;
use redress_model::delivery::state::DeliveryState;
use redress_model::petition::Petition;
use redress_storage::deliveries::{Buckets, Delivery, DeliveryFilter};
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// Deliveries asked for at a time.
const PAGE: u32 = 500;

/// How many batches and deliveries stand where
#[derive(Args)]
pub struct Status {
    #[command(flatten)]
    subject: Subject,
}

impl Status {
    /// Prints every state, and why letters have nobody to go to.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let (buckets, stuck) = run(async {
            let (instance, petition) = self.subject.open(globals).await?;
            let deliveries = &instance.store.deliveries;
            let buckets = deliveries.count_buckets(petition.id).await;
            let stuck = no_contact(&instance, &petition).await;
            instance.close().await;
            Ok((buckets.map_err(Failure::failed)?, stuck?))
        })?;
        output::print(&if globals.json {
            to_json(&buckets, &stuck).to_string()
        } else {
            to_text(&buckets, &stuck)
        });
        Ok(())
    }
}

async fn no_contact(instance: &Instance, petition: &Petition) -> Result<Vec<Delivery>, Failure> {
    let filter = DeliveryFilter {
        batch: None,
        state: Some(DeliveryState::NoContact),
    };
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = instance
            .store
            .deliveries
            .list_deliveries(petition.id, filter, after, PAGE)
            .await
            .map_err(Failure::failed)?;
        let Some(last) = page.last() else {
            return Ok(all);
        };
        after = Some(last.id);
        all.extend(page);
    }
}

fn to_json(buckets: &Buckets, stuck: &[Delivery]) -> Value {
    let batches: Map<String, Value> = buckets
        .batches
        .iter()
        .map(|(state, count)| (state.to_string(), json!(count)))
        .collect();
    let deliveries: Map<String, Value> = buckets
        .deliveries
        .iter()
        .map(|(state, count)| (state.to_string(), json!(count)))
        .collect();
    let stuck: Vec<Value> = stuck
        .iter()
        .map(|delivery| {
            let reason = delivery.addressee.no_contact;
            json!({
                "batch": delivery.batch_number,
                "post": delivery.addressee.post_id,
                "title": delivery.addressee.title,
                "reason": reason.map(redress_model::delivery::NoContactReason::as_str),
            })
        })
        .collect();
    json!({
        "batches": batches,
        "deliveries": deliveries,
        "joined": buckets.joined,
        "no_contact": stuck,
    })
}

fn to_text(buckets: &Buckets, stuck: &[Delivery]) -> String {
    let mut text = String::from("batches");
    for (state, count) in &buckets.batches {
        let _ = write!(text, " {state} {count}");
    }
    text.push_str("\ndeliveries");
    for (state, count) in buckets.deliveries.iter().filter(|(_, count)| *count > 0) {
        let _ = write!(text, " {state} {count}");
    }
    if buckets.joined > 0 {
        let _ = write!(
            text,
            "\nof the suppressed, in a letter to the whole body: {}",
            buckets.joined
        );
    }
    for delivery in stuck {
        let reason = delivery.addressee.no_contact.map_or("no contact", why);
        let _ = write!(
            text,
            "\nbatch {} {}: {reason}",
            delivery.batch_number, delivery.addressee.post_id
        );
    }
    text
}
