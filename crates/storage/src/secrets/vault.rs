//! The petitions' keys, opened.

use super::{InstanceKey, PetitionSecrets, SecretError};
use crate::error::StorageResult;
use crate::keys::KeyStore;
use rand::CryptoRng;
use redress_model::id::PetitionId;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// How long an opened key is used before the key store is asked whether it is still there: so soon every process forgets a
/// petition whose key another one destroyed.
const TRUSTED: Duration = Duration::from_mins(1);

/// Keys sealed anew in one step: what is cut short goes on with the next.
const PAGE: usize = 200;

struct Opened {
    secrets: Arc<PetitionSecrets>,
    seen: Instant,
}

/// Reads the instance's key again, where it lies.
type Reread = Box<dyn Fn() -> Option<InstanceKey> + Send + Sync>;

/// Opens petitions' keys with the instance's, and keeps them opened while the process lives.
pub struct Vault {
    instance: InstanceKey,
    reread: Option<Reread>,
    store: Arc<dyn KeyStore>,
    opened: RwLock<HashMap<PetitionId, Opened>>,
}

impl Vault {
    /// A vault over a key store.
    pub fn new(instance: InstanceKey, store: Arc<dyn KeyStore>) -> Self {
        Self {
            instance,
            reread: None,
            store,
            opened: RwLock::default(),
        }
    }

    /// A vault that reads the instance's key again when a petition's does not open: another process may have put a new one in
    /// front.
    #[must_use]
    pub fn rereading(
        self,
        reread: impl Fn() -> Option<InstanceKey> + Send + Sync + 'static,
    ) -> Self {
        Self {
            reread: Some(Box::new(reread)),
            ..self
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
            .filter(|opened| opened.seen.elapsed() < TRUSTED)
            .map(|opened| Arc::clone(&opened.secrets));
        if let Some(secrets) = known {
            return Ok(secrets);
        }
        let Some(wrapped) = self.store.find_key(petition).await? else {
            self.forget(petition);
            return Err(SecretError::Destroyed.into());
        };
        let secrets = Arc::new(self.unwrap(petition, &wrapped)?);
        let opened = Opened {
            secrets: Arc::clone(&secrets),
            seen: Instant::now(),
        };
        self.opened
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(petition, opened);
        Ok(secrets)
    }

    fn unwrap(&self, petition: PetitionId, wrapped: &[u8]) -> Result<PetitionSecrets, SecretError> {
        let opened = PetitionSecrets::unwrap(&self.instance, petition, wrapped);
        match (opened, &self.reread) {
            (Err(error), Some(reread)) => {
                let instance = reread().ok_or(error)?;
                PetitionSecrets::unwrap(&instance, petition, wrapped)
            }
            (opened, _) => opened,
        }
    }

    fn forget(&self, petition: PetitionId) {
        self.opened
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&petition);
    }

    /// Destroys a petition's key: nobody can read or link its people any more. Other processes
    /// that have it opened forget it within a minute.
    pub async fn destroy(&self, petition: PetitionId) -> StorageResult<bool> {
        self.forget(petition);
        self.store.destroy_key(petition).await
    }

    /// How many petitions' keys an older key of the ring sealed.
    pub async fn count_older(&self) -> StorageResult<usize> {
        Ok(self.list_older().await?.len())
    }

    /// Seals with the current key of the ring what an older one sealed; one that is cut short goes on where it was. Gives back
    /// how many.
    pub async fn rotate(&self, random: &mut (dyn CryptoRng + Send)) -> StorageResult<usize> {
        let older = self.list_older().await?;
        for page in older.chunks(PAGE) {
            let mut wrapped = Vec::with_capacity(page.len());
            for (petition, old) in page {
                let secrets = PetitionSecrets::unwrap(&self.instance, *petition, old)?;
                wrapped.push((*petition, secrets.wrap(&self.instance, *petition, random)));
            }
            self.store.replace_keys(&wrapped).await?;
        }
        Ok(older.len())
    }

    async fn list_older(&self) -> StorageResult<Vec<(PetitionId, Vec<u8>)>> {
        let current = self.instance.without_older();
        let mut keys = self.store.list_keys().await?;
        keys.retain(|(petition, wrapped)| {
            PetitionSecrets::unwrap(&current, *petition, wrapped).is_err()
        });
        Ok(keys)
    }
}
