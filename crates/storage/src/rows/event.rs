//! Rows of events and tasks.

use super::batch::geoid;
use super::{StoredInstant, hash, word};
use crate::error::StorageResult;
use crate::events::{Event, Task};
use redress_model::id::{DeliveryId, PetitionId, TaskId};
use uuid::Uuid;

/// A row of `delivery_event`.
#[expect(missing_docs, reason = "the columns are those of the table")]
pub struct EventColumns<T> {
    pub id: Uuid,
    pub digest: Vec<u8>,
    pub delivery_id: Uuid,
    pub kind: String,
    pub status: Option<String>,
    pub diagnostic: Option<String>,
    pub remote_mta: Option<String>,
    pub sealed_answer: Option<Vec<u8>>,
    pub received_at: T,
}

impl<T: StoredInstant> EventColumns<T> {
    /// The event.
    pub fn read(self) -> StorageResult<Event> {
        Ok(Event {
            id: self.id,
            digest: hash("digest of a message", &self.digest)?,
            delivery_id: DeliveryId(self.delivery_id),
            kind: word("kind of an event", &self.kind)?,
            status: self.status,
            diagnostic: self.diagnostic,
            remote_mta: self.remote_mta,
            sealed_answer: self.sealed_answer,
            received_at: self.received_at.read()?,
        })
    }
}

/// A row of `task`.
#[expect(missing_docs, reason = "the columns are those of the table")]
pub struct TaskColumns<T> {
    pub id: Uuid,
    pub kind: String,
    pub petition_id: Uuid,
    pub geoid: String,
    pub post_id: String,
    pub delivery_id: Uuid,
    pub fallback_post_id: Option<String>,
    pub opened_at: T,
    pub done_at: Option<T>,
    pub done_by: Option<String>,
}

impl<T: StoredInstant> TaskColumns<T> {
    /// The task.
    pub fn read(self) -> StorageResult<Task> {
        Ok(Task {
            id: TaskId(self.id),
            kind: word("kind of a task", &self.kind)?,
            petition_id: PetitionId(self.petition_id),
            geoid: geoid(&self.geoid)?,
            post_id: self.post_id,
            delivery_id: DeliveryId(self.delivery_id),
            fallback_post_id: self.fallback_post_id,
            opened_at: self.opened_at.read()?,
            done_at: self.done_at.map(StoredInstant::read).transpose()?,
            done_by: self.done_by,
        })
    }
}
