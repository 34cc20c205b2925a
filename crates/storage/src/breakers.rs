//! Breakers: servers that are in trouble, or want nothing of us, get no letters for a while, from whichever process.
//!
//! Servers in trouble rest, then get one letter as a probe; its answer closes the breaker or opens it for longer. A domain that blocks us
//! gets nothing until a person says so, and no more do the letters of a batch ([`of_batch`]) of which one was refused for our own fault.
//! Domains with the same servers are one group; [`RELAY`] stands for the relay itself.

use crate::audit::Deed;
use crate::error::StorageResult;
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use redress_model::id::{BatchId, PetitionId};

/// The name of the relay's own breaker, through which all letters go.
pub const RELAY: &str = "*";

/// How the names of batches begin.
pub const BATCH: &str = "batch:";

/// How the names of groups of servers begin that are not named for a domain of their own.
pub const GROUP: &str = "mx:";

/// The name of the breaker of a batch's own letters.
pub fn of_batch(id: BatchId) -> String {
    format!("{BATCH}{}", id.0.simple())
}

/// For how many minutes a breaker is open after the first failure in a row, the second, and so on; the last is for all that follow.
const RESTS: [i64; 5] = [2, 6, 15, 30, 60];

/// Until when a breaker is open that opens at an instant: after the first failure in a row, the second, and so on.
pub fn rests(at: DateTime<Utc>) -> [DateTime<Utc>; 5] {
    RESTS.map(|minutes| at + Duration::minutes(minutes))
}

/// Where a breaker stands. One that is closed is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BreakerState {
    /// In trouble: nothing goes there before its time.
    Open,
    /// One letter is on its way as a probe.
    HalfOpen,
    /// Held until a person decides.
    Blocked,
}

impl BreakerState {
    /// Its word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::HalfOpen => "half_open",
            Self::Blocked => "blocked",
        }
    }
}

impl std::str::FromStr for BreakerState {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "open" => Ok(Self::Open),
            "half_open" => Ok(Self::HalfOpen),
            "blocked" => Ok(Self::Blocked),
            _ => Err(format!("no state of a breaker: {word}")),
        }
    }
}

/// A breaker that is not closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breaker {
    /// A domain in lower case, the name of a group, [`RELAY`], or that of a batch ([`of_batch`]).
    pub name: String,
    /// Where it stands.
    pub state: BreakerState,
    /// How many failures in a row.
    pub failures: u32,
    /// Until when it stands so; `None` while it is blocked.
    pub until_at: Option<DateTime<Utc>>,
    /// The answer that brought it here: code, 0 for our own word, and text, at most 1,000 characters.
    pub reply: Option<(u16, String)>,
    /// When that was.
    pub changed_at: DateTime<Utc>,
}

/// What a try says about those it spoke to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// They work.
    Well,
    /// They are in trouble.
    Trouble,
    /// They want nothing of us.
    Blocked,
}

/// Whether letters wait for breakers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heed {
    /// For all of them.
    All,
    /// For blocked ones alone: a person drains the queue.
    BlocksAlone,
}

/// Breakers.
#[async_trait]
pub trait Breakers: Send + Sync {
    /// Takes a sign. Trouble opens a breaker, longer after each probe that fails, and changes nothing while it is open; well closes it, unless it is
    /// blocked; blocked stays until it is released.
    async fn record_sign(
        &self,
        name: &str,
        sign: Sign,
        reply: Option<&(u16, String)>,
        at: DateTime<Utc>,
    ) -> StorageResult<()>;
    /// Remembers which servers take the mail of a domain, for all processes. A domain that was never named is a group of its own.
    async fn record_mail_group(
        &self,
        domain: &str,
        group: &str,
        at: DateTime<Utc>,
    ) -> StorageResult<()>;
    /// All that are not closed, by name.
    async fn list_breakers(&self) -> StorageResult<Vec<Breaker>>;
    /// Of these, the relay's, those of batches and those of servers to which letters of a petition are still to go.
    async fn list_breakers_of(&self, petition: PetitionId) -> StorageResult<Vec<Breaker>>;
    /// Closes a breaker, and puts a petition's letters back into the queue that were held for it by a server's word. How many; `None` when it
    /// was closed already.
    async fn release_breaker(
        &self,
        name: &str,
        petition: PetitionId,
        deed: &Deed,
    ) -> StorageResult<Option<u64>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_grow_to_an_hour() {
        let at = "2026-03-04T16:00:00Z".parse().unwrap();
        let rests = rests(at);
        assert!(rests.is_sorted());
        assert_eq!(rests[4] - at, Duration::hours(1));
    }

    #[test]
    fn states_are_read_as_they_are_written() {
        for state in [
            BreakerState::Open,
            BreakerState::HalfOpen,
            BreakerState::Blocked,
        ] {
            assert_eq!(state.as_str().parse(), Ok(state));
        }
    }
}
