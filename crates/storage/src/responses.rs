//! What offices say about petitions: at their desk, or by mail. Nobody but organizers reads it before one of them has published
//! it; then its signers are told.

use crate::audit::Deed;
use crate::error::StorageResult;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::geoid::Geoid;
use redress_model::id::{DeliveryId, PetitionId, ResponseId};
use redress_model::response::{Position, ResponseState, ResponseText};
use uuid::Uuid;

/// The most responses that one office gives within a day.
pub const MOST_A_DAY: u32 = 20;

/// What an office says, at the desk of one of its letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewResponse {
    /// Its id.
    pub id: ResponseId,
    /// By the link of which letter: it says for which petition and which seat.
    pub delivery_id: DeliveryId,
    /// The answer by mail that it is made of; `None` where it was given at the desk.
    pub event_id: Option<Uuid>,
    /// Where the office stands.
    pub position: Position,
    /// Its words.
    pub text: ResponseText,
    /// When it said so.
    pub responded_at: DateTime<Utc>,
}

/// A response as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Its id.
    pub id: ResponseId,
    /// About which petition.
    pub petition_id: PetitionId,
    /// The jurisdiction.
    pub geoid: Geoid,
    /// The seat.
    pub post_id: String,
    /// By which letter.
    pub delivery_id: DeliveryId,
    /// The answer by mail that it is made of.
    pub event_id: Option<Uuid>,
    /// The seat's title, as the letter had it.
    pub title: String,
    /// Its district's bare label.
    pub district: Option<String>,
    /// Whom the letter was for.
    pub person: Option<String>,
    /// Where the office stands.
    pub position: Position,
    /// Its words.
    pub text: String,
    /// Where the response stands.
    pub state: ResponseState,
    /// When the office said so.
    pub responded_at: DateTime<Utc>,
    /// When an organizer last decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// Since when signers are told of it.
    pub published_at: Option<DateTime<Utc>>,
    /// When all of them had their mail queued.
    pub told_at: Option<DateTime<Utc>>,
}

impl Response {
    /// `Mayor Elena Ruiz`, or `Mayor` where nobody is named.
    pub fn official(&self) -> String {
        match &self.person {
            Some(person) => format!("{} {person}", self.title),
            None => self.title.clone(),
        }
    }
}

/// What became of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseOutcome {
    /// It waits for an organizer.
    Recorded,
    /// The office has said just that, and it waits already.
    Repeated,
    /// The office has said more within a day than anybody can read ([`MOST_A_DAY`]).
    TooMany,
}

/// Which responses are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ResponseFilter<'a> {
    /// Of one jurisdiction.
    pub geoid: Option<&'a Geoid>,
    /// Of one seat.
    pub post_id: Option<&'a str>,
    /// In one state.
    pub state: Option<ResponseState>,
}

/// Responses. Of one office and petition at most one waits and at most one is published; the database holds that.
#[async_trait]
pub trait Responses: Send + Sync {
    /// Keeps what an office says at its desk, in the place of what waited of it, and asks an organizer to look, in one transaction.
    async fn record_response(&self, new: &NewResponse) -> StorageResult<ResponseOutcome>;
    /// Publishes an answer that came by mail, once, in the place of what was published of the office; what was asked to be done
    /// about the answer is done. Stale when it was published before.
    async fn publish_reply(&self, new: &NewResponse, deed: &Deed) -> StorageResult<()>;
    /// An organizer decides: published, in the place of what was published of the office, or declined. Stale when it stands
    /// elsewhere than where the step (from, to) begins.
    async fn decide_response(
        &self,
        petition: PetitionId,
        id: ResponseId,
        step: (ResponseState, ResponseState),
        deed: &Deed,
    ) -> StorageResult<()>;
    /// One response.
    async fn find_response(&self, id: ResponseId) -> StorageResult<Option<Response>>;
    /// A petition's responses, newest first, at most `limit`.
    async fn list_responses(
        &self,
        petition: PetitionId,
        filter: ResponseFilter<'_>,
        limit: u32,
    ) -> StorageResult<Vec<Response>>;
    /// How many offices say what, of what is published; positions without any are left out.
    async fn count_positions(&self, petition: PetitionId) -> StorageResult<Vec<(Position, u64)>>;
    /// Goes on telling signers of one published response: looks at the next `limit` signatures of its petition, and queues a mail for each
    /// that is counted in its jurisdiction since before it was published and wishes for news. Which were looked at is kept in the same
    /// transaction, so that each is told once, whoever is killed in between. Gives back how many mails were queued; `None` when
    /// everybody was told of everything.
    async fn tell_signers(&self, at: DateTime<Utc>, limit: u32) -> StorageResult<Option<u64>>;
}
