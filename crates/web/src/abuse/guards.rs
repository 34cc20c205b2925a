//! The rules in force, as this process last read them.

use crate::failure::Failure;
use crate::state::AppState;
use chrono::{DateTime, Duration, Utc};
use redress_model::abuse::guard::{Guard, GuardTexts};
use redress_model::abuse::limits::Limits;
use redress_model::id::PetitionId;
use redress_storage::abuse::AbuseRules;
use redress_storage::audit::Deed;
use redress_storage::secrets::{PetitionSecrets, SealedField, Vault};
use redress_storage::{StorageError, StorageResult, Store};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An edit made at another process is in force here after so long.
const FRESH: Duration = Duration::seconds(2);

/// A petition's rules, ready to be applied.
#[derive(Debug, Clone, Default)]
pub(crate) struct InForce {
    /// 0 as long as nobody has edited them.
    pub version: i64,
    /// The limits.
    pub limits: Limits,
    /// The lists as they were typed.
    pub texts: GuardTexts,
    /// The lists, read.
    pub guard: Guard,
}

/// What was read, by petition.
#[derive(Default)]
pub(crate) struct Guards(Mutex<Known>);

/// When rules were read, and which.
type Known = HashMap<PetitionId, (DateTime<Utc>, Arc<InForce>)>;

impl Guards {
    /// The rules of a petition.
    pub(crate) async fn find(
        &self,
        state: &AppState,
        petition: PetitionId,
    ) -> Result<Arc<InForce>, Failure> {
        let now = state.now();
        if let Some((read_at, rules)) = self.lock().get(&petition)
            && now - *read_at < FRESH
        {
            return Ok(Arc::clone(rules));
        }
        let rules = Arc::new(read(state.store(), state.vault(), petition).await?);
        self.lock().insert(petition, (now, Arc::clone(&rules)));
        Ok(rules)
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The rules as they are stored.
pub(crate) async fn read(
    store: &Store,
    vault: &Vault,
    petition: PetitionId,
) -> StorageResult<InForce> {
    let Some(stored) = store.abuse.find_abuse_rules(petition).await? else {
        return Ok(InForce::default());
    };
    let secrets = vault.petition(petition).await?;
    let texts = open(&secrets, petition, &stored.sealed)?;
    let guard = Guard::parse(&texts).map_err(|errors| {
        // Only what was read once is stored: another version of the program wrote it.
        StorageError::unreadable("rules against abuse", format!("{} lines", errors.len()))
    })?;
    Ok(InForce {
        version: stored.version,
        limits: stored.limits,
        texts,
        guard,
    })
}

fn open(
    secrets: &PetitionSecrets,
    petition: PetitionId,
    sealed: &[u8],
) -> StorageResult<GuardTexts> {
    let opened = secrets.open(SealedField::Rules, petition, sealed)?;
    serde_json::from_slice(&opened)
        .map_err(|_| StorageError::unreadable("rules against abuse", "another shape"))
}

/// Puts rules in the place of a version, from now on in force here and within seconds everywhere.
pub(crate) async fn keep(
    state: &AppState,
    petition: PetitionId,
    rules: &InForce,
    deed: &Deed,
) -> StorageResult<()> {
    let secrets = state.vault().petition(petition).await?;
    // A struct of texts and numbers always serializes.
    let text = serde_json::to_vec(&rules.texts).unwrap_or_default();
    let sealed = secrets.seal(SealedField::Rules, petition, &text, state.random().as_mut());
    let stored = AbuseRules {
        petition_id: petition,
        version: rules.version,
        limits: rules.limits,
        sealed,
        changed_at: state.now(),
    };
    state
        .store()
        .abuse
        .record_abuse_rules(&stored, deed)
        .await?;
    state.guards().lock().remove(&petition);
    Ok(())
}
