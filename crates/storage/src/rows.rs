//! Rows of the tables that both databases have alike, and the way from them to the types of this
//! crate. A backend selects into them, so that what a column means is said once.

pub mod batch;
pub mod breaker;
pub mod delivery;
pub mod event;
pub mod office_wish;
pub mod officials;
pub mod response;

use crate::error::{StorageError, StorageResult};
use chrono::{DateTime, Utc};

/// An instant as a database keeps it.
pub trait StoredInstant {
    /// The instant.
    fn read(self) -> StorageResult<DateTime<Utc>>;
}

/// Microseconds since 1970, UTC.
impl StoredInstant for i64 {
    fn read(self) -> StorageResult<DateTime<Utc>> {
        DateTime::from_timestamp_micros(self)
            .ok_or_else(|| StorageError::unreadable("instant", self))
    }
}

impl StoredInstant for DateTime<Utc> {
    fn read(self) -> StorageResult<DateTime<Utc>> {
        Ok(self)
    }
}

fn word<T>(what: &'static str, word: &str) -> StorageResult<T>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    word.parse()
        .map_err(|error| StorageError::unreadable(what, error))
}

fn number(what: &'static str, number: i64) -> StorageResult<u32> {
    u32::try_from(number).map_err(|_| StorageError::unreadable(what, number))
}

fn hash(what: &'static str, bytes: &[u8]) -> StorageResult<[u8; 32]> {
    bytes
        .try_into()
        .map_err(|_| StorageError::unreadable(what, bytes.len()))
}

fn json<T: serde::de::DeserializeOwned>(what: &'static str, text: &str) -> StorageResult<T> {
    serde_json::from_str(text).map_err(|error| StorageError::unreadable(what, error))
}
