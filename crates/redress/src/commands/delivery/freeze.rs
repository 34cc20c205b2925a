//! `redress delivery freeze`.

use super::Subject;
use crate::carrier::failure;
use crate::failure::Outcome;
use crate::instance::run;
use crate::output::{self, Globals};
use clap::Args;
use redress_model::geoid::Geoid;
use serde_json::json;

/// Freeze what is confirmed and in no batch yet
#[derive(Args)]
pub struct Freeze {
    #[command(flatten)]
    subject: Subject,
    /// GEOID of a jurisdiction; again for more; all when left out
    #[arg(long, value_parser = crate::commands::petition::parse_geoid)]
    place: Vec<Geoid>,
}

impl Freeze {
    /// Freezes, whatever the threshold, and prints the batches' numbers.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let numbers = run(async {
            let (instance, petition) = self.subject.open(globals).await?;
            let mailer = self.subject.mailer(&instance, globals).await?;
            let mut frozen = Ok(Vec::new());
            if self.place.is_empty() {
                frozen = mailer.freeze_all(petition.id).await;
            }
            for geoid in &self.place {
                let Ok(numbers) = &mut frozen else { break };
                match mailer.freeze(petition.id, geoid).await {
                    Ok(more) => numbers.extend(more),
                    Err(error) => frozen = Err(error),
                }
            }
            instance.close().await;
            frozen.map_err(failure)
        })?;
        if globals.json {
            output::print(&json!({ "batches": numbers }).to_string());
        } else if numbers.is_empty() {
            if !globals.quiet {
                output::print("nothing to freeze");
            }
        } else {
            let lines: Vec<String> = numbers.iter().map(u32::to_string).collect();
            output::print(&lines.join("\n"));
        }
        Ok(())
    }
}
