//! Petitions.

use crate::audit::Deed;
use crate::error::StorageResult;
use async_trait::async_trait;
use redress_model::id::{OrganizationId, PetitionId};
use redress_model::petition::state::PetitionState;
use redress_model::petition::{Petition, PetitionTerms};
use redress_model::slug::Slug;

/// Petitions. Each change is a deed in the audit log, in the same transaction.
#[async_trait]
pub trait Petitions: Send + Sync {
    /// Records a new petition.
    async fn record_petition(&self, petition: &Petition, deed: &Deed) -> StorageResult<()>;
    /// By its slug.
    async fn find_petition_by_slug(&self, slug: &Slug) -> StorageResult<Option<Petition>>;
    /// By its id.
    async fn find_petition(&self, id: PetitionId) -> StorageResult<Option<Petition>>;
    /// Petitions in one of some states (all if empty), of one organization or of all, the oldest
    /// first, after one, at most `limit`.
    async fn list_petitions(
        &self,
        organization: Option<OrganizationId>,
        states: &[PetitionState],
        after: Option<PetitionId>,
        limit: u32,
    ) -> StorageResult<Vec<Petition>>;
    /// Changes what its organizers decide.
    async fn record_terms(
        &self,
        id: PetitionId,
        terms: &PetitionTerms,
        deed: &Deed,
    ) -> StorageResult<()>;
    /// Takes a step from the state in which the caller believes it to be.
    async fn change_petition_state(
        &self,
        id: PetitionId,
        from: PetitionState,
        to: PetitionState,
        deed: &Deed,
    ) -> StorageResult<()>;
}
