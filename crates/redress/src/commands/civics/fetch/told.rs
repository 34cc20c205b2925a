//! What a fetch says: while it goes on, and at its end.

use crate::output::{Globals, Progress};
use indicatif::ProgressStyle;
use redress_civics::fetch::{Event, Fetched, Outcome, Wanted};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The manifest beside the folder.
pub struct Manifest {
    /// Where it lies.
    pub path: PathBuf,
    /// How it would name the folder.
    pub folder: String,
    /// Whether it was written now.
    pub is_new: bool,
}

/// How far one file is.
#[derive(Default)]
struct Way {
    name: String,
    here: u64,
    whole: u64,
    tenths: u64,
}

/// Tells how a fetch goes.
pub struct Told {
    progress: Progress,
    ways: Vec<Way>,
    ended: usize,
}

impl Told {
    /// Speaks as the command was asked to.
    pub fn new(globals: &Globals) -> Self {
        let progress = globals.progress();
        if let Progress::Bar(bar) = &progress
            && let Ok(style) = ProgressStyle::with_template(
                "{bar:30} {bytes} of {total_bytes} {binary_bytes_per_sec} {msg}",
            )
        {
            bar.set_style(style);
        }
        Self {
            progress,
            ways: Vec::new(),
            ended: 0,
        }
    }

    /// These files come next.
    pub fn expect(&mut self, wanted: &[Wanted]) {
        self.ways = wanted
            .iter()
            .map(|wanted| Way {
                name: wanted.name.clone(),
                ..Way::default()
            })
            .collect();
        self.ended = 0;
    }

    /// Takes note of what happens.
    pub fn hear(&mut self, event: &Event) {
        match event {
            Event::Started { file, from, of } => {
                let way = &mut self.ways[*file];
                (way.here, way.whole) = (*from, of.unwrap_or(*from));
            }
            Event::Received { file, now } => {
                let way = &mut self.ways[*file];
                way.here = *now;
                way.whole = way.whole.max(*now);
                let tenths = now * 10 / way.whole;
                // Lines are for files that take a while.
                if matches!(self.progress, Progress::Lines)
                    && way.whole > 10 << 20
                    && tenths > way.tenths
                    && tenths < 10
                {
                    eprintln!("{}: {tenths}0 % of {}", way.name, bytes(way.whole));
                }
                way.tenths = tenths;
            }
            Event::Waiting { file, wait, why } => {
                let name = &self.ways[*file].name;
                self.line(&match wait {
                    Some(wait) => format!("{name} {why}; again in {} s", wait.as_secs()),
                    None => format!("{name} {why}; waiting for it"),
                });
            }
            Event::Ended { fetched, .. } => {
                self.ended += 1;
                let name = &fetched.name;
                match &fetched.outcome {
                    Outcome::Fetched { bytes: length, .. } => {
                        self.line(&format!("{name}: {}", bytes(*length)));
                    }
                    Outcome::AlreadyThere { .. } => {}
                    Outcome::Absent => self.line(&format!("{name}: there is none")),
                    Outcome::Failed(_) => self.line(&format!("{name}: failed")),
                }
            }
        }
        if let Progress::Bar(bar) = &self.progress {
            bar.set_length(self.ways.iter().map(|way| way.whole).sum());
            bar.set_position(self.ways.iter().map(|way| way.here).sum());
            bar.set_message(format!("{} of {} files", self.ended, self.ways.len()));
        }
    }

    /// A line, above the bar if there is one.
    fn line(&self, text: &str) {
        match &self.progress {
            Progress::Silent => {}
            Progress::Lines => eprintln!("{text}"),
            Progress::Bar(bar) => bar.println(text),
        }
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        self.progress.end();
    }
}

/// A length for people.
fn bytes(length: u64) -> String {
    indicatif::HumanBytes(length).to_string()
}

/// How many files are missing.
pub fn failures(fetched: &[Fetched]) -> usize {
    fetched
        .iter()
        .filter(|one| matches!(one.outcome, Outcome::Failed(_)))
        .count()
}

/// Why each of them is.
pub fn reasons(fetched: &[Fetched]) -> String {
    let reasons: Vec<String> = fetched
        .iter()
        .filter_map(|one| match &one.outcome {
            Outcome::Failed(error) => Some(format!("{}: {error}", one.name)),
            _ => None,
        })
        .collect();
    reasons.join("\n")
}

/// What was done, and what comes next.
pub fn text(folder: &Path, fetched: &[Fetched], manifest: Option<&Manifest>) -> String {
    let (mut new, mut length, mut known, mut absent) = (0, 0, 0, Vec::new());
    for one in fetched {
        match &one.outcome {
            Outcome::Fetched { bytes, .. } => {
                new += 1;
                length += bytes;
            }
            Outcome::AlreadyThere { .. } => known += 1,
            Outcome::Absent => absent.push(one.name.as_str()),
            Outcome::Failed(_) => {}
        }
    }
    let mut text = format!(
        "{new} files fetched ({}), {known} already there, in {}",
        bytes(length),
        folder.display()
    );
    if !absent.is_empty() {
        let _ = write!(
            text,
            "\nnot published, and not needed: {}",
            absent.join(", ")
        );
    }
    let Some(manifest) = manifest else {
        return text;
    };
    let path = manifest.path.display();
    if !manifest.is_new {
        let _ = write!(
            text,
            "\n{path} was there already and stays as it is; it needs a [[source]] with kind = \"tiger\" and path = {:?}",
            manifest.folder
        );
    }
    let _ = write!(
        text,
        "\nbuild it: redress civics build {path} --out {}",
        manifest.path.with_file_name("tiger.pack").display()
    );
    text
}

/// The same for programs.
pub fn json(year: u16, folder: &Path, fetched: &[Fetched], manifest: Option<&Manifest>) -> String {
    let files: Vec<serde_json::Value> = fetched
        .iter()
        .map(|one| {
            let mut file = serde_json::json!({"name": one.name, "url": one.address});
            match &one.outcome {
                Outcome::Fetched {
                    bytes,
                    resumed_from,
                } => {
                    file["outcome"] = "fetched".into();
                    file["bytes"] = (*bytes).into();
                    file["resumed_from"] = (*resumed_from).into();
                }
                Outcome::AlreadyThere { bytes } => {
                    file["outcome"] = "already_there".into();
                    file["bytes"] = (*bytes).into();
                }
                Outcome::Absent => file["outcome"] = "absent".into(),
                Outcome::Failed(error) => {
                    file["outcome"] = "failed".into();
                    file["reason"] = error.to_string().into();
                }
            }
            file
        })
        .collect();
    serde_json::json!({
        "year": year,
        "folder": folder,
        "failed": failures(fetched),
        "manifest": manifest.map(|manifest| serde_json::json!({"path": manifest.path, "written": manifest.is_new})),
        "files": files,
    })
    .to_string()
}
