//! Rows of deliveries.

use super::batch::geoid;
use super::{StoredInstant, hash, number, word};
use crate::deliveries::{Addressee, Attempt, AttemptOutcome, Delivery, Envelope};
use crate::error::{StorageError, StorageResult};
use redress_model::delivery::NoContactReason;
use redress_model::id::{BatchId, DeliveryId, PetitionId};
use redress_model::official::Role;
use uuid::Uuid;

/// A row of `delivery` with its batch's number and how many are joined to it, without what is sealed.
#[expect(missing_docs, reason = "the columns are those of the table")]
pub struct DeliveryColumns<T> {
    pub id: Uuid,
    pub batch_id: Uuid,
    pub batch_number: i64,
    pub petition_id: Uuid,
    pub geoid: String,
    pub variant: String,
    pub post_id: String,
    pub role: String,
    pub title: String,
    pub district: Option<String>,
    pub person: Option<String>,
    pub email: Option<String>,
    pub no_contact: Option<String>,
    pub state: String,
    pub epoch: i64,
    pub attempts: i64,
    pub due_at: T,
    pub recipient: Option<String>,
    pub message_id: Option<String>,
    pub dated_at: Option<T>,
    pub wire_sha256: Option<Vec<u8>>,
    pub signatures: Option<String>,
    pub reply_code: Option<i64>,
    pub reply_text: Option<String>,
    pub queue_id: Option<String>,
    pub note: Option<String>,
    pub created_at: T,
    pub changed_at: T,
    pub accepted_at: Option<T>,
    pub joined_id: Option<Uuid>,
    pub carries: i64,
    pub is_partable: bool,
}

impl<T: StoredInstant> DeliveryColumns<T> {
    /// The delivery.
    pub fn read(self) -> StorageResult<Delivery> {
        let envelope = match (
            self.recipient,
            self.message_id,
            self.dated_at,
            self.wire_sha256,
            self.signatures,
        ) {
            (Some(recipient), Some(message_id), Some(dated_at), Some(sha256), Some(signatures)) => {
                Some(Envelope {
                    recipient,
                    message_id,
                    dated_at: dated_at.read()?,
                    sha256: hash("hash of a message", &sha256)?,
                    signatures,
                })
            }
            _ => None,
        };
        let no_contact = self.no_contact.as_deref();
        Ok(Delivery {
            id: DeliveryId(self.id),
            batch_id: BatchId(self.batch_id),
            batch_number: number("batch number", self.batch_number)?,
            petition_id: PetitionId(self.petition_id),
            geoid: geoid(&self.geoid)?,
            variant: word("letter variant", &self.variant)?,
            addressee: Addressee {
                post_id: self.post_id,
                role: role(&self.role)?,
                title: self.title,
                district: self.district,
                person: self.person,
                email: self.email,
                no_contact: no_contact
                    .map(|reason| word::<NoContactReason>("reason", reason))
                    .transpose()?,
            },
            state: word("delivery state", &self.state)?,
            epoch: i32::try_from(self.epoch).unwrap_or(i32::MAX),
            attempts: number("attempts", self.attempts)?,
            due_at: self.due_at.read()?,
            envelope,
            reply: reply(self.reply_code, self.reply_text)?,
            queue_id: self.queue_id,
            note: self.note,
            created_at: self.created_at.read()?,
            changed_at: self.changed_at.read()?,
            accepted_at: self.accepted_at.map(StoredInstant::read).transpose()?,
            joined_id: self.joined_id.map(DeliveryId),
            carries: number("joined deliveries", self.carries)?,
            is_partable: self.is_partable,
        })
    }
}

/// A row of `attempt`.
#[expect(missing_docs, reason = "the columns are those of the table")]
pub struct AttemptColumns<T> {
    pub number: i64,
    pub state: String,
    pub stage: String,
    pub reply_code: Option<i64>,
    pub reply_text: Option<String>,
    pub queue_id: Option<String>,
    pub due_at: Option<T>,
    pub at: T,
}

impl<T: StoredInstant> AttemptColumns<T> {
    /// The try.
    pub fn read(self) -> StorageResult<Attempt> {
        Ok(Attempt {
            number: number("attempt", self.number)?,
            outcome: AttemptOutcome {
                state: word("delivery state", &self.state)?,
                stage: word("stage", &self.stage)?,
                reply: reply(self.reply_code, self.reply_text)?,
                queue_id: self.queue_id,
                due_at: self.due_at.map(StoredInstant::read).transpose()?,
                at: self.at.read()?,
            },
        })
    }
}

pub(super) fn role(text: &str) -> StorageResult<Role> {
    Role::parse(text).ok_or_else(|| StorageError::unreadable("role", text))
}

fn reply(code: Option<i64>, text: Option<String>) -> StorageResult<Option<(u16, String)>> {
    let Some(code) = code else {
        return Ok(None);
    };
    let code = u16::try_from(code).map_err(|_| StorageError::unreadable("reply code", code))?;
    Ok(Some((code, text.unwrap_or_default())))
}
