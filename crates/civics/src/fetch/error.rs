//! Why a file was not fetched.

use std::path::PathBuf;
use thiserror::Error;

/// Why a file was not fetched. Addresses in messages are cut before `?` and carry no password.
#[derive(Debug, Error)]
pub enum FetchError {
    /// The server has no such file.
    #[error("{address} is not there ({status}): {meaning}")]
    Absent {
        /// Where it was asked for.
        address: String,
        /// 404 or 410.
        status: u16,
        /// What may be behind it, and the mend.
        meaning: String,
    },
    /// The server refuses, and asking again would not help.
    #[error("{address} {said}")]
    Refused {
        /// Where it was asked for.
        address: String,
        /// What it says, and the mend.
        said: String,
    },
    /// The file is larger than any such file.
    #[error(
        "{address} is larger than {most} bytes, which no file of this kind is; check the base address"
    )]
    TooLarge {
        /// Where it was asked for.
        address: String,
        /// The most.
        most: u64,
    },
    /// Try after try brought nothing new.
    #[error(
        "{address} {said}, {tries} times in a row; run the same command again later, it goes on where it stopped"
    )]
    GivenUp {
        /// Where it was asked for.
        address: String,
        /// What happened the last time.
        said: String,
        /// How often.
        tries: u32,
    },
    /// What arrived is not what it should be.
    #[error("{address} {said}; nothing was kept")]
    Damaged {
        /// Where it was asked for.
        address: String,
        /// What is wrong with it, and the mend.
        said: String,
    },
    /// A file or folder here cannot be read or written.
    #[error("cannot write {}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Why a base address cannot be used.
#[derive(Debug, Error)]
#[error("{address:?} is no base address; {mend}")]
pub struct BaseError {
    /// As given, without what may be secret.
    pub address: String,
    /// What would do.
    pub mend: &'static str,
}
