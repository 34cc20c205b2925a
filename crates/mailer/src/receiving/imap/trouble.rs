//! What keeps a mailbox from being read.

use crate::connection::WireFailure;
use async_imap::error::Error as Said;
use std::io;
use thiserror::Error;

/// Why a mailbox cannot be read; nothing of what was said stands in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MailboxTrouble {
    /// The connection failed.
    #[error(transparent)]
    Wire(#[from] WireFailure),
    /// The server let nobody in by this name and password.
    #[error("the login is refused")]
    LoginRefused,
    /// The settings ask for encryption, and there is none.
    #[error("the server offers no encryption, and the settings ask for it")]
    NoEncryption,
    /// The settings ask for none, and the server is elsewhere.
    #[error("the password would go in clear to another machine")]
    InClear,
    /// The server does not do what it is asked for.
    #[error("the server says no to {0}")]
    Refused(&'static str),
    /// The server says more than is taken.
    #[error("the server says more than it was asked for")]
    TooMuch,
}

impl From<io::Error> for MailboxTrouble {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // By `Bounded`.
            io::ErrorKind::FileTooLarge => Self::TooMuch,
            // The library's own, where it does not understand an answer; the answer itself stands in it.
            io::ErrorKind::Other => Self::Wire(WireFailure::Garbled),
            _ => Self::Wire(error.into()),
        }
    }
}

impl From<Said> for MailboxTrouble {
    fn from(error: Said) -> Self {
        match error {
            Said::Io(error) => error.into(),
            Said::No(_) | Said::Bad(_) => Self::Refused("a command"),
            Said::ConnectionLost => Self::Wire(WireFailure::Closed),
            _ => Self::Wire(WireFailure::Garbled),
        }
    }
}
