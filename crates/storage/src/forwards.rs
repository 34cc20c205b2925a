//! Answers by mail on their way to the petition's own address. Each leaves at most once: before its dot stands a fence.

use crate::error::StorageResult;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::id::DeliveryId;
use uuid::Uuid;

/// An answer that goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forward {
    /// The answer: its words lie sealed in the event.
    pub event_id: Uuid,
    /// To which letter it answers.
    pub delivery_id: DeliveryId,
    /// Since when it waits.
    pub queued_at: DateTime<Utc>,
    /// How often it was claimed.
    pub attempts: u32,
    /// Until when it is the claimer's: whoever claims it later has another instant.
    pub until_at: DateTime<Utc>,
}

/// The queue. An answer is put into it in the transaction that records its event.
#[async_trait]
pub trait Forwards: Send + Sync {
    /// Takes answers whose time has come, until an instant, at most `limit`.
    async fn claim_forwards(
        &self,
        at: DateTime<Utc>,
        until_at: DateTime<Utc>,
        limit: u32,
    ) -> StorageResult<Vec<Forward>>;
    /// The fence, durable before the dot: from here on it counts as sent. `false` when the claim is lost.
    async fn pass_forward(&self, forward: &Forward, at: DateTime<Utc>) -> StorageResult<bool>;
    /// It did not arrive, as the other side has said or as is plain from where the try ended: it is tried again. Nothing happens when
    /// somebody else has claimed it since.
    async fn defer_forward(&self, forward: &Forward, due_at: DateTime<Utc>) -> StorageResult<()>;
    /// It is given up, or there is nothing to send. Nothing happens when somebody else has claimed it since.
    async fn drop_forward(&self, forward: &Forward, at: DateTime<Utc>) -> StorageResult<()>;
    /// How many wait.
    async fn count_forwards(&self) -> StorageResult<u64>;
}
