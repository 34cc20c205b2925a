//! Governments, their posts and the people in them.

use crate::audit::Deed;
use crate::error::StorageResult;
use async_trait::async_trait;
use redress_model::contact_state::ContactRecord;
use redress_model::directory::{Directory, Jurisdiction};
use redress_model::geoid::Geoid;

/// A government as pages, exports and letters name it.
#[derive(Debug, Clone, PartialEq)]
pub struct Government {
    /// 7 digits of a place, 10 of a county subdivision, 5 of a county.
    pub geoid: Geoid,
    /// Its name: `Aurora city`.
    pub name: String,
    /// Its state, two letters.
    pub state: String,
    /// Its OCD id, where one is published.
    pub ocd_id: Option<String>,
    /// A point inside it: latitude and longitude, degrees.
    pub point: Option<(f64, f64)>,
}

/// A government with all its posts, under its GEOID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Of the government.
    pub geoid: String,
    /// Its name in the lists, and its posts with everybody who was ever listed in them.
    pub jurisdiction: Jurisdiction,
}

impl Listed {
    /// The governments of a directory that are not as they were in another.
    pub fn differing(before: &Directory, after: &Directory) -> Vec<Self> {
        let differs = |(geoid, jurisdiction): &(&str, &Jurisdiction)| {
            before.jurisdiction(geoid) != Some(*jurisdiction)
        };
        let listed = after.jurisdictions().filter(differs);
        listed
            .map(|(geoid, jurisdiction)| Self {
                geoid: geoid.to_owned(),
                jurisdiction: jurisdiction.clone(),
            })
            .collect()
    }
}

/// The directory: who answers for what.
#[async_trait]
pub trait Officials: Send + Sync {
    /// Records governments by name and point, in the place of what was known of them.
    async fn record_governments(&self, governments: &[Government]) -> StorageResult<()>;
    /// One government.
    async fn find_government(&self, geoid: &Geoid) -> StorageResult<Option<Government>>;
    /// Governments by GEOID, after one, at most `limit`.
    async fn list_governments(
        &self,
        after: Option<&Geoid>,
        limit: u32,
    ) -> StorageResult<Vec<Government>>;
    /// The governments named, by GEOID; those that are unknown are left out.
    async fn list_named_governments(&self, geoids: &[Geoid]) -> StorageResult<Vec<Government>>;
    /// Puts whole governments, with all posts and all history, in the place of what was known of
    /// them, and raises the revision. Governments that are not named stay as they are.
    async fn record_directory(&self, listed: &[Listed], deed: &Deed) -> StorageResult<()>;
    /// Everybody.
    async fn load_directory(&self) -> StorageResult<Directory>;
    /// The posts of one government.
    async fn find_jurisdiction(&self, geoid: &Geoid) -> StorageResult<Option<Jurisdiction>>;
    /// Records what was learned of addresses. Of two words on one address the later stays, whichever is recorded
    /// first.
    async fn record_contacts(&self, contacts: &[ContactRecord]) -> StorageResult<()>;
    /// What is known of addresses, by address, after one, at most `limit`.
    async fn list_contacts(
        &self,
        after: Option<&str>,
        limit: u32,
    ) -> StorageResult<Vec<ContactRecord>>;
    /// What is known of the addresses named, in lower case; those of which nothing is known are left out.
    async fn list_named_contacts(&self, addresses: &[String]) -> StorageResult<Vec<ContactRecord>>;
    /// Raised by each change; 0 while nothing was ever recorded.
    async fn find_directory_revision(&self) -> StorageResult<i64>;
}
