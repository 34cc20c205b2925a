//! `redress civics coverage`.

use crate::commands::petition::{find, parse_slug};
use crate::failure::{Failure, Outcome};
use crate::instance::{Database, Instance, run};
use crate::machine::SystemClock;
use crate::output::{self, Globals};
use crate::resolving;
use anyhow::anyhow;
use chrono::NaiveDate;
use clap::Args;
use redress_civics::packs::Packs;
use redress_model::clock::Clock;
use redress_model::slug::Slug;
use redress_reports::coverage::CoverageRow;
use redress_reports::format::Format;
use redress_web::Civics;
use redress_web::coverage::{Coverage as Report, cover};
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::PathBuf;

/// Places in the summary for people; the table has them all.
const LINES: usize = 40;

/// List where signatures are and officials, contacts or district maps are not
#[derive(Args)]
pub struct Coverage {
    #[command(flatten)]
    database: Database,
    /// The pack with the names of places and the district maps
    #[arg(long, value_name = "FILE")]
    pack: PathBuf,
    /// One petition; all that are not archived when left out
    #[arg(long, value_name = "SLUG", value_parser = parse_slug)]
    petition: Option<Slug>,
    /// Day for which terms and maps are told (default: today)
    #[arg(long, value_name = "DATE")]
    on: Option<NaiveDate>,
    /// Every place of the pack, with signatures or without
    #[arg(long)]
    all: bool,
    /// The table as CSV; with --json as JSON
    #[arg(long)]
    csv: bool,
    /// Where the table goes (default: standard output); of a .csv the ending says enough
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write a list of officials with a row for each seat that lacks something; once filled in, `officials import` reads it
    #[arg(long, value_name = "FILE")]
    fill: Option<PathBuf>,
}

impl Coverage {
    /// Reports.
    pub fn run(&self, globals: &Globals) -> Outcome {
        if self.csv && globals.json {
            return Err(Failure::input(anyhow!(
                "--csv and --json are two tables: ask for one of them"
            )));
        }
        let packs = Packs::open(std::slice::from_ref(&self.pack))?;
        let report = run(async {
            let instance = self.database.open(&globals.config).await?;
            let report = self.report(&instance, packs).await;
            instance.close().await;
            report
        })?;
        if let Some(path) = &self.fill {
            output::write(Some(path), &report.fill)?;
        }
        let ending = self.out.as_ref().and_then(|path| path.extension());
        let is_csv = self.csv || !globals.json && ending.is_some_and(|ending| ending == "csv");
        if is_csv {
            output::write(self.out.as_deref(), &table(&report, Format::Csv)?)
        } else if globals.json {
            let text = as_json(&report)?.to_string() + "\n";
            output::write(self.out.as_deref(), text.as_bytes())
        } else {
            output::write(self.out.as_deref(), told(&report).as_bytes())
        }
    }

    async fn report(&self, instance: &Instance, packs: Packs) -> Result<Report, Failure> {
        let store = &instance.store;
        let directory = store.officials.load_directory().await;
        let civics = Civics::new(packs, directory.map_err(Failure::failed)?);
        let petitions = match &self.petition {
            Some(slug) => vec![find(store, slug).await?],
            None => resolving::list_petitions(store)
                .await
                .map_err(Failure::failed)?,
        };
        let on = self.on.unwrap_or_else(|| SystemClock.now().date_naive());
        let report = cover(store, &civics, &petitions, on, self.all).await;
        report.map_err(Failure::failed)
    }
}

fn table(report: &Report, format: Format) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let written = format.write(report.all_rows(), &mut bytes);
    written.map_err(Failure::failed)?;
    Ok(bytes)
}

fn as_json(report: &Report) -> Result<Value, Failure> {
    let places: Value =
        serde_json::from_slice(&table(report, Format::Json)?).map_err(Failure::failed)?;
    Ok(json!({
        "on": report.on, "total": report.total, "outside_any_city": report.outside_any_city,
        "not_located": report.not_located, "not_located_share": share(report),
        "open_places": report.open_places(), "fill_rows": report.fill_rows, "places": places,
    }))
}

/// Of all signatures, how many are not located.
fn share(report: &Report) -> f64 {
    if report.total == 0 {
        return 0.0;
    }
    (report.not_located as f64 / report.total as f64 * 1e4).round() / 1e4
}

fn told(report: &Report) -> String {
    let lacking = match report.open_places() {
        1 => "1 place lacks something".to_owned(),
        number => format!("{number} places lack something"),
    };
    let mut text = format!(
        "{} signatures in {} places, {} outside any city, {} not located ({:.1} %); as of {}\n{lacking}\n",
        report.total,
        report.rows.iter().filter(|row| row.count > 0).count(),
        report.outside_any_city,
        report.not_located,
        share(report) * 100.0,
        report.on,
    );
    let open = report.rows.iter().filter(|row| row.help > 0);
    for row in open.take(LINES) {
        let _ = writeln!(
            text,
            "{} {} ({}): {} signatures, {} of {} would reach more: {}",
            row.geoid,
            row.name,
            row.state,
            row.count,
            row.help,
            row.count,
            lacks(row)
        );
    }
    if report.open_places() > LINES {
        let _ = writeln!(
            text,
            "and {} places more: --csv lists them",
            report.open_places() - LINES
        );
    }
    let _ = writeln!(
        text,
        "{} rows to fill in: --fill FILE writes them",
        report.fill_rows
    );
    text
}

/// What a place lacks, in words.
fn lacks(row: &CoverageRow) -> String {
    let counted = [
        (row.seat_unknown, "of an unknown district"),
        (row.holder_unknown, "with nobody known to sit"),
        (row.vacant, "vacant"),
        (row.term_ended, "with an ended term"),
        (row.no_email, "without e-mail"),
        (row.bounced, "whose mail came back"),
    ];
    let mut words: Vec<String> = counted
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{number} {what}"))
        .collect();
    if !row.not_listed.is_empty() {
        words.insert(0, format!("not listed: {}", row.not_listed));
    }
    if row.without_district > 0 {
        words.push(format!(
            "{} without a district (map {})",
            row.without_district,
            row.district_map.replace('_', " ")
        ));
    }
    words.join(", ")
}
