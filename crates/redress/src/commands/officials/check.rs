//! `redress officials check`.

use crate::failure::{Failure, Outcome};
use crate::instance::{Database, run};
use crate::machine::SystemClock;
use crate::output::{self, Globals};
use clap::Args;
use redress_civics::officials::{Counts, Finding, FindingKind, findings};
use redress_model::clock::Clock;
use serde_json::json;
use std::fmt::Write;

/// List what to look into: ended terms, vacancies, missing and shared addresses
#[derive(Args)]
pub struct Check {
    #[command(flatten)]
    database: Database,
}

impl Check {
    /// Lists it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let directory = run(async {
            let instance = self.database.open(&globals.config).await?;
            let directory = instance.store.officials.load_directory().await;
            instance.close().await;
            directory.map_err(Failure::failed)
        })?;
        let on = SystemClock.now().date_naive();
        let (found, counts) = (findings(&directory, on), directory.counts(on));
        let text = if globals.json {
            json!({"on": on, "directory": directory.version(), "counts": counts, "findings": found})
                .to_string()
        } else {
            told(&found, counts)
        };
        output::print(&text);
        Ok(())
    }
}

fn told(found: &[Finding], counts: Counts) -> String {
    let mut text = String::new();
    for finding in found {
        let what = match finding.kind {
            FindingKind::TermEnded => "the term is over, and no successor is known",
            FindingKind::Vacant => "vacant",
            FindingKind::HolderUnknown => "nobody is known to sit",
            FindingKind::NoContact => "neither e-mail address nor web form",
            FindingKind::SharedAddress => "shares an address with somebody else",
            FindingKind::TwoHolders => "two people hold one seat in the same list",
            FindingKind::SeatUnknown => "not known whom the seat answers to",
        };
        let about = if finding.what.is_empty() {
            String::new()
        } else {
            format!(" ({})", finding.what)
        };
        let _ = writeln!(text, "{}: {what}{about}", finding.post);
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
