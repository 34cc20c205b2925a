//! What comes back about letters, and what organizers are asked to do about it.

use crate::audit::Deed;
use crate::error::StorageResult;
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use redress_model::delivery::event::{EventKind, StrayReason, TaskKind};
use redress_model::delivery::state::DeliveryState;
use redress_model::geoid::Geoid;
use redress_model::id::{DeliveryId, PetitionId, TaskId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A message that came back, matched to its letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// Its id.
    pub id: Uuid,
    /// SHA-256 of the message: of one letter the same one is taken once.
    pub digest: [u8; 32],
    /// Of which letter.
    pub delivery_id: DeliveryId,
    /// What it says.
    pub kind: EventKind,
    /// The enhanced code, `5.1.1`.
    pub status: Option<String>,
    /// What the last server said; cut at 1,000 characters.
    pub diagnostic: Option<String>,
    /// Which server said it; cut at 1,000 characters.
    pub remote_mta: Option<String>,
    /// What a person answered, sealed under this event's id.
    pub sealed_answer: Option<Vec<u8>>,
    /// When.
    pub received_at: DateTime<Utc>,
}

/// What is kept of it; its fields are those of [`NewEvent`].
pub type Event = NewEvent;

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventOutcome {
    /// The message is known.
    Repeated,
    /// It is on record.
    Recorded {
        /// Where the letter stands now.
        state: DeliveryState,
        /// Whether it stood elsewhere before.
        has_moved: bool,
    },
}

/// The id of what is to be done about a letter that was refused: the time of the claim by which it was tried, and the letter's own chance.
pub fn refusal_id(token: Uuid, delivery: DeliveryId) -> Uuid {
    let (time, chance) = (token.as_u64_pair().0, delivery.0.as_u64_pair().1);
    Uuid::from_u64_pair(time, chance)
}

/// A person's answer as it is sealed, in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerFields {
    /// The address of From. It proves nothing.
    pub from: String,
    /// The name beside it; empty for none.
    pub name: String,
    /// The subject.
    pub subject: String,
    /// Plain text, without the letter that it answers.
    pub text: String,
}

/// Something that an organizer is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// What.
    pub kind: TaskKind,
    /// For which petition.
    pub petition_id: PetitionId,
    /// The jurisdiction.
    pub geoid: Geoid,
    /// The seat.
    pub post_id: String,
    /// About which letter.
    pub delivery_id: DeliveryId,
    /// The government's clerk, where one is known: who may be written to instead.
    pub fallback_post_id: Option<String>,
    /// Since when.
    pub opened_at: DateTime<Utc>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
    /// By whom, as the log of deeds writes it.
    pub done_by: Option<String>,
}

/// Events and tasks.
#[async_trait]
pub trait Events: Send + Sync {
    /// Records what came back, and takes the letter as far as that leads, in one transaction: its state, the flag at an address
    /// that reaches nobody, the task. Events may come twice and in any order ([`EventKind::effect`]).
    async fn record_event(&self, event: &NewEvent) -> StorageResult<EventOutcome>;
    /// Counts a message that is of no letter.
    async fn record_stray(&self, reason: StrayReason, day: NaiveDate) -> StorageResult<()>;
    /// How many such there were from a day on; reasons without any are left out.
    async fn count_strays(&self, since: NaiveDate) -> StorageResult<Vec<(StrayReason, u64)>>;
    /// The letter that an envelope's id names, or else the latest that a Message-ID names. Only letters that were settled to
    /// leave are found.
    async fn find_named_delivery(
        &self,
        envelopes: &[DeliveryId],
        messages: &[String],
    ) -> StorageResult<Option<DeliveryId>>;
    /// What came back about a letter, oldest first.
    async fn list_events(&self, delivery: DeliveryId) -> StorageResult<Vec<Event>>;
    /// A petition's tasks that are open, or those that are done, by id, after one, at most `limit`.
    async fn list_tasks(
        &self,
        petition: PetitionId,
        is_open: bool,
        after: Option<TaskId>,
        limit: u32,
    ) -> StorageResult<Vec<Task>>;
    /// A task of the petition is done. Stale when it is not there, or done already.
    async fn finish_task(&self, petition: PetitionId, id: TaskId, deed: &Deed)
    -> StorageResult<()>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_done_about_refused_letters_of_one_claim_has_ids_of_its_own_in_the_order_of_time()
     {
        let token = |time: u64| Uuid::from_u64_pair(time << 16 | 0x7abc, 0x8000_0000_0000_0001);
        let letter =
            |chance: u64| DeliveryId(Uuid::from_u64_pair(5, 0x8000_0000_0000_0000 | chance));
        let first = refusal_id(token(7), letter(1));
        assert_ne!(first, refusal_id(token(7), letter(2)));
        assert!(first < refusal_id(token(8), letter(1)));
        assert_eq!(first.get_version_num(), 7);
    }
}
