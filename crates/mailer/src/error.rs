//! What can keep the mailer from its work. What happens to one message is no error: it is that message's state.

use crate::dkim::DkimError;
use crate::receiving::MailboxTrouble;
use redress_letters::error::LettersError;
use redress_sheets::error::SheetError;
use redress_storage::StorageError;
use std::path::PathBuf;
use thiserror::Error;

/// An error of the mailer. No address and nothing that somebody wrote stands in one.
#[derive(Debug, Error)]
pub enum MailerError {
    /// Storage gave up.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A message cannot be written.
    #[error(transparent)]
    Letters(#[from] LettersError),
    /// A letter cannot be drawn as a page.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// The Maildir cannot be made.
    #[error("the outbox cannot be made")]
    Outbox(#[source] std::io::Error),
    /// What comes back cannot be taken in.
    #[error("{what}: {error}")]
    Receiving {
        /// What cannot be done.
        what: &'static str,
        /// Why.
        error: std::io::Error,
    },
    /// The mailbox that answers come into cannot be read.
    #[error("the mailbox cannot be read: {0}")]
    Mailbox(#[from] MailboxTrouble),
    /// The certificates of a relay or a mail server do not read.
    #[error("the certificates in {} do not read: {error}", path.display())]
    Certificates {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: String,
    },
    /// Who logs in, or how, is not settled.
    #[error("{0}")]
    Login(String),
    /// A password does not read.
    #[error("the password file {} cannot be read: {error}", path.display())]
    Password {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// Encryption cannot be set up.
    #[error("encryption cannot be set up: {0}")]
    Tls(String),
    /// Signatures cannot be made.
    #[error(transparent)]
    Dkim(#[from] DkimError),
    /// A setting that nothing can be made of.
    #[error("{0}")]
    Settings(&'static str),
    /// Others froze at the same time, again and again.
    #[error("another process freezes the same place")]
    Contended,
}
