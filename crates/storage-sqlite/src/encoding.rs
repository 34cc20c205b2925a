//! How values lie in SQLite.

use chrono::{DateTime, Utc};
use redress_model::fingerprint::Fingerprint;
use redress_model::geoid::Geoid;
use redress_model::home::{District, Home, Location};
use redress_storage::{StorageError, StorageResult};
use uuid::Uuid;

/// Bytes as they travel inside JSON.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| char::from(DIGITS[usize::from(half & 15)]);
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(*byte));
    }
    text
}

/// An id inside JSON.
pub(crate) fn hex_id(id: Uuid) -> String {
    id.simple().to_string()
}

/// Ids as one JSON array.
pub(crate) fn json_ids(ids: impl IntoIterator<Item = Uuid>) -> String {
    ids.into_iter()
        .map(hex_id)
        .collect::<serde_json::Value>()
        .to_string()
}

pub(crate) fn instant(micros: i64) -> StorageResult<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros)
        .ok_or_else(|| StorageError::unreadable("instant", micros))
}

pub(crate) fn instant_option(micros: Option<i64>) -> StorageResult<Option<DateTime<Utc>>> {
    micros.map(instant).transpose()
}

pub(crate) fn micros(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

pub(crate) fn fingerprint(bytes: &[u8]) -> StorageResult<Fingerprint> {
    Fingerprint::from_bytes(bytes)
        .ok_or_else(|| StorageError::unreadable("keyed hash", bytes.len()))
}

/// Reads a word of one of the model's enums.
pub(crate) fn word<T>(what: &'static str, word: &str) -> StorageResult<T>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    word.parse()
        .map_err(|error| StorageError::unreadable(what, error))
}

pub(crate) fn home(key: &str) -> StorageResult<Home> {
    Home::from_key(key).map_err(|error| StorageError::unreadable("home", error))
}

/// A district's label; empty for none.
pub(crate) fn district(label: &str) -> StorageResult<Option<District>> {
    let read =
        |label| District::parse(label).map_err(|error| StorageError::unreadable("district", error));
    Some(label)
        .filter(|label| !label.is_empty())
        .map(read)
        .transpose()
}

/// GEOIDs parted by spaces.
pub(crate) fn geoids(text: &str) -> StorageResult<Vec<Geoid>> {
    text.split_whitespace()
        .map(|geoid| Geoid::parse(geoid).map_err(|error| StorageError::unreadable("GEOID", error)))
        .collect()
}

pub(crate) fn join_geoids(geoids: &[Geoid]) -> String {
    geoids
        .iter()
        .map(Geoid::as_str)
        .collect::<Vec<_>>()
        .join(" ")
}

pub(crate) fn location(
    key: &str,
    label: &str,
    is_self_asserted: bool,
    over: &str,
) -> StorageResult<Location> {
    Ok(Location {
        home: home(key)?,
        district: district(label)?,
        is_self_asserted,
        governments_over: geoids(over)?,
    })
}
