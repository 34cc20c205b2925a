//! A Maildir from which messages are picked up.
//!
//! One after the other: read, recorded in one transaction, and only then moved from `new` to `cur` by a rename. Whoever is killed
//! between the two finds the message again, and it is then known by its digest. What cannot be taken goes to `aside`, so that it
//! blocks nobody and is not lost.

use super::{PickedUp, Taken};
use crate::error::MailerError;
use crate::mailer::Mailer;
use std::io;
use std::path::{Path, PathBuf};
use tokio::fs;
use tokio::sync::watch;

/// A Maildir.
#[derive(Debug)]
pub struct Maildir {
    directory: PathBuf,
}

impl Maildir {
    /// Makes the directories that are missing.
    pub async fn open(directory: &Path) -> Result<Self, MailerError> {
        for name in ["tmp", "new", "cur", "aside"] {
            fs::create_dir_all(directory.join(name))
                .await
                .map_err(|error| failed("the Maildir cannot be made", error))?;
        }
        Ok(Self {
            directory: directory.to_owned(),
        })
    }

    /// The names of what waits, oldest first: a Maildir's names begin with the time.
    async fn waiting(&self) -> Result<Vec<String>, MailerError> {
        let listed = async {
            let mut names = Vec::new();
            let mut entries = fs::read_dir(self.directory.join("new")).await?;
            while let Some(entry) = entries.next_entry().await? {
                // A name that is no text is no server's.
                if let Ok(name) = entry.file_name().into_string()
                    && !name.starts_with('.')
                {
                    names.push(name);
                }
            }
            names.sort();
            Ok(names)
        };
        listed
            .await
            .map_err(|error: io::Error| failed("the Maildir cannot be read", error))
    }

    /// The bytes of a message; `None` for what is no file, or too long. Links are not followed.
    async fn read(&self, name: &str, most: usize) -> io::Result<Option<Vec<u8>>> {
        let path = self.directory.join("new").join(name);
        let about = fs::symlink_metadata(&path).await?;
        if !about.is_file() || about.len() > most as u64 {
            return Ok(None);
        }
        fs::read(&path).await.map(Some)
    }

    async fn move_to(&self, folder: &str, name: &str) -> Result<(), MailerError> {
        let from = self.directory.join("new").join(name);
        let base = name.split(':').next().unwrap_or(name);
        let to = match folder {
            "cur" => self.directory.join(folder).join(format!("{base}:2,S")),
            _ => self.directory.join(folder).join(base),
        };
        match fs::rename(&from, &to).await {
            // Another process was faster; what it did was the same.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other.map_err(|error| failed("a message cannot be moved", error)),
        }
    }
}

impl Mailer {
    /// Takes what waits in a Maildir, until it is empty or the order to stop comes. Fails when storage or the disk does: what was
    /// not taken stays where it is.
    pub async fn pick_up(
        &self,
        maildir: &Maildir,
        stop: &watch::Receiver<bool>,
    ) -> Result<PickedUp, MailerError> {
        let mut picked = PickedUp::default();
        let most = self.settings().coming.max_bytes;
        for name in maildir.waiting().await? {
            if *stop.borrow() {
                break;
            }
            let bytes = match maildir.read(&name, most).await {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => {
                    // One file that does not read, such as for want of permission, does not block the next.
                    tracing::error!(error = %error.kind(), "a message does not read");
                    continue;
                }
            };
            let taken = match bytes {
                Some(bytes) => self.receive_waiting(bytes).await?,
                None => Taken::Poisoned,
            };
            let folder = match taken {
                Taken::Poisoned => "aside",
                _ => "cur",
            };
            maildir.move_to(folder, &name).await?;
            picked.add(taken);
        }
        Ok(picked)
    }

    /// One pass over a Maildir.
    pub async fn pick_up_once(&self, directory: &Path) -> Result<PickedUp, MailerError> {
        let maildir = Maildir::open(directory).await?;
        let (_order, stop) = watch::channel(false);
        self.pick_up(&maildir, &stop).await
    }
}

fn failed(what: &'static str, error: io::Error) -> MailerError {
    MailerError::Receiving { what, error }
}
