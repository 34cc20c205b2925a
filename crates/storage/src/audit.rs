//! What was done by whom: each entry chained to the last, so that none can be changed or taken out
//! unseen.

use crate::error::StorageResult;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::id::AccountId;
use sha2::{Digest, Sha256};

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A person with an account.
    Account(AccountId),
    /// Somebody at the command line of the machine.
    CommandLine,
    /// A timer.
    Upkeep,
}

impl std::fmt::Display for Actor {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Account(id) => write!(out, "account:{id}"),
            Self::CommandLine => out.write_str("command_line"),
            Self::Upkeep => out.write_str("upkeep"),
        }
    }
}

/// Something that somebody does, on its way into the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// Who.
    pub actor: Actor,
    /// What, dotted: `petition.open`.
    pub action: &'static str,
    /// To what: a slug or an id, never a person.
    pub subject: String,
    /// What else is to be known, as JSON; nothing personal.
    pub details: serde_json::Value,
    /// When.
    pub at: DateTime<Utc>,
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Counted from 1, without gaps.
    pub number: i64,
    /// Who.
    pub actor: String,
    /// What.
    pub action: String,
    /// To what.
    pub subject: String,
    /// JSON text.
    pub details: String,
    /// When.
    pub at: DateTime<Utc>,
    /// SHA-256 over the last entry's hash and this entry.
    pub hash: [u8; 32],
}

impl AuditEntry {
    /// The entry that follows a hash (32 zero bytes before the first).
    pub fn chained(number: i64, before: &[u8; 32], deed: &Deed) -> Self {
        let mut entry = Self {
            number,
            actor: deed.actor.to_string(),
            action: deed.action.to_owned(),
            subject: deed.subject.clone(),
            details: deed.details.to_string(),
            at: redress_model::clock::to_micros(deed.at),
            hash: [0; 32],
        };
        entry.hash = entry.hash_after(before);
        entry
    }

    /// The hash that this entry must have after the last one's.
    pub fn hash_after(&self, before: &[u8; 32]) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(before);
        hash.update(self.number.to_le_bytes());
        hash.update(self.at.timestamp_micros().to_le_bytes());
        for part in [&self.actor, &self.action, &self.subject, &self.details] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        hash.finalize().into()
    }
}

/// The log.
#[async_trait]
pub trait Audit: Send + Sync {
    /// Records a deed that changes nothing else, such as an export.
    async fn record_deed(&self, deed: &Deed) -> StorageResult<()>;
    /// Entries by number, after one (0 for all), at most `limit`.
    async fn list_deeds(&self, after: i64, limit: u32) -> StorageResult<Vec<AuditEntry>>;
    /// Walks the whole chain; the number of the first entry that does not follow the last.
    async fn find_broken_link(&self) -> StorageResult<Option<i64>> {
        let (mut before, mut last) = ([0; 32], 0);
        loop {
            let entries = self.list_deeds(last, 1_000).await?;
            if entries.is_empty() {
                return Ok(None);
            }
            for entry in entries {
                if entry.number != last + 1 || entry.hash != entry.hash_after(&before) {
                    return Ok(Some(last + 1));
                }
                (before, last) = (entry.hash, entry.number);
            }
        }
    }
}
