//! The pack's file while a server runs: watched, verified, swapped.
//!
//! A pack is replaced by renaming a new file over it. The server sees that within seconds, or at once when it gets SIGHUP, reads
//! every section of the new one, and only then answers from it; requests on their way finish with the old one. A damaged file is
//! refused and told of, and the old pack goes on. What is in use is verified too, after the start and once a day.

use crate::directory::record_governments;
use redress_civics::pack::{Pack, PackError};
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

/// Where a server's pack lies.
#[derive(Debug, Clone)]
pub struct PackFile(PathBuf);

/// What tells one file at a path from the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark {
    device: u64,
    inode: u64,
    length: u64,
    modified: (i64, i64),
}

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

impl PackFile {
    /// A pack at a path.
    pub fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// Opens it, with what tells whether it was replaced since.
    pub fn open(self) -> Result<WatchedPack, PackError> {
        // The mark comes first: a file that is replaced in between is only opened twice.
        let mark = self.mark();
        let pack = Pack::open(&self.0)?;
        Ok(WatchedPack {
            pack,
            watch: Watch { file: self, mark },
        })
    }

    /// `None` while nothing is there.
    fn mark(&self) -> Option<Mark> {
        std::fs::metadata(&self.0).ok().map(|file| Mark::of(&file))
    }
}

/// An open pack, and the watch over its file.
pub struct WatchedPack {
    /// The pack.
    pub pack: Pack,
    /// The watch.
    pub watch: Watch,
}

/// Looks whether another file lies at a pack's path.
pub struct Watch {
    file: PackFile,
    /// The file that was opened, or refused, last.
    mark: Option<Mark>,
}

impl Watch {
    /// Verifies the pack in use and swaps it for each new one, for as long as the server runs.
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
            let found = self.file.mark();
            let is_other = found.is_some() && found != self.mark;
            if is_told || is_other {
                self.mark = found.or(self.mark);
                if self.swap(store, &state).await {
                    check_at = Instant::now() + BETWEEN_CHECKS;
                }
            }
        }
    }

    /// Opens and verifies what lies there; whether it is in use now.
    async fn swap(&self, store: &Store, state: &AppState) -> bool {
        let path = self.file.0.clone();
        let opened = tokio::task::spawn_blocking(move || {
            let pack = Pack::open(&path)?;
            pack.verify()?;
            Ok::<Pack, PackError>(pack)
        });
        let pack = match opened.await {
            Ok(Ok(pack)) => pack,
            Ok(Err(error)) => {
                eprintln!("redress: pack: refused, the one in use stays: {error}");
                state.refuse_pack();
                return false;
            }
            Err(error) => {
                eprintln!("redress: pack: could not be read, the one in use stays: {error}");
                state.refuse_pack();
                return false;
            }
        };
        // One of the same id takes the old one's place too: the file in use may have been damaged.
        let id = pack.id().to_owned();
        if let Err(error) = record_governments(store, &pack).await {
            // Its names of places wait for the next start; its answers need not.
            eprintln!("redress: pack: {error}");
        }
        state.replace_pack(pack);
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
