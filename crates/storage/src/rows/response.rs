//! Rows of responses.

use super::batch::geoid;
use super::{StoredInstant, word};
use crate::error::StorageResult;
use crate::responses::Response;
use redress_model::id::{DeliveryId, PetitionId, ResponseId};
use uuid::Uuid;

/// A row of `response`.
#[expect(missing_docs, reason = "the columns are those of the table")]
pub struct ResponseColumns<T> {
    pub id: Uuid,
    pub petition_id: Uuid,
    pub geoid: String,
    pub post_id: String,
    pub delivery_id: Uuid,
    pub event_id: Option<Uuid>,
    pub title: String,
    pub district: Option<String>,
    pub person: Option<String>,
    pub position: String,
    pub text: String,
    pub state: String,
    pub responded_at: T,
    pub decided_at: Option<T>,
    pub published_at: Option<T>,
    pub told_at: Option<T>,
}

impl<T: StoredInstant> ResponseColumns<T> {
    /// The response.
    pub fn read(self) -> StorageResult<Response> {
        Ok(Response {
            id: ResponseId(self.id),
            petition_id: PetitionId(self.petition_id),
            geoid: geoid(&self.geoid)?,
            post_id: self.post_id,
            delivery_id: DeliveryId(self.delivery_id),
            event_id: self.event_id,
            title: self.title,
            district: self.district,
            person: self.person,
            position: word("position", &self.position)?,
            text: self.text,
            state: word("state of a response", &self.state)?,
            responded_at: self.responded_at.read()?,
            decided_at: self.decided_at.map(StoredInstant::read).transpose()?,
            published_at: self.published_at.map(StoredInstant::read).transpose()?,
            told_at: self.told_at.map(StoredInstant::read).transpose()?,
        })
    }
}
