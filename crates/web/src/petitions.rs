//! Petitions as the public sees them.

mod reads;

pub(crate) use reads::Reads;

use crate::failure::Failure;
use crate::state::AppState;
use redress_model::petition::Petition;
use redress_model::petition::state::PetitionState;
use redress_model::slug::Slug;
use std::sync::Arc;

/// The most petitions on one list.
pub(crate) const LIST: u32 = 200;

/// A petition that is no draft, by the word in its address.
pub(crate) async fn find(state: &AppState, slug: &str) -> Result<Arc<Petition>, Failure> {
    let slug = Slug::parse(slug).map_err(|_| Failure::NotFound)?;
    let read = state.store().petitions.find_petition_by_slug(&slug);
    state
        .petition_reads()
        .find(&slug, read)
        .await?
        .filter(|petition| petition.state != PetitionState::Draft)
        .ok_or(Failure::NotFound)
}

/// The same, if it can be signed now.
pub(crate) async fn find_open(state: &AppState, slug: &str) -> Result<Arc<Petition>, Failure> {
    let petition = find(state, slug).await?;
    require_open(&petition)?;
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
