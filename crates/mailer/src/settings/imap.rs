//! A mailbox that answers come into.

use super::{Password, TlsMode};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// A mailbox on a mail server, read over IMAP. Nothing in it is marked, moved or deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImapSettings {
    /// The server's name or address. Empty: no mailbox is read.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way to it is encrypted; never `opportunistic`.
    pub tls: TlsMode,
    /// Certificates (PEM) that a private server's own comes from, besides the public ones; empty for none.
    pub ca_file: PathBuf,
    /// Who logs in.
    pub user: String,
    /// The file of the user's password, one line.
    pub password_file: PathBuf,
    /// The password, where no file is named; it comes from the environment and is in no file of settings.
    #[serde(skip)]
    pub password: Password,
    /// The folder that is read.
    pub folder: String,
    /// How long a running mailer waits between two looks, in seconds.
    pub poll_seconds: u64,
}

impl Default for ImapSettings {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 993,
            tls: TlsMode::Tls,
            ca_file: PathBuf::new(),
            user: String::new(),
            password_file: PathBuf::new(),
            password: Password::default(),
            folder: "INBOX".to_owned(),
            poll_seconds: 60,
        }
    }
}
