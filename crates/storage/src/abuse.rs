//! Rules against abuse of a petition, the day's salt, and how many came of late.
//!
//! Limits are counted where signatures are written ([`crate::plan::Recording`]), so that all processes count together: each adds to
//! rows of its own and reads the sum.

use crate::audit::Deed;
use crate::error::StorageResult;
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use redress_model::abuse::limits::Limits;
use redress_model::fingerprint::Fingerprint;
use redress_model::id::PetitionId;
use std::collections::BTreeMap;

/// 32 bytes under which the clients of one day are hashed.
pub type Salt = [u8; 32];

/// By what arrivals are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ArrivalKind {
    /// The client.
    Client,
    /// The e-mail's domain.
    Domain,
}

impl ArrivalKind {
    /// Its word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Domain => "domain",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Client, Self::Domain]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// A counter of arrivals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArrivalKey {
    /// At which petition.
    pub petition_id: PetitionId,
    /// By what.
    pub kind: ArrivalKind,
    /// Its hash.
    pub key: Fingerprint,
}

/// By counter and step of five minutes: how many came, and how many passed.
pub type ArrivalMoves = BTreeMap<(ArrivalKey, DateTime<Utc>), (i64, i64)>;

/// A petition's rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbuseRules {
    /// Whose.
    pub petition_id: PetitionId,
    /// Raised by one with each edit; the first is 1.
    pub version: i64,
    /// The limits.
    pub limits: Limits,
    /// The lists, sealed: they name people and networks ([`crate::secrets::SealedField::Rules`]).
    pub sealed: Vec<u8>,
    /// When they were edited.
    pub changed_at: DateTime<Utc>,
}

/// A client or domain of which many came within an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trend {
    /// By what.
    pub kind: ArrivalKind,
    /// Its hash.
    pub key: Fingerprint,
    /// How many came within the last hour.
    pub arrived: i64,
    /// How many of these passed.
    pub passed: i64,
    /// How many came in the 23 hours before.
    pub before: i64,
}

/// What holds off abuse.
#[async_trait]
pub trait Abuse: Send + Sync {
    /// The salt of a day: the one that some process made first, or else `fresh`, which is kept from then on. Salts of earlier days
    /// are erased.
    async fn share_salt(&self, day_on: NaiveDate, fresh: &Salt) -> StorageResult<Salt>;
    /// Erases the salts of days before one. Gives back how many.
    async fn erase_salts(&self, before_on: NaiveDate) -> StorageResult<u64>;
    /// A petition's rules; `None` as long as nobody has edited them.
    async fn find_abuse_rules(&self, petition: PetitionId) -> StorageResult<Option<AbuseRules>>;
    /// Puts rules in the place of the version before. [`crate::StorageError::Stale`] when somebody else was faster.
    async fn record_abuse_rules(&self, rules: &AbuseRules, deed: &Deed) -> StorageResult<()>;
    /// Of whom at least so many came within the last hour, the most first, at most 50.
    async fn list_trends(
        &self,
        petition: PetitionId,
        at: DateTime<Utc>,
        at_least: u32,
    ) -> StorageResult<Vec<Trend>>;
    /// Erases counts of steps that began before an instant. Gives back how many.
    async fn erase_arrivals(&self, before_at: DateTime<Utc>) -> StorageResult<u64>;
}
