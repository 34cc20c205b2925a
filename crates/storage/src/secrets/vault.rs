//! The petitions' keys, opened.

use super::{InstanceKey, PetitionSecrets, SecretError};
use crate::error::StorageResult;
use crate::keys::KeyStore;
use rand::CryptoRng;
use redress_model::id::PetitionId;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Opens petitions' keys with the instance's, and keeps them opened while the process lives.
pub struct Vault {
    instance: InstanceKey,
    store: Arc<dyn KeyStore>,
    opened: RwLock<HashMap<PetitionId, Arc<PetitionSecrets>>>,
}

impl Vault {
    /// A vault over a key store.
    pub fn new(instance: InstanceKey, store: Arc<dyn KeyStore>) -> Self {
        Self {
            instance,
            store,
            opened: RwLock::default(),
        }
    }

    /// The instance's key: for tokens.
    pub fn instance_key(&self) -> &InstanceKey {
        &self.instance
    }

    /// Makes and keeps a petition's key; before the petition itself is recorded. A key that is
    /// there already stays.
    pub async fn create(
        &self,
        petition: PetitionId,
        random: &mut (dyn CryptoRng + Send),
    ) -> StorageResult<Arc<PetitionSecrets>> {
        let wrapped = PetitionSecrets::generate(random).wrap(&self.instance, petition, random);
        self.store.record_key(petition, &wrapped).await?;
        self.petition(petition).await
    }

    /// A petition's secrets.
    pub async fn petition(&self, petition: PetitionId) -> StorageResult<Arc<PetitionSecrets>> {
        let known = self
            .opened
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&petition)
            .cloned();
        if let Some(secrets) = known {
            return Ok(secrets);
        }
        let wrapped = self
            .store
            .find_key(petition)
            .await?
            .ok_or(SecretError::Destroyed)?;
        let secrets = Arc::new(PetitionSecrets::unwrap(&self.instance, petition, &wrapped)?);
        self.opened
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(petition, Arc::clone(&secrets));
        Ok(secrets)
    }

    /// Destroys a petition's key: nobody can read or link its people any more. Other processes
    /// that have it opened keep it until they end.
    pub async fn destroy(&self, petition: PetitionId) -> StorageResult<bool> {
        self.opened
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&petition);
        self.store.destroy_key(petition).await
    }

    /// Seals every petition's key with a new instance key. The old one opens nothing afterwards.
    pub async fn rotate(
        &self,
        next: &InstanceKey,
        random: &mut (dyn CryptoRng + Send),
    ) -> StorageResult<usize> {
        let keys = self.store.list_keys().await?;
        let mut wrapped = Vec::with_capacity(keys.len());
        for (petition, old) in keys {
            let secrets = PetitionSecrets::unwrap(&self.instance, petition, &old)?;
            wrapped.push((petition, secrets.wrap(next, petition, random)));
        }
        self.store.replace_keys(&wrapped).await?;
        Ok(wrapped.len())
    }
}
