//! Where wrapped petition keys lie: apart from the database, so that ordinary backups leave them
//! out and destroying a key erases the petition in backups too.

use crate::error::StorageResult;
use async_trait::async_trait;
use redress_model::id::PetitionId;

/// The petitions' keys, each sealed by the instance's.
#[async_trait]
pub trait KeyStore: Send + Sync {
    /// Keeps a new petition's key, durably. A key that is there already stays as it is.
    async fn record_key(&self, petition: PetitionId, wrapped: &[u8]) -> StorageResult<()>;
    /// A petition's key; `None` when it never was or was destroyed.
    async fn find_key(&self, petition: PetitionId) -> StorageResult<Option<Vec<u8>>>;
    /// Every key.
    async fn list_keys(&self) -> StorageResult<Vec<(PetitionId, Vec<u8>)>>;
    /// Puts newly wrapped keys in the place of the old ones, all or none.
    async fn replace_keys(&self, keys: &[(PetitionId, Vec<u8>)]) -> StorageResult<()>;
    /// Destroys a key; `false` when there was none.
    async fn destroy_key(&self, petition: PetitionId) -> StorageResult<bool>;
}
