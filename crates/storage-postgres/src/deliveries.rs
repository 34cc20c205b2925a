//! Letters on their way.

mod claim;
mod contact;
mod count;
mod joint;
mod read;
mod recover;
mod supersede;
mod write;

pub(crate) use claim::give_back;
pub(crate) use joint::{join, part, part_one};

use crate::errors::from_sqlx;
use crate::open::{Connection, Postgres};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::delivery::state::DeliveryState;
use redress_model::geoid::Geoid;
use redress_model::id::{BatchId, DeliveryId, PetitionId};
use redress_storage::StorageResult;
use redress_storage::audit::Deed;
use redress_storage::batches::FrozenBatch;
use redress_storage::deliveries::{
    Addressee, Attempt, Buckets, Claimed, Claiming, Deliveries, Delivery, DeliveryFilter,
    LetterWrite, NewDelivery, Recovered,
};
use uuid::Uuid;

/// Makes the letters of a batch within the transaction that freezes it.
pub(crate) async fn insert(connection: &mut Connection, frozen: &FrozenBatch) -> StorageResult<()> {
    let batch = &frozen.batch;
    let (geoid, at) = (batch.geoid.as_str(), batch.frozen_at);
    for new in &frozen.deliveries {
        let addressee = &new.addressee;
        let (variant, role) = (new.variant.as_str(), addressee.role.as_str());
        let reason = addressee
            .no_contact
            .map(redress_model::delivery::NoContactReason::as_str);
        let state = if reason.is_some() {
            DeliveryState::NoContact
        } else {
            DeliveryState::Waiting
        }
        .as_str();
        sqlx::query!(
            "insert into delivery (
              id, batch_id, petition_id, geoid, variant, post_id, role, title, district, person,
              email, no_contact, state, due_at, sealed_letter, created_at, changed_at
            )
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $14, $14)",
            new.id.0,
            batch.id.0,
            batch.petition_id.0,
            geoid,
            variant,
            addressee.post_id,
            role,
            addressee.title,
            addressee.district,
            addressee.person,
            addressee.email,
            reason,
            state,
            at,
            new.sealed_letter
        )
        .execute(&mut *connection)
        .await
        .map_err(from_sqlx)?;
    }
    Ok(())
}

#[async_trait]
impl Deliveries for Postgres {
    async fn claim_deliveries(
        &self,
        at: DateTime<Utc>,
        until_at: DateTime<Utc>,
        token: Uuid,
        limit: u32,
        by: Claiming,
    ) -> StorageResult<Vec<Claimed>> {
        claim::claim(self, (at, until_at), token, limit, by).await
    }

    async fn write_letters(&self, writes: &[LetterWrite]) -> StorageResult<Vec<bool>> {
        write::write(self, writes).await
    }

    async fn return_lease(
        &self,
        id: DeliveryId,
        token: Uuid,
        at: DateTime<Utc>,
    ) -> StorageResult<bool> {
        let mut connection = self.pool.acquire().await.map_err(from_sqlx)?;
        claim::give_back(&mut connection, id, token, at).await
    }

    async fn postpone_delivery(
        &self,
        id: DeliveryId,
        token: Uuid,
        due_at: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> StorageResult<bool> {
        claim::postpone(self, id, token, due_at, at).await
    }

    async fn recover_deliveries(&self, at: DateTime<Utc>) -> StorageResult<Recovered> {
        recover::recover(self, at).await
    }

    async fn record_contact(
        &self,
        id: DeliveryId,
        addressee: &Addressee,
        sealed_letter: &[u8],
        deed: &Deed,
    ) -> StorageResult<bool> {
        contact::record(self, id, addressee, sealed_letter, deed).await
    }

    async fn decide_delivery(
        &self,
        id: DeliveryId,
        from: DeliveryState,
        to: DeliveryState,
        note: Option<&str>,
        deed: &Deed,
    ) -> StorageResult<()> {
        contact::decide(self, id, (from, to), note, deed).await
    }

    async fn supersede_delivery(
        &self,
        id: DeliveryId,
        from: DeliveryState,
        new: &NewDelivery,
        note: &str,
        deed: &Deed,
    ) -> StorageResult<()> {
        supersede::supersede(self, id, from, new, note, deed).await
    }

    async fn count_buckets(&self, petition: PetitionId) -> StorageResult<Buckets> {
        read::count_buckets(self, petition).await
    }

    async fn count_reached(&self, petition: PetitionId) -> StorageResult<Vec<(Geoid, u64)>> {
        count::reached(self, petition).await
    }

    async fn count_letters(
        &self,
        batches: &[BatchId],
    ) -> StorageResult<Vec<(BatchId, DeliveryState, u64)>> {
        count::letters(self, batches).await
    }

    async fn count_joint(&self, batches: &[BatchId]) -> StorageResult<Vec<(BatchId, u64)>> {
        joint::count(self, batches).await
    }

    async fn find_delivery(&self, id: DeliveryId) -> StorageResult<Option<Delivery>> {
        read::find(self, id).await
    }

    async fn find_letter(&self, id: DeliveryId) -> StorageResult<Option<Vec<u8>>> {
        read::find_letter(self, id).await
    }

    async fn list_deliveries(
        &self,
        petition: PetitionId,
        filter: DeliveryFilter,
        after: Option<DeliveryId>,
        limit: u32,
    ) -> StorageResult<Vec<Delivery>> {
        read::list(self, petition, filter, after, limit).await
    }

    async fn list_too_large(
        &self,
        after: Option<DeliveryId>,
        limit: u32,
    ) -> StorageResult<Vec<Delivery>> {
        read::list_too_large(self, after, limit).await
    }

    async fn list_joined(&self, id: DeliveryId) -> StorageResult<Vec<Delivery>> {
        read::list_joined(self, id).await
    }

    async fn list_thread(
        &self,
        petition: PetitionId,
        post_id: &str,
    ) -> StorageResult<Vec<Delivery>> {
        read::list_thread(self, petition, post_id).await
    }

    async fn find_last_letter(&self, post_id: &str) -> StorageResult<Option<DateTime<Utc>>> {
        read::find_last_letter(self, post_id).await
    }

    async fn list_attempts(&self, id: DeliveryId) -> StorageResult<Vec<Attempt>> {
        read::list_attempts(self, id).await
    }

    async fn count_due(&self, at: DateTime<Utc>) -> StorageResult<u64> {
        read::count_due(self, at).await
    }
}
