//! `redress petition show` and `list`.

use super::create::parse_slug;
use crate::failure::{Failure, Outcome};
use crate::instance::{Database, run};
use crate::output::{self, Globals};
use clap::Args;
use redress_model::petition::Petition;
use redress_model::petition::state::PetitionState;
use redress_model::slug::Slug;
use redress_model::tally::PetitionTally;
use serde_json::{Value, json};
use std::fmt::Write;

/// Petitions asked for at a time.
const PAGE: u32 = 200;

/// Show one petition
#[derive(Args)]
pub struct Show {
    #[command(flatten)]
    database: Database,
    /// Its slug
    #[arg(long, value_name = "SLUG", value_parser = parse_slug)]
    petition: Slug,
}

/// List petitions
#[derive(Args)]
pub struct List {
    #[command(flatten)]
    database: Database,
    /// Only those in this state; again for more
    #[arg(long, value_parser = parse_state)]
    state: Vec<PetitionState>,
}

fn parse_state(text: &str) -> Result<PetitionState, String> {
    text.parse()
        .map_err(|_| "write draft, open, paused, closed or archived".to_owned())
}

impl Show {
    /// Prints it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let (petition, total) = run(async {
            let instance = self.database.open(&globals.config).await?;
            let petition = super::find(&instance.store, &self.petition).await?;
            let total = instance
                .store
                .tallies
                .find_total(petition.id)
                .await
                .map_err(Failure::failed)?;
            instance.close().await;
            Ok((petition, total))
        })?;
        if globals.json {
            let mut shown = to_json(&petition);
            shown["count"] = total.tally.counted.into();
            shown["waiting"] = total.waiting.into();
            output::print(&shown.to_string());
        } else {
            output::print(&in_words(&petition, &total));
        }
        Ok(())
    }
}

impl List {
    /// Prints them.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let petitions = run(async {
            let instance = self.database.open(&globals.config).await?;
            let mut all: Vec<Petition> = Vec::new();
            loop {
                let after = all.last().map(|petition| petition.id);
                let page = instance
                    .store
                    .petitions
                    .list_petitions(None, &self.state, after, PAGE)
                    .await
                    .map_err(Failure::failed)?;
                if page.is_empty() {
                    break;
                }
                all.extend(page);
            }
            instance.close().await;
            Ok(all)
        })?;
        if globals.json {
            output::print(&Value::Array(petitions.iter().map(to_json).collect()).to_string());
        } else {
            let lines: Vec<String> = petitions
                .iter()
                .map(|petition| {
                    format!(
                        "{:8} {}  {}",
                        petition.state.as_str(),
                        petition.slug,
                        petition.terms.title
                    )
                })
                .collect();
            output::print(&lines.join("\n"));
        }
        Ok(())
    }
}

/// A petition for programs.
pub fn to_json(petition: &Petition) -> Value {
    let terms = &petition.terms;
    json!({
        "slug": petition.slug.as_str(),
        "state": petition.state.as_str(),
        "title": terms.title,
        "ask": terms.ask,
        "target": terms.targets.iter().map(|target| target.as_str()).collect::<Vec<_>>(),
        "place": terms.places.iter().map(redress_model::geoid::Geoid::as_str).collect::<Vec<_>>(),
        "confirmation": terms.confirmation.as_str(),
        "threshold": terms.threshold,
        "autopilot": terms.is_on_autopilot,
        "created_at": petition.created_at,
        "opened_at": petition.opened_at,
        "closed_at": petition.closed_at,
    })
}

fn in_words(petition: &Petition, total: &PetitionTally) -> String {
    let terms = &petition.terms;
    let targets = terms
        .targets
        .iter()
        .map(|target| target.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    let mut text = format!(
        "{} ({})\n{}\n",
        petition.slug,
        petition.state.as_str(),
        terms.title
    );
    let _ = writeln!(text, "to: {targets}");
    let _ = writeln!(
        text,
        "confirmation: {}, threshold: {}, autopilot: {}",
        terms.confirmation.as_str(),
        terms.threshold,
        if terms.is_on_autopilot { "on" } else { "off" }
    );
    let _ = write!(
        text,
        "{} signatures counted, {} waiting for confirmation",
        total.tally.counted, total.waiting
    );
    text
}
