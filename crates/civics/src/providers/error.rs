//! Why there is no opinion.

use std::path::PathBuf;
use thiserror::Error;

/// Why a provider gave no opinion. No message quotes an address, a key or a query.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProviderError {
    /// No answer in time.
    #[error("did not answer in time")]
    Late,
    /// No connection, or one that broke.
    #[error("cannot be reached")]
    Unreachable,
    /// It failed, or asks to be left alone.
    #[error("answers {0}")]
    Failing(u16),
    /// It refuses.
    #[error("answers {0}; check its url and its key in civics.providers")]
    Refused(u16),
    /// It points elsewhere.
    #[error(
        "points to another address ({0}), where nothing is sent; put the new one in civics.providers"
    )]
    Moved(u16),
    /// A web page in the place of JSON.
    #[error("sends a web page, not JSON")]
    Page,
    /// Something that is no JSON, or too much of it.
    #[error("sends no JSON that can be read")]
    NotJson,
    /// JSON of another shape.
    #[error("sends JSON of another shape: {0}")]
    Shape(&'static str),
    /// It may not be asked so often.
    #[error(
        "was asked as often as its budget allows; see per_minute and per_day in civics.providers"
    )]
    BudgetSpent,
    /// Too many questions wait already.
    #[error("was not asked: too many questions are on their way")]
    Busy,
}

impl ProviderError {
    /// Whether asking again at once may help.
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Unreachable | Self::Failing(_) | Self::Page | Self::NotJson
        )
    }
}

/// Why a provider cannot be set up.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// It needs a key and has none.
    #[error(
        "{provider} needs a key: name its file as civics.providers.{provider}.key_file, or put it in the environment as {variable}"
    )]
    KeyMissing {
        /// Whose.
        provider: &'static str,
        /// The variable.
        variable: &'static str,
    },
    /// A file of a key that cannot be read.
    #[error("civics.providers.{provider}.key_file: cannot read {}: {source}", path.display())]
    KeyUnreadable {
        /// Whose.
        provider: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Something that is no key.
    #[error("the key of {provider} is empty or holds more than one line; a key is one line")]
    KeyWrong {
        /// Whose.
        provider: &'static str,
    },
    /// An address that cannot be used.
    #[error("civics.providers.{provider}.url: {mend}")]
    Url {
        /// Whose.
        provider: &'static str,
        /// What would do.
        mend: &'static str,
    },
    /// A pointer that is none.
    #[error(
        "civics.providers.pointers.{key}: {pointer:?} is no JSON pointer such as \"/result/geoid\""
    )]
    Pointer {
        /// Which.
        key: &'static str,
        /// As given.
        pointer: String,
    },
    /// Pointers that say nothing.
    #[error(
        "civics.providers.pointers: json needs at least one of place_geoid, place_ocd_id and place_name"
    )]
    NoPointer,
    /// A bound that would let nothing through.
    #[error("civics.providers.{provider}.{key} is 0; give at least 1")]
    Zero {
        /// Whose.
        provider: &'static str,
        /// Which.
        key: &'static str,
    },
}
