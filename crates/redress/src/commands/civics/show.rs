//! `redress civics show`.

use crate::failure::{Failure, Outcome};
use crate::output::{self, Globals};
use chrono::Utc;
use clap::Args;
use redress_civics::officials::Directory;
use redress_civics::pack::format::{Section, VERSION};
use redress_civics::pack::spelling::Damaged;
use redress_civics::pack::{Pack, PackError};
use redress_civics::parse::last_line;
use redress_civics::text::Line;
use std::fmt::Write;
use std::path::PathBuf;

/// Show what a pack holds and where it comes from
#[derive(Args)]
pub struct Show {
    /// The pack
    pack: PathBuf,
    /// Check every section against its checksum
    #[arg(long)]
    verify: bool,
    /// List the names of streets in a ZIP instead, in order of the alphabet
    #[arg(long, value_name = "ZIP", value_parser = zip)]
    streets: Option<u32>,
    /// Only names that begin so, in any case and with or without accents
    #[arg(long, value_name = "TEXT", requires = "streets", default_value = "")]
    starting: String,
}

/// Most names that are listed; the largest ZIPs have a tenth as many.
const MOST_NAMES: usize = 100_000;

fn zip(text: &str) -> Result<u32, String> {
    match last_line::read_zip(text) {
        Some((zip, _)) => Ok(zip),
        None => Err("a ZIP has five digits".to_owned()),
    }
}

impl Show {
    /// Prints it.
    #[expect(
        clippy::disallowed_methods,
        reason = "the program is where the clock is read"
    )]
    pub fn run(&self, globals: &Globals) -> Outcome {
        let pack = Pack::open(&self.pack)?;
        if self.verify {
            pack.verify()?;
        }
        if let Some(zip) = self.streets {
            return self.list_streets(&pack, zip, globals);
        }
        let provenance = pack.provenance()?;
        let directory: Directory = pack.json(Section::Officials)?;
        let posts = directory.counts(Utc::now().date_naive());
        let governs = pack
            .divisions()
            .iter()
            .filter(|division| division.flags & 1 != 0)
            .count();
        let counts = [
            ("divisions", pack.divisions().len()),
            ("governments", governs),
            ("district_maps", pack.maps().len()),
            ("areas", pack.areas().len()),
            ("streets", pack.streets().len()),
            ("range_sides", pack.ranges().len()),
            ("split_sides", pack.splits().len()),
            ("polygons", pack.polygons().len()),
            ("posts", posts.posts as usize),
            ("vacancies", posts.vacant as usize),
            ("ended_terms", posts.ended as usize),
        ];
        if globals.json {
            let counts: serde_json::Map<String, serde_json::Value> = counts
                .iter()
                .map(|(name, count)| ((*name).to_owned(), (*count).into()))
                .collect();
            let sections: serde_json::Map<String, serde_json::Value> = Section::ALL
                .iter()
                .map(|section| {
                    (
                        section.name().to_owned(),
                        pack.section_length(*section).into(),
                    )
                })
                .collect();
            let shown = serde_json::json!({
                "id": pack.id(), "format": VERSION, "bytes": pack.file_length(), "name": provenance.name, "as_of": provenance.as_of,
                "directory": directory.version(), "verified": self.verify, "counts": counts, "sections": sections, "sources": provenance.sources,
            });
            output::print(&serde_json::to_string_pretty(&shown).map_err(Failure::failed)?);
            return Ok(());
        }
        let mut text = format!(
            "{} (as of {})\npack {}, format {VERSION}, {} bytes\ndirectory {}\n",
            provenance.name,
            provenance.as_of,
            pack.id(),
            pack.file_length(),
            directory.version()
        );
        for (name, count) in counts {
            let _ = writeln!(text, "{} {count}", name.replace('_', " "));
        }
        if !pack.ranges().is_empty() {
            let _ = writeln!(
                text,
                "bytes per range side {:.1}",
                pack.file_length() as f64 / pack.ranges().len() as f64
            );
        }
        for source in provenance.sources {
            let _ = writeln!(
                text,
                "source {} {} ({} rows{})",
                source.kind,
                source.path,
                source.rows,
                source
                    .licence
                    .map(|licence| format!(", {licence}"))
                    .unwrap_or_default()
            );
        }
        if self.verify {
            text.push_str("every section agrees with its checksum\n");
        }
        output::print(&text);
        Ok(())
    }

    fn list_streets(&self, pack: &Pack, zip: u32, globals: &Globals) -> Outcome {
        let folded = Line::new(&self.starting);
        let beginning = folded.join(0, folded.len());
        let names = pack
            .list_names_starting(zip, &beginning, MOST_NAMES)
            .map_err(|Damaged| PackError::Damaged {
                path: self.pack.clone(),
                part: Section::Spellings.name(),
            })?;
        if globals.json {
            output::print(&serde_json::to_string(&names).map_err(Failure::failed)?);
        } else {
            output::print(&names.join("\n"));
        }
        Ok(())
    }
}
