//! Petitions as the public sees them.

use crate::failure::Failure;
use crate::state::AppState;
use redress_model::petition::Petition;
use redress_model::petition::state::PetitionState;
use redress_model::slug::Slug;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// For so long a crowd signs what was read once; what decides, the state and whether a click is needed, is read again by storage with
/// every group that it writes.
const FRESH: Duration = Duration::from_secs(1);

/// So many are kept: past them all are read anew.
const MOST: usize = 1_000;

/// Open petitions, as this process last read them.
#[derive(Default)]
pub(crate) struct Open(Mutex<HashMap<String, (Instant, Arc<Petition>)>>);

impl Open {
    fn find(&self, slug: &str) -> Option<Arc<Petition>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (read, petition) = known.get(slug)?;
        (read.elapsed() < FRESH).then(|| Arc::clone(petition))
    }

    fn keep(&self, petition: &Arc<Petition>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        let slug = petition.slug.as_str().to_owned();
        known.insert(slug, (Instant::now(), Arc::clone(petition)));
    }
}

/// The most petitions on one list.
pub(crate) const LIST: u32 = 200;

/// A petition that is no draft, by the word in its address.
pub(crate) async fn find(state: &AppState, slug: &str) -> Result<Petition, Failure> {
    let slug = Slug::parse(slug).map_err(|_| Failure::NotFound)?;
    state
        .store()
        .petitions
        .find_petition_by_slug(&slug)
        .await?
        .filter(|petition| petition.state != PetitionState::Draft)
        .ok_or(Failure::NotFound)
}

/// The same for whoever signs. An open one may have been read up to a second ago.
pub(crate) async fn find_to_sign(state: &AppState, slug: &str) -> Result<Arc<Petition>, Failure> {
    if let Some(petition) = state.open_petitions().find(slug) {
        return Ok(petition);
    }
    let petition = Arc::new(find(state, slug).await?);
    if petition.state == PetitionState::Open {
        state.open_petitions().keep(&petition);
    }
    Ok(petition)
}

/// Refuses what cannot be signed now.
pub(crate) fn require_open(petition: &Petition) -> Result<(), Failure> {
    if petition.state == PetitionState::Open {
        Ok(())
    } else {
        Err(Failure::NotOpen(petition.state))
    }
}
