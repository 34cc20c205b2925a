//! Why there can be no signature. Nothing secret stands in any of them.

use std::path::PathBuf;
use thiserror::Error;

/// An error about DKIM, with its mend.
#[derive(Debug, Error)]
pub enum DkimError {
    /// The key file cannot be read.
    #[error("the DKIM key {} cannot be read: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// Others may read the key file.
    #[error("the DKIM key {} may be read by others (mode {mode:o}): run `chmod 600` on it", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// It holds no key of the kind that is asked for.
    #[error(
        "the DKIM key {} is no {expected} key in PEM (PKCS#8): `redress keys dkim` makes one",
        path.display()
    )]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What was expected.
        expected: &'static str,
    },
    /// A key file without a selector, or the other way round.
    #[error(
        "mailer.dkim.{kind}_selector and mailer.dkim.{kind}_key_file go together: set both, or none"
    )]
    Half {
        /// Which pair.
        kind: &'static str,
    },
    /// A domain without a key.
    #[error(
        "mailer.dkim.domain is set, and no key: set a selector and a key file, or leave the domain empty"
    )]
    NoKey,
    /// Mails to signers are to carry a signature of a key that is not there.
    #[error(
        "mailer.dkim.mails is {asked:?}, and there is no {expected} key: set mailer.dkim.{kind}_selector and mailer.dkim.{kind}_key_file, \
        or leave mailer.dkim.mails at \"ed25519\""
    )]
    Lacking {
        /// What is asked for.
        asked: &'static str,
        /// The key that is missing.
        expected: &'static str,
        /// Its pair of settings.
        kind: &'static str,
    },
    /// The two keys share a selector.
    #[error("mailer.dkim: both keys have the selector {0:?}: a record in the DNS holds one key")]
    OneSelector(String),
    /// No name that can stand in the DNS.
    #[error(
        "mailer.dkim.{key}: {value:?} is no name of the DNS: letters, digits, hyphens and full stops, such as {example}"
    )]
    Name {
        /// Which key of the configuration.
        key: &'static str,
        /// What it says.
        value: String,
        /// What it could say.
        example: &'static str,
    },
    /// A signature by another's domain shows nothing about the sender (RFC 7489, section 3.1.1).
    #[error(
        "mailer.dkim.domain is {signs:?}, and the sender's addresses are in {sender:?}: set mailer.dkim.domain to it or to a domain above it, \
        or set mailer.from_domain"
    )]
    NotAligned {
        /// The domain of signatures.
        signs: String,
        /// The domain of our addresses.
        sender: String,
    },
    /// The cryptography gave up.
    #[error("the DKIM key cannot be used")]
    Unusable,
}
