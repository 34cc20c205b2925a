//! A file on its way: `NAME.part`, locked while it is written, and beside it what the server said
//! of the file, so that a later run can ask for the rest of the same one.

use super::FetchError;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What the server said of a file (RFC 9110, section 8.8).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Where it came from.
    pub address: String,
    /// Its strong entity tag.
    pub etag: Option<String>,
    /// When it was last changed, by the server's clock.
    pub last_modified: Option<String>,
    /// Its whole length.
    pub total: Option<u64>,
}

impl Seen {
    /// What tells this file from a later one of the same name, if anything does.
    pub fn validator(&self) -> Option<&str> {
        self.etag.as_deref().or(self.last_modified.as_deref())
    }
}

/// A part, locked against every other fetch until it is dropped.
pub struct Part {
    file: File,
    path: PathBuf,
    seen_path: PathBuf,
    seen: Option<Seen>,
    length: u64,
    resumed_from: u64,
}

impl Part {
    /// Opens the part of a file and waits until nobody else writes it; `busy` is called if that
    /// takes time.
    pub fn open(target: &Path, busy: &dyn Fn()) -> Result<Self, FetchError> {
        let path = with_ending(target, ".part");
        let seen_path = with_ending(target, ".seen.part");
        let io = |source| FetchError::Io {
            path: path.clone(),
            source,
        };
        loop {
            let file = OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)
                .map_err(io)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    busy();
                    file.lock().map_err(io)?;
                }
                Err(TryLockError::Error(error)) => return Err(io(error)),
            }
            // Whoever held the lock may have renamed the file meanwhile: then this is the finished one.
            let ours = file.metadata().map_err(io)?;
            let is_still_there = std::fs::metadata(&path)
                .is_ok_and(|there| (there.dev(), there.ino()) == (ours.dev(), ours.ino()));
            if !is_still_there {
                continue;
            }
            let seen = std::fs::read(&seen_path)
                .ok()
                .and_then(|bytes| serde_json::from_slice(&bytes).ok());
            return Ok(Self {
                length: ours.len(),
                resumed_from: ours.len(),
                file,
                path,
                seen_path,
                seen,
            });
        }
    }

    /// How many bytes are here.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// How many of them an earlier run had left.
    pub fn resumed_from(&self) -> u64 {
        self.resumed_from
    }

    /// The file itself.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// What is known of the file of which some bytes are here.
    pub fn seen(&self) -> Option<&Seen> {
        self.seen.as_ref().filter(|_| self.length > 0)
    }

    /// Throws away what is here.
    pub fn begin_anew(&mut self, seen: Seen) -> Result<(), FetchError> {
        // The bytes go first: the new file's tag must never stand beside the old one's bytes.
        self.file.set_len(0).map_err(|source| self.io(source))?;
        (self.length, self.resumed_from) = (0, 0);
        let written = serde_json::to_vec(&seen).map_err(std::io::Error::other);
        written
            .and_then(|bytes| std::fs::write(&self.seen_path, bytes))
            .map_err(|source| FetchError::Io {
                path: self.seen_path.clone(),
                source,
            })?;
        self.seen = Some(seen);
        Ok(())
    }

    /// Appends bytes.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), FetchError> {
        self.file
            .seek(SeekFrom::Start(self.length))
            .and_then(|_| self.file.write_all(bytes))
            .map_err(|source| self.io(source))?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Gives the file its name; from here on it is whole.
    pub fn finish(self, target: &Path) -> Result<(), FetchError> {
        self.file
            .sync_all()
            .and_then(|()| std::fs::rename(&self.path, target))
            .map_err(|source| FetchError::Io {
                path: target.to_owned(),
                source,
            })?;
        // Left behind it would do no harm: without a part it says nothing.
        let _ = std::fs::remove_file(&self.seen_path);
        Ok(())
    }

    /// Takes it away: nothing of it is worth keeping.
    pub fn discard(self) {
        let _ = std::fs::remove_file(&self.path);
        let _ = std::fs::remove_file(&self.seen_path);
    }

    fn io(&self, source: std::io::Error) -> FetchError {
        FetchError::Io {
            path: self.path.clone(),
            source,
        }
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
