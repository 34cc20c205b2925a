//! `redress officials import`.

mod told;

use crate::directory;
use crate::failure::{Failure, Outcome};
use crate::instance::{Database, Instance, run};
use crate::machine::SystemClock;
use crate::output::Globals;
use anyhow::anyhow;
use chrono::NaiveDate;
use clap::builder::PossibleValuesParser;
use clap::{ArgAction, Args};
use redress_civics::build::lists::read_lists;
use redress_civics::officials::{
    Directory, Format, Layout, ListFile, ListReading, Missing, Proposal, propose, propose_directory,
};
use redress_civics::pack::Pack;
use redress_civics::pack::format::{MAGIC, Section};
use redress_model::clock::Clock;
use redress_storage::officials::Listed;
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use told::Told;

/// Governments asked for at a time.
const PAGE: u32 = 5_000;

/// Take a list of officials or a pack; what it changes is shown first
#[derive(Args)]
pub struct Import {
    #[command(flatten)]
    database: Database,
    /// Lists (CSV, Open States YAML, Popolo or Cicero JSON; also .gz, .zip, a folder or a quoted pattern), or one pack
    #[arg(value_name = "FILE", required = true, action = ArgAction::Append)]
    files: Vec<PathBuf>,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// How the lists are written, where name and content do not say so
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(Format::ALL.map(|(name, _)| name)))]
    format: Option<String>,
    /// End the terms of council members whom a list of their council leaves out: on DATE, or on the day of the list
    #[arg(long, value_name = "DATE", num_args = 0..=1, require_equals = true, default_missing_value = "list")]
    ends_missing: Option<Ending>,
    /// A pack whose divisions are known too, besides those of the database
    #[arg(long, value_name = "FILE")]
    pack: Option<PathBuf>,
}

/// When a term ends.
#[derive(Debug, Clone, Copy)]
enum Ending {
    /// On the day as of which the list speaks.
    List,
    /// On this day.
    Day(NaiveDate),
}

impl FromStr for Ending {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "list" {
            return Ok(Self::List);
        }
        text.parse()
            .map(Self::Day)
            .map_err(|_| "write a day such as 2026-08-05, or nothing for the day of the list")
    }
}

/// What was asked to be taken.
enum Brought {
    Pack(Box<Pack>),
    Lists(Vec<ListFile>),
}

impl Import {
    /// Imports it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let brought = self.read()?;
        run(async {
            let instance = self.database.open(&globals.config).await?;
            let imported = self.import(&instance, &brought, globals).await;
            instance.close().await;
            imported
        })
    }

    fn read(&self) -> Result<Brought, Failure> {
        if let [path] = self.files.as_slice()
            && is_pack(path)?
        {
            return Ok(Brought::Pack(Box::new(Pack::open(path)?)));
        }
        let mut files = Vec::new();
        for path in &self.files {
            is_pack(path)?;
            files.extend(read_lists(Path::new(""), &path.to_string_lossy())?);
        }
        Ok(Brought::Lists(files))
    }

    async fn import(&self, instance: &Instance, brought: &Brought, globals: &Globals) -> Outcome {
        let officials = &instance.store.officials;
        let before = officials.load_directory().await.map_err(Failure::failed)?;
        let proposal = match brought {
            Brought::Pack(pack) => {
                let directory: Directory = pack.json(Section::Officials)?;
                propose_directory(&before, &directory, today())
            }
            Brought::Lists(files) => self.propose(instance, &before, files).await?,
        };
        if !self.dry_run {
            if let Brought::Pack(pack) = brought {
                directory::record_governments(&instance.store, pack).await?;
            }
            let revision = officials.find_directory_revision().await;
            let is_new = revision.map_err(Failure::failed)? == 0;
            // What is read again is no deed.
            if is_new || !Listed::differing(&before, &proposal.after).is_empty() {
                directory::record(&instance.store, &before, &proposal.after, &self.source())
                    .await?;
            }
        }
        let told = Told {
            proposal: &proposal,
            source: &self.source(),
            is_applied: !self.dry_run,
        };
        told.print(globals);
        Ok(())
    }

    /// The files' names, for the audit log and for messages.
    fn source(&self) -> String {
        let names = self.files.iter().map(|path| {
            let name = path.file_name().unwrap_or_default();
            name.to_string_lossy().into_owned()
        });
        names.collect::<Vec<_>>().join(", ")
    }

    async fn propose(
        &self,
        instance: &Instance,
        before: &Directory,
        files: &[ListFile],
    ) -> Result<Proposal, Failure> {
        let mut divisions = divisions(instance).await?;
        if let Some(pack) = &self.pack {
            divisions.extend(divisions_of(&Pack::open(pack)?));
        }
        // Whoever loads a list that does not say its age says that it holds today.
        let mut layout = Layout::default();
        layout
            .defaults
            .insert("as_of".to_owned(), today().to_string());
        let reading = ListReading {
            format: self.format.as_deref().and_then(Format::parse),
            layout,
            delimiter: None,
            division_geoid: &|id| divisions.get(id).cloned(),
        };
        let missing = match self.ends_missing {
            None => Missing::Stay,
            Some(Ending::List) => Missing::End(None),
            Some(Ending::Day(day)) => Missing::End(Some(day)),
        };
        let proposal =
            propose(before, files, &reading, missing, today()).map_err(Failure::input)?;
        if proposal.taken.rows == 0 && proposal.taken.passed_over == 0 {
            let first = proposal.notices.first().map_or_else(
                || "it has no rows".to_owned(),
                |notice| format!("{}: {}", notice.place(), notice.text),
            );
            return Err(Failure::input(anyhow!(
                "no row of {} can be used; {first}",
                self.source()
            )));
        }
        Ok(proposal)
    }
}

fn today() -> NaiveDate {
    SystemClock.now().date_naive()
}

/// Whether a file is a pack. A folder or a pattern is none; a name of which there is nothing is an error.
fn is_pack(path: &Path) -> Result<bool, Failure> {
    if path.is_dir() || !path.exists() && path.to_string_lossy().contains(['*', '?', '[']) {
        return Ok(false);
    }
    let unreadable = |error: std::io::Error| Failure::unreadable(path, &error);
    let mut head = Vec::new();
    let length = MAGIC.len() as u64;
    let file = File::open(path).map_err(unreadable)?;
    file.take(length)
        .read_to_end(&mut head)
        .map_err(unreadable)?;
    Ok(head == MAGIC)
}

/// GEOIDs of a pack's divisions by OCD id; districts are known by their governments'.
fn divisions_of(pack: &Pack) -> HashMap<String, String> {
    (0..pack.divisions().len() as u32)
        .filter_map(|number| pack.division(number))
        .filter(|division| matches!(division.geoid().len(), 5 | 7 | 10))
        .filter_map(|division| {
            let id = division.ocd_id()?.to_owned();
            Some((id, division.geoid().to_owned()))
        })
        .collect()
}

/// GEOIDs of the governments that are known by an OCD id.
async fn divisions(instance: &Instance) -> Result<HashMap<String, String>, Failure> {
    let mut known = HashMap::new();
    let mut after = None;
    loop {
        let page = instance
            .store
            .officials
            .list_governments(after.as_ref(), PAGE)
            .await
            .map_err(Failure::failed)?;
        let Some(last) = page.last() else {
            return Ok(known);
        };
        after = Some(last.geoid.clone());
        for government in page {
            if let Some(ocd_id) = government.ocd_id {
                known.insert(ocd_id, government.geoid.to_string());
            }
        }
    }
}
