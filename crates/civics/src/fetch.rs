//! Brings the Census Bureau's files here, whole or not at all.
//!
//! A file is written to `NAME.part`, checked, and renamed; whatever stands under its own name has
//! been checked. What arrives is judged by what it is, not by what the server says of it: the
//! length against the answer's head, then the archive's directory and the checksum of every
//! member. A transfer that breaks off goes on where it stopped, if the server still has the same
//! file (RFC 9110, sections 13.1.5 and 14); if it cannot say so, the file is begun anew.
//!
//! Several files come at once, each by a worker of its own; two processes may fetch into one
//! folder, since each file's part is locked while it is written. Waiting is a parameter, so that
//! tests wait for nothing.
//!
//! - [`census`]: which files there are, and what their absence means.
//! - [`county`]: which counties a person means.
//! - [`manifest`]: the manifest that makes a pack of what was fetched.

mod answer;
mod archive;
pub mod census;
pub mod county;
mod error;
pub mod manifest;
mod part;
mod retry;
#[cfg(test)]
mod tests;
mod transfer;
mod web;

pub use error::{BaseError, FetchError};
pub use web::{Base, shown};

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;
use transfer::Transfer;

/// The bounds of a fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How many files come at once.
    pub at_once: usize,
    /// How long a connection may be silent before it is cut.
    pub idle: Duration,
    /// How often in a row a try may bring nothing new before a file is given up.
    pub retries: u32,
    /// The longest wait before another try, whatever the server asks for.
    pub most_wait: Duration,
    /// The most bytes of one file; a county's largest layer has about a tenth of the default.
    pub most_bytes: u64,
    /// Whether files that are already there are read to the end, rather than opened.
    pub verify: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            at_once: 3,
            idle: Duration::from_mins(1),
            retries: 5,
            most_wait: Duration::from_mins(5),
            most_bytes: 2 << 30,
            verify: false,
        }
    }
}

/// A file to bring here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its path below the base: `TIGER2025/PLACE/tl_2025_08_place.zip`.
    pub path: String,
    /// Its name here.
    pub name: String,
    /// What it means when the server has no such file.
    pub absence: Absence,
}

/// What it means when the server has no such file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Absence {
    /// Nothing is wrong: not every area has one.
    Normal,
    /// A failure, with what may be behind it.
    Failure(String),
}

/// What became of a file.
#[derive(Debug)]
pub enum Outcome {
    /// Fetched now and checked.
    Fetched {
        /// Its length.
        bytes: u64,
        /// How many of them an earlier run had left.
        resumed_from: u64,
    },
    /// Already there and whole.
    AlreadyThere {
        /// Its length.
        bytes: u64,
    },
    /// The server has none, and none is needed.
    Absent,
    /// Not fetched; what is there already stays for the next run.
    Failed(FetchError),
}

/// A wanted file and what became of it.
#[derive(Debug)]
pub struct Fetched {
    /// Its name here.
    pub name: String,
    /// Where it was asked for, without what may be secret.
    pub address: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// What happens meanwhile. `file` is the position in the list of wanted files.
#[derive(Debug)]
pub enum Event {
    /// Bytes begin to come.
    Started {
        /// Which file.
        file: usize,
        /// Bytes that are here already.
        from: u64,
        /// Its whole length, if the server says so.
        of: Option<u64>,
    },
    /// Bytes have come.
    Received {
        /// Which file.
        file: usize,
        /// How many are here now, earlier ones included.
        now: u64,
    },
    /// There is a wait before the next try.
    Waiting {
        /// Which file.
        file: usize,
        /// For how long; absent while another fetch writes the same file.
        wait: Option<Duration>,
        /// What went wrong.
        why: String,
    },
    /// A file is done with.
    Ended {
        /// Which file.
        file: usize,
        /// What became of it.
        fetched: Fetched,
    },
}

/// How a fetch waits: the machine's sleep, or a test's nothing.
pub type Pause<'caller> = &'caller (dyn Fn(Duration) + Sync);

/// Brings files into a folder, which is made when absent. The answer has one entry for each
/// wanted file, in their order.
///
/// # Errors
///
/// When the folder cannot be made. What happens to single files stands with each.
pub fn fetch(
    base: &Base,
    wanted: &[Wanted],
    folder: &Path,
    settings: &Settings,
    pause: Pause<'_>,
    progress: &mut dyn FnMut(&Event),
) -> Result<Vec<Fetched>, FetchError> {
    std::fs::create_dir_all(folder).map_err(|source| FetchError::Io {
        path: folder.to_owned(),
        source,
    })?;
    let agent = base.agent(settings);
    let next = AtomicUsize::new(0);
    let mut done: Vec<Option<Fetched>> = wanted.iter().map(|_| None).collect();
    std::thread::scope(|scope| {
        let (events, heard) = channel();
        for _ in 0..settings.at_once.clamp(1, wanted.len().max(1)) {
            let (events, agent, next) = (events.clone(), &agent, &next);
            scope.spawn(move || {
                loop {
                    let file = next.fetch_add(1, Ordering::Relaxed);
                    let Some(wanted) = wanted.get(file) else {
                        return;
                    };
                    let transfer = Transfer {
                        agent,
                        settings,
                        pause,
                        address: base.address(&wanted.path),
                        wanted,
                        target: folder.join(&wanted.name),
                        voice: Voice {
                            events: &events,
                            file,
                        },
                    };
                    let fetched = Fetched {
                        name: wanted.name.clone(),
                        address: shown(&transfer.address),
                        outcome: transfer.run().unwrap_or_else(Outcome::Failed),
                    };
                    transfer.voice.say(Event::Ended { file, fetched });
                }
            });
        }
        drop(events);
        for event in heard {
            progress(&event);
            if let Event::Ended { file, fetched } = event {
                done[file] = Some(fetched);
            }
        }
    });
    Ok(done.into_iter().flatten().collect())
}

/// Files of a folder that hold TIGER/Line of another year: a pack of both would hold each street
/// twice. A folder that is not there holds none.
pub fn other_years(folder: &Path, year: u16) -> Vec<PathBuf> {
    let ours = format!("tl_{year}_");
    let mut others: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("tl_") && name.ends_with(".zip") && !name.starts_with(&ours)
        })
        .collect();
    others.sort();
    others
}

/// How a worker tells what happens; nobody may be listening any more.
struct Voice<'fetch> {
    events: &'fetch Sender<Event>,
    file: usize,
}

impl Voice<'_> {
    fn say(&self, event: Event) {
        let _ = self.events.send(event);
    }
}
