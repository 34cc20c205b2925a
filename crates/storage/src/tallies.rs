//! Stored counts, as pages read them.

use crate::error::StorageResult;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::home::Home;
use redress_model::id::PetitionId;
use redress_model::tally::{DistrictTally, HomeTally, HourTally, PetitionTally};

/// A count that differs from a count of the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which count: `total`, `waiting`, `home 0804000`, `district 0804000/3`, `over 08005`, `hours`.
    pub what: String,
    /// What is stored.
    pub stored: i64,
    /// What the rows say.
    pub recounted: i64,
}

/// Counts. They move with [`crate::signatures::Signatures`] alone.
#[async_trait]
pub trait Tallies: Send + Sync {
    /// The total; zero for a petition that nobody signed.
    async fn find_total(&self, petition: PetitionId) -> StorageResult<PetitionTally>;
    /// One home's count; zero where nobody signed.
    async fn find_home(&self, petition: PetitionId, home: &Home) -> StorageResult<HomeTally>;
    /// Every home with a count, or with one over it: by GEOID, then `outside any city`, then
    /// `not located`. All counts are zero or more.
    async fn list_homes(&self, petition: PetitionId) -> StorageResult<Vec<HomeTally>>;
    /// Every district with a count, of one home or of all; a home's signatures without a district
    /// come first.
    async fn list_districts(
        &self,
        petition: PetitionId,
        home: Option<&Home>,
    ) -> StorageResult<Vec<DistrictTally>>;
    /// What each hour changed, of the whole or of one home, from an hour (included) to another (not
    /// included), oldest first, hours without a change left out.
    async fn list_hours(
        &self,
        petition: PetitionId,
        home: Option<&Home>,
        from_at: DateTime<Utc>,
        to_at: DateTime<Utc>,
    ) -> StorageResult<Vec<HourTally>>;
    /// Counts the rows and compares, on one snapshot. Nothing is mended.
    async fn recount(&self, petition: PetitionId) -> StorageResult<Vec<Difference>>;
}
