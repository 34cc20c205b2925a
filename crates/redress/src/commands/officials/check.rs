//! `redress officials check`.

use crate::failure::{Failure, Outcome};
use crate::instance::{Database, Instance, run};
use crate::machine::SystemClock;
use crate::output::{self, Globals};
use anyhow::anyhow;
use clap::Args;
use redress_civics::officials::{Counts, Directory, Finding, Look, findings};
use redress_model::clock::Clock;
use redress_model::contact_state::ContactState;
use redress_model::geoid::Geoid;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Addresses asked for at a time.
const PAGE: u32 = 5_000;

/// List what to look into: ended terms, vacancies, missing and shared addresses
#[derive(Args)]
pub struct Check {
    #[command(flatten)]
    database: Database,
    /// Days before its end in which a term is told
    #[arg(long, value_name = "DAYS", default_value_t = 90)]
    within: u64,
    /// Days after which a contact that nobody has checked is told
    #[arg(long, value_name = "DAYS", default_value_t = 365)]
    stale: u64,
    /// One government alone
    #[arg(long, value_name = "GEOID")]
    place: Option<Geoid>,
}

impl Check {
    /// Lists it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let (directory, contacts) = run(async {
            let instance = self.database.open(&globals.config).await?;
            let known = self.load(&instance).await;
            instance.close().await;
            known
        })?;
        let on = SystemClock.now().date_naive();
        let look = Look {
            on,
            within_days: self.within,
            stale_days: self.stale,
            contacts,
        };
        let (found, counts) = (findings(&directory, &look), directory.counts(on));
        let text = if globals.json {
            json!({"on": on, "directory": directory.version(), "counts": counts, "findings": found})
                .to_string()
        } else {
            told(&found, counts)
        };
        output::print(&text);
        Ok(())
    }

    async fn load(
        &self,
        instance: &Instance,
    ) -> Result<(Directory, BTreeMap<String, ContactState>), Failure> {
        let officials = &instance.store.officials;
        let directory = match &self.place {
            None => officials.load_directory().await.map_err(Failure::failed)?,
            Some(geoid) => {
                let found = officials.find_jurisdiction(geoid).await;
                let jurisdiction = found.map_err(Failure::failed)?.ok_or_else(|| {
                    Failure::input(anyhow!("no list names anybody of {geoid}; write the GEOID of a government of which officials are known"))
                })?;
                Directory::new(BTreeMap::from([(geoid.to_string(), jurisdiction)]), 0)
            }
        };
        let mut contacts = BTreeMap::new();
        let mut after: Option<String> = None;
        loop {
            let page = officials.list_contacts(after.as_deref(), PAGE).await;
            let page = page.map_err(Failure::failed)?;
            let Some(last) = page.last() else {
                return Ok((directory, contacts));
            };
            after = Some(last.address.clone());
            contacts.extend(page.into_iter().map(|it| (it.address, it.state)));
        }
    }
}

fn told(found: &[Finding], counts: Counts) -> String {
    let mut text = String::new();
    for finding in found {
        let remark = if finding.is_remark { "note: " } else { "" };
        let _ = writeln!(text, "{}: {remark}{}", finding.post, finding.told());
    }
    let _ = write!(
        text,
        "{} governments, {} seats: {} vacant, {} with an ended term, {} without e-mail, {} of an unknown seat",
        counts.jurisdictions,
        counts.posts,
        counts.vacant,
        counts.ended,
        counts.without_email,
        counts.seat_unknown
    );
    text
}
