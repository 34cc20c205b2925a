//! `redress civics reresolve`.

use crate::commands::petition::{find, parse_slug};
use crate::failure::{Failure, Outcome};
use crate::instance::{Database, Instance, KeyFile, run};
use crate::machine::{self, SystemClock};
use crate::output::{self, Globals};
use crate::resolving;
use chrono::NaiveDate;
use clap::Args;
use redress_civics::officials::Directory;
use redress_civics::packs::Packs;
use redress_model::petition::Petition;
use redress_model::slug::Slug;
use redress_storage::audit::Actor;
use redress_web::Civics;
use redress_web::reresolution::{Number, Report, Reresolver, Spot};
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::PathBuf;

/// Lines of one petition's report for people; the JSON has them all.
const LINES: usize = 40;

/// Say what a new pack changes of stored signatures, and change it
#[derive(Args)]
pub struct Reresolve {
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    key_file: KeyFile,
    /// The new pack
    #[arg(long, value_name = "FILE")]
    pack: PathBuf,
    /// One petition; all that are not archived when left out
    #[arg(long, value_name = "SLUG", value_parser = parse_slug)]
    petition: Option<Slug>,
    /// The day whose district maps count (default: the day of each signing)
    #[arg(long, value_name = "DATE")]
    on: Option<NaiveDate>,
    /// Change what is reported
    #[arg(long)]
    apply: bool,
}

impl Reresolve {
    /// Reports, and changes if it is told to.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let packs = Packs::open(std::slice::from_ref(&self.pack))?;
        packs.verify(usize::MAX)?;
        let civics = Civics::new(packs, Directory::default());
        let reports = run(async {
            let instance = self.database.open(&globals.config).await?;
            let reports = self.reports(&instance, &civics, globals).await;
            instance.close().await;
            reports
        })?;
        if globals.json {
            let petitions: Vec<Value> = reports
                .iter()
                .map(|(petition, report)| json!({"petition": petition.slug.as_str(), "report": report}))
                .collect();
            let shown = json!({"pack": civics.pack_id(), "on": self.on, "applied": self.apply, "petitions": petitions});
            output::print(&shown.to_string());
        } else {
            output::print(&self.told(&reports, &civics));
        }
        Ok(())
    }

    async fn reports(
        &self,
        instance: &Instance,
        civics: &Civics,
        globals: &Globals,
    ) -> Result<Vec<(Petition, Report)>, Failure> {
        let store = &instance.store;
        let vault = instance.vault(&self.key_file, &globals.config)?;
        let petitions = match &self.petition {
            Some(slug) => vec![find(store, slug).await?],
            None => resolving::list_petitions(store)
                .await
                .map_err(Failure::failed)?,
        };
        let reresolver = Reresolver {
            store,
            vault: &vault,
            civics,
            clock: &SystemClock,
            on: self.on,
            random: &|| Box::new(machine::random()),
        };
        let progress = globals.progress();
        let mut reports = Vec::new();
        for petition in petitions {
            progress.say(&format!("resolving the signatures of {}", petition.slug));
            let report = if self.apply {
                reresolver.apply(&petition).await
            } else {
                reresolver.compare(&petition).await
            };
            let report = report.map_err(Failure::failed)?;
            if self.apply && report.examined > 0 {
                let deed = resolving::deed(Actor::CommandLine, &petition, &report);
                let recorded = store.audit.record_deed(&deed).await;
                recorded.map_err(Failure::failed)?;
            }
            reports.push((petition, report));
        }
        progress.end();
        Ok(reports)
    }

    fn told(&self, reports: &[(Petition, Report)], civics: &Civics) -> String {
        let mut text = format!("pack {}\n", civics.pack_id());
        let mut changed = 0;
        for (petition, report) in reports {
            changed += report.changed();
            let _ = writeln!(
                text,
                "{}: {} signatures keep their address or their block and are of another pack",
                petition.slug, report.examined
            );
            for (change, number) in &report.changes {
                if number.signatures > 0 {
                    let (
                        told,
                        Number {
                            signatures,
                            counted,
                        },
                    ) = (change.told(), *number);
                    let _ = writeln!(text, "  {signatures} {told} ({counted} counted)");
                }
            }
            for one in report.moves.iter().take(LINES) {
                let (from, to) = (place(&one.from, civics), place(&one.to, civics));
                let _ = writeln!(text, "    {} from {from} to {to}", one.number.signatures);
            }
            if report.moves.len() > LINES {
                let more = report.moves.len() - LINES;
                let _ = writeln!(text, "    and {more} ways more: --json lists them");
            }
            if report.unreadable > 0 {
                let _ = writeln!(
                    text,
                    "  {} cannot be read with this key and stay as they are",
                    report.unreadable
                );
            }
            if report.changed_meanwhile > 0 {
                let _ = writeln!(
                    text,
                    "  {} were changed meanwhile: run it again",
                    report.changed_meanwhile
                );
            }
        }
        text.push_str(match (changed, self.apply) {
            (0, _) => "nothing differs",
            (_, true) => "changed",
            (_, false) => "nothing is changed yet: --apply changes it",
        });
        text
    }
}

/// A home with its district, in words.
fn place(spot: &Spot, civics: &Civics) -> String {
    let name = civics.name_of(&spot.home);
    if spot.district.is_empty() {
        name
    } else {
        format!("{name}, district {}", spot.district)
    }
}
