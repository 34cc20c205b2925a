//! Batches: freezing and deciding them.

mod decide;
mod freeze;
mod read;
mod requests;

use crate::open::Postgres;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::batch::{BatchState, PlaceStatus};
use redress_model::geoid::Geoid;
use redress_model::id::{BatchId, PetitionId, SignatureId};
use redress_storage::StorageResult;
use redress_storage::audit::Deed;
use redress_storage::batches::{
    Batch, BatchParts, BatchRow, Batches, FrozenBatch, Lapsed, Membership, Progress,
};
use redress_storage::signatures::Signature;

#[async_trait]
impl Batches for Postgres {
    async fn count_unbatched(&self, petition: PetitionId) -> StorageResult<Vec<(Geoid, u64)>> {
        read::count_unbatched(self, petition).await
    }

    async fn list_unbatched(
        &self,
        petition: PetitionId,
        geoid: &Geoid,
        after: Option<SignatureId>,
        limit: u32,
    ) -> StorageResult<Vec<Signature>> {
        crate::signatures::list_unbatched(self, petition, geoid.as_str(), after, limit).await
    }

    async fn list_lapsed(&self, petition: PetitionId, geoid: &Geoid) -> StorageResult<Vec<Lapsed>> {
        read::list_lapsed(self, petition, geoid).await
    }

    async fn find_progress(&self, petition: PetitionId, geoid: &Geoid) -> StorageResult<Progress> {
        read::find_progress(self, petition, geoid).await
    }

    async fn freeze_batches(&self, frozen: &[FrozenBatch], deed: &Deed) -> StorageResult<()> {
        freeze::freeze(self, frozen, deed).await
    }

    async fn find_batch(&self, petition: PetitionId, number: u32) -> StorageResult<Option<Batch>> {
        read::find(self, petition, number).await
    }

    async fn list_batches(
        &self,
        petition: PetitionId,
        geoid: Option<&Geoid>,
        state: Option<BatchState>,
        after: u32,
        limit: u32,
    ) -> StorageResult<Vec<Batch>> {
        read::list(self, petition, geoid, state, after, limit).await
    }

    async fn list_batch_rows(&self, id: BatchId) -> StorageResult<Vec<BatchRow>> {
        read::list_rows(self, id).await
    }

    async fn list_memberships(&self, signature: SignatureId) -> StorageResult<Vec<Membership>> {
        read::list_memberships(self, signature).await
    }

    async fn find_batch_parts(&self, id: BatchId) -> StorageResult<Option<BatchParts>> {
        read::find_parts(self, id).await
    }

    async fn approve_batch(&self, id: BatchId, deed: &Deed) -> StorageResult<()> {
        decide::approve(self, id, deed).await
    }

    async fn cancel_batch(&self, id: BatchId, deed: &Deed) -> StorageResult<()> {
        decide::cancel(self, id, deed).await
    }

    async fn drop_attachments(&self, at: DateTime<Utc>, limit: u32) -> StorageResult<u32> {
        decide::drop_attachments(self, at, limit).await
    }

    async fn request_freeze(
        &self,
        petition: PetitionId,
        geoid: Option<&Geoid>,
        deed: &Deed,
    ) -> StorageResult<()> {
        requests::request(self, petition, geoid, deed).await
    }

    async fn list_freeze_requests(&self) -> StorageResult<Vec<(i64, PetitionId, Option<Geoid>)>> {
        requests::list(self).await
    }

    async fn finish_freeze_request(&self, number: i64) -> StorageResult<()> {
        requests::finish(self, number).await
    }

    async fn record_statuses(
        &self,
        petition: PetitionId,
        statuses: &[(Geoid, PlaceStatus)],
        deed: &Deed,
    ) -> StorageResult<()> {
        requests::record_statuses(self, petition, statuses, deed).await
    }

    async fn list_statuses(
        &self,
        petition: PetitionId,
    ) -> StorageResult<Vec<(Geoid, PlaceStatus)>> {
        requests::list_statuses(self, petition).await
    }
}
