//! Proofs of signatures that could not be saved, until the database takes them back.

use redress_model::fingerprint::Fingerprint;
use redress_model::id::{PetitionId, SignatureId};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Most that a server remembers: a queue full of people.
const MOST: usize = 10_000;

type Kept = HashMap<(PetitionId, Fingerprint), SignatureId>;

/// What could not be given back at once.
#[derive(Default)]
pub(crate) struct Unreturned(Mutex<Kept>);

impl Unreturned {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers a proof with the signature that it was spent for. Beyond the most nothing is remembered.
    pub(super) fn add(&self, petition: PetitionId, proof: Fingerprint, signature: SignatureId) {
        let mut kept = self.lock();
        if kept.len() < MOST {
            kept.insert((petition, proof), signature);
        }
    }

    /// For which signature a proof was spent that was not saved.
    pub(super) fn find(&self, petition: PetitionId, proof: Fingerprint) -> Option<SignatureId> {
        self.lock().get(&(petition, proof)).copied()
    }

    /// It is given back.
    pub(super) fn remove(&self, petition: PetitionId, proof: Fingerprint) {
        self.lock().remove(&(petition, proof));
    }
}
