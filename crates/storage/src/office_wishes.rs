//! How offices wish to be written to, as they said at their desk.
//!
//! A wish is one office's about one petition. A closure holds for whoever made it, by name or address: when the directory names
//! somebody else for the seat, letters go again.

use crate::audit::Deed;
use crate::error::StorageResult;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::geoid::Geoid;
use redress_model::id::{DeliveryId, PetitionId};
use redress_model::office_wish::{Closure, LetterPace, Whither};
use uuid::Uuid;

/// A wish, as it is said by the link of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOfficeWish {
    /// Of what is to be done about a closure.
    pub id: Uuid,
    /// By the link of which letter: it says for which petition and which seat.
    pub delivery_id: DeliveryId,
    /// What is said.
    pub said: Said,
    /// When it was said.
    pub at: DateTime<Utc>,
}

/// One thing that an office says of letters. What it does not speak of stays as it was, whoever says that at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// How they come.
    Ways {
        /// How often.
        pace: LetterPace,
        /// Where they go.
        whither: Whither,
    },
    /// Whether, and why, no more come; `None` for letters again.
    Closure(Option<Closure>),
}

/// A wish as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeWish {
    /// About which petition.
    pub petition_id: PetitionId,
    /// The seat.
    pub post_id: String,
    /// The jurisdiction.
    pub geoid: Geoid,
    /// The seat's title, as the letter had it.
    pub title: String,
    /// Its district's bare label.
    pub district: Option<String>,
    /// How often letters come.
    pub pace: LetterPace,
    /// Where they go.
    pub whither: Whither,
    /// Whether, and why, no more come.
    pub closure: Option<Closure>,
    /// Since when.
    pub closed_at: Option<DateTime<Utc>>,
    /// To whom the letter went by whose link no more were asked for.
    pub closed_person: Option<String>,
    /// And where it went; none where that was the clerk's address and the person is known.
    pub closed_email: Option<String>,
    /// When it was last said.
    pub changed_at: DateTime<Utc>,
}

impl OfficeWish {
    /// Whether letters to a person at an address are not wished for.
    pub fn closes(&self, person: Option<&str>, email: Option<&str>) -> bool {
        let same = |one: Option<&str>, other: Option<&str>| match (one, other) {
            (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
            _ => false,
        };
        let (closed_person, closed_email) =
            (self.closed_person.as_deref(), self.closed_email.as_deref());
        let is_anybodys = closed_person.is_none() && closed_email.is_none();
        self.closure.is_some()
            && (is_anybodys || same(closed_person, person) || same(closed_email, email))
    }
}

/// Wishes of offices.
#[async_trait]
pub trait OfficeWishes: Send + Sync {
    /// Keeps what an office says in the place of what it said of the same before, in one transaction: where it closes, letters that have
    /// not left are suppressed and an organizer is asked to look. A letter to the whole body that was not tried yet is taken apart
    /// first: each of the other offices in it gets its own. Gives back how many letters were suppressed. What was said before changes
    /// nothing, but for the time.
    async fn record_office_wish(&self, new: &NewOfficeWish) -> StorageResult<u64>;
    /// Letters go again to an office that had asked for none, because an organizer says so: it changed its mind by telephone, say. What was
    /// suppressed stays so. `false` when it was not closed.
    async fn lift_closure(
        &self,
        petition: PetitionId,
        post_id: &str,
        deed: &Deed,
    ) -> StorageResult<bool>;
    /// One office's.
    async fn find_office_wish(
        &self,
        petition: PetitionId,
        post_id: &str,
    ) -> StorageResult<Option<OfficeWish>>;
    /// Those about a petition, of one jurisdiction or of all, by seat.
    async fn list_office_wishes(
        &self,
        petition: PetitionId,
        geoid: Option<&Geoid>,
    ) -> StorageResult<Vec<OfficeWish>>;
    /// When an office last got a letter about the petition; one that may have arrived counts, and so does one to the whole body.
    async fn find_last_letter_about(
        &self,
        petition: PetitionId,
        post_id: &str,
    ) -> StorageResult<Option<DateTime<Utc>>>;
    /// Suppresses a letter that a mailer has in its hands and that its office does not wish for. `false` when the lease is lost.
    async fn suppress_claimed(
        &self,
        id: DeliveryId,
        token: Uuid,
        at: DateTime<Utc>,
    ) -> StorageResult<bool>;
    /// A letter to the whole body that a mailer has in its hands, and that one of its offices does not wish for by now, goes back and is taken
    /// apart: each office has a letter of its own from here on. `false` when the lease is lost.
    async fn part_claimed(
        &self,
        id: DeliveryId,
        token: Uuid,
        at: DateTime<Utc>,
    ) -> StorageResult<bool>;
}
