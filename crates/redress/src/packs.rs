//! The packs' files while a server runs: watched, verified, swapped.
//!
//! A pack is replaced by renaming a new file over it. The server sees that within seconds, or at once when it gets SIGHUP, reads
//! every section of the new one, and only then answers from it; requests on their way finish with the old one. A damaged file is
//! refused and told of, and the old pack goes on. What is in use is verified too, after the start and once a day.

use crate::directory::record_governments;
use redress_civics::pack::PackError;
use redress_civics::packs::Packs;
use redress_storage::Store;
use redress_web::{AppState, PackCheck};
use std::convert::Infallible;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::Instant;

/// How often the file is looked at.
const GLANCE: Duration = Duration::from_secs(2);

/// How often a pack in use is read whole again: disks forget.
const BETWEEN_CHECKS: Duration = Duration::from_hours(24);

/// Where a server's packs lie: files, and folders of files.
#[derive(Debug, Clone)]
pub struct PackFiles(Vec<PathBuf>);

/// The files, each with what tells it from the next at its path.
type Marks = Vec<(PathBuf, Mark)>;

/// What tells one file at a path from the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark {
    device: u64,
    inode: u64,
    length: u64,
    modified: (i64, i64),
}

/// Largest pack that a server holds in its own memory, in bytes: a large state's. A nation's is read where it lies.
const MOST_HELD: u64 = 256 << 20;

impl Mark {
    fn of(file: &Metadata) -> Self {
        Self {
            device: file.dev(),
            inode: file.ino(),
            length: file.len(),
            modified: (file.mtime(), file.mtime_nsec()),
        }
    }
}

impl PackFiles {
    /// Packs at some paths.
    pub fn at(paths: Vec<PathBuf>) -> Self {
        Self(paths)
    }

    /// Opens them, with what tells whether one was replaced since.
    pub fn open(self) -> Result<WatchedPacks, PackError> {
        // The marks come first: a file that is replaced in between is only opened twice.
        let marks = self.marks();
        let packs = Packs::hold(&self.0, MOST_HELD)?;
        Ok(WatchedPacks {
            packs,
            watch: Watch { files: self, marks },
        })
    }

    /// `None` while one of them is not there.
    fn marks(&self) -> Option<Marks> {
        let files = Packs::files(&self.0).ok()?.into_iter();
        files
            .map(|file| {
                let mark = Mark::of(&std::fs::metadata(&file).ok()?);
                Some((file, mark))
            })
            .collect()
    }
}

/// Open packs, and the watch over their files.
pub struct WatchedPacks {
    /// The packs.
    pub packs: Packs,
    /// The watch.
    pub watch: Watch,
}

/// Looks whether other files lie at the packs' paths.
pub struct Watch {
    files: PackFiles,
    /// The files that were opened, or refused, last.
    marks: Option<Marks>,
}

impl Watch {
    /// Verifies the packs in use and swaps them when one is new, gone or added, for as long as the server runs.
    pub async fn run(
        mut self,
        store: &Store,
        state: AppState,
        mut hangup: Option<Signal>,
    ) -> Infallible {
        let mut check_at = Instant::now();
        loop {
            if Instant::now() >= check_at {
                check(&state).await;
                check_at = Instant::now() + BETWEEN_CHECKS;
            }
            let is_told = tokio::select! {
                () = tokio::time::sleep(GLANCE) => false,
                () = told(hangup.as_mut()) => true,
            };
            let found = self.files.marks();
            let is_other = found.is_some() && found != self.marks;
            if is_told || is_other {
                self.marks = found.or(self.marks.take());
                if self.swap(store, &state).await {
                    check_at = Instant::now() + BETWEEN_CHECKS;
                }
            }
        }
    }

    /// Opens and verifies what lies there; whether it is in use now.
    async fn swap(&self, store: &Store, state: &AppState) -> bool {
        let paths = self.files.0.clone();
        let opened = tokio::task::spawn_blocking(move || {
            let packs = Packs::hold(&paths, MOST_HELD)?;
            packs.verify(usize::MAX)?;
            Ok::<Packs, PackError>(packs)
        });
        let packs = match opened.await {
            Ok(Ok(packs)) => packs,
            Ok(Err(error)) => {
                eprintln!("redress: pack: refused, what is in use stays: {error}");
                state.refuse_pack();
                return false;
            }
            Err(error) => {
                eprintln!("redress: pack: could not be read, what is in use stays: {error}");
                state.refuse_pack();
                return false;
            }
        };
        // One of the same id takes the old one's place too: the file in use may have been damaged.
        for pack in packs.all() {
            if let Err(error) = record_governments(store, pack).await {
                // Its names of places wait for the next start; its answers need not.
                eprintln!("redress: pack: {error}");
            }
        }
        let id = packs.id();
        state.replace_packs(packs);
        eprintln!("redress: pack: answering from {id}");
        true
    }
}

/// Takes SIGHUP from now on, which would end the process otherwise. Without it the looks alone find a new file.
pub fn hangup() -> Option<Signal> {
    signal(SignalKind::hangup()).ok()
}

async fn told(hangup: Option<&mut Signal>) {
    match hangup {
        Some(hangup) => {
            if hangup.recv().await.is_none() {
                std::future::pending::<()>().await;
            }
        }
        None => std::future::pending().await,
    }
}

/// Reads every section of the packs in use.
async fn check(state: &AppState) {
    for pack in state.packs() {
        let id = pack.id().to_owned();
        let verified = tokio::task::spawn_blocking(move || pack.verify()).await;
        let check = match verified {
            Ok(Ok(())) => PackCheck::Sound,
            Ok(Err(error)) => {
                eprintln!(
                    "redress: pack: the pack in use is damaged, put a whole one in its place: {error}"
                );
                PackCheck::Damaged
            }
            Err(error) => {
                eprintln!("redress: pack: {id} could not be checked: {error}");
                continue;
            }
        };
        state.record_pack_check(&id, check);
    }
}
