//! `redress petition import-paper`.

use super::create::parse_slug;
use crate::failure::{Failure, Outcome};
use crate::instance::{Database, Instance, KeyFile, run};
use crate::machine::{SystemClock, random};
use crate::output::{self, Globals};
use anyhow::anyhow;
use clap::Args;
use redress_civics::officials::Directory;
use redress_civics::packs::Packs;
use redress_model::slug::Slug;
use redress_storage::audit::Actor;
use redress_storage::intake::{Intake, IntakeSettings};
use redress_web::Civics;
use redress_web::paper::{
    LARGEST, LineVerdict, PaperError, PaperFile, PaperImport, PaperReport, Verdict,
};
use serde_json::json;
use std::fmt::Write;
use std::path::PathBuf;

/// Lines shown to people; the file of verdicts has them all.
const LINES: usize = 60;

/// Count typed lines of paper sheets
///
/// FILE is a CSV in UTF-8 with the columns name, street, city, state, zip and, where there are any, email, unit, sheet,
/// line, choice. Without --apply nothing is written: each line gets its verdict (counted, asks, repeated, refused) and
/// its reason. A file that is imported twice adds nothing. Verdicts name rows and sheets, never people.
#[derive(Args)]
pub struct ImportPaper {
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    key_file: KeyFile,
    /// What the sheets ask for
    #[arg(long, value_name = "SLUG", value_parser = parse_slug)]
    petition: Slug,
    /// The pack to answer addresses from, or a folder of packs; may be given several times
    #[arg(long, value_name = "FILE", required = true)]
    pack: Vec<PathBuf>,
    /// The reference of the sheet that the lines are from, where the file has no column sheet
    #[arg(long, value_name = "REF")]
    sheet: Option<String>,
    /// Count the lines that pass
    #[arg(long)]
    apply: bool,
    /// Where the verdicts go, as CSV
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The typed lines
    file: PathBuf,
}

impl ImportPaper {
    /// Judges the lines, and counts them if it is told to.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let lines = self.read()?;
        let civics = Civics::new(Packs::open(&self.pack)?, Directory::default());
        let report = run(async {
            let instance = self.database.open(&globals.config).await?;
            let report = self.report(&instance, &civics, &lines, globals).await;
            instance.close().await;
            report
        })?;
        if let Some(out) = &self.out {
            output::write(Some(out), &report.to_csv())?;
        }
        if globals.json {
            let shown = json!({"petition": self.petition.as_str(), "imported": report.imported,
                "verdicts": report.numbers(), "lines": report.lines});
            output::print(&shown.to_string());
        } else {
            output::print(&told(&report));
        }
        Ok(())
    }

    fn read(&self) -> Result<PaperFile, Failure> {
        let unreadable = |error| Failure::unreadable(&self.file, &error);
        let length = std::fs::metadata(&self.file).map_err(unreadable)?.len();
        let bytes = if length > LARGEST as u64 {
            // One byte too many is enough to be refused with its reason.
            vec![0; LARGEST + 1]
        } else {
            std::fs::read(&self.file).map_err(unreadable)?
        };
        PaperFile::read(&bytes, self.sheet.as_deref())
            .map_err(|error| Failure::input(anyhow!("{}: {error}", self.file.display())))
    }

    async fn report(
        &self,
        instance: &Instance,
        civics: &Civics,
        lines: &PaperFile,
        globals: &Globals,
    ) -> Result<PaperReport, Failure> {
        let vault = instance.vault(&self.key_file, &globals.config)?;
        let petition = super::find(&instance.store, &self.petition).await?;
        let paper = PaperImport {
            store: &instance.store,
            vault: &vault,
            civics,
            clock: &SystemClock,
        };
        let mut random = random();
        let report = if self.apply {
            let signatures = instance.store.signatures.clone();
            let (intake, worker) = Intake::new(signatures, IntakeSettings::default());
            let import = async {
                // The worker ends with the last way in.
                let intake = intake;
                let actor = Actor::CommandLine;
                let import = paper.import(&petition, lines, &intake, actor, &mut random);
                import.await
            };
            let (report, ()) = tokio::join!(import, worker.run(std::future::pending()));
            report
        } else {
            paper.judge(&petition, lines, &mut random).await
        };
        report.map_err(|error| match error {
            PaperError::State(_) => Failure::input(error),
            error => Failure::failed(error),
        })
    }
}

fn told(report: &PaperReport) -> String {
    let mut text = String::new();
    let remarkable: Vec<&LineVerdict> = report
        .lines
        .iter()
        .filter(|line| line.verdict != Verdict::Counted || !line.code.is_empty())
        .collect();
    for line in remarkable.iter().take(LINES) {
        let sheet = if line.sheet.is_empty() {
            String::new()
        } else {
            format!(" ({})", line.sheet)
        };
        let _ = writeln!(
            text,
            "row {}{sheet}: {}: {}",
            line.row,
            line.verdict.as_str(),
            line.message
        );
        for (choice, label) in &line.asks {
            let _ = writeln!(text, "    choice {choice}: {label}");
        }
    }
    if remarkable.len() > LINES {
        let more = remarkable.len() - LINES;
        let _ = writeln!(text, "and {more} more: --out FILE has them all");
    }
    let numbers: Vec<String> = Verdict::ALL
        .into_iter()
        .map(|verdict| format!("{} {}", report.count(verdict), verdict.as_str()))
        .collect();
    let end = match (report.imported, report.counted()) {
        (true, _) => "imported",
        (false, 0) => "nothing would be added",
        (false, _) => "nothing is counted yet: --apply counts it",
    };
    let _ = writeln!(
        text,
        "{} lines: {}; {end}",
        report.lines.len(),
        numbers.join(", ")
    );
    text
}
