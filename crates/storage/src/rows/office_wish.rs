//! Rows of offices' wishes.

use super::batch::geoid;
use super::{StoredInstant, word};
use crate::error::StorageResult;
use crate::office_wishes::OfficeWish;
use redress_model::id::PetitionId;
use redress_model::office_wish::Whither;
use uuid::Uuid;

/// A row of `office_wish`.
#[expect(missing_docs, reason = "the columns are those of the table")]
pub struct OfficeWishColumns<T> {
    pub petition_id: Uuid,
    pub post_id: String,
    pub geoid: String,
    pub title: String,
    pub district: Option<String>,
    pub pace: String,
    pub goes_to_clerk: bool,
    pub joins_body: bool,
    pub closure: Option<String>,
    pub closed_at: Option<T>,
    pub closed_person: Option<String>,
    pub closed_email: Option<String>,
    pub changed_at: T,
}

impl<T: StoredInstant> OfficeWishColumns<T> {
    /// The wish.
    pub fn read(self) -> StorageResult<OfficeWish> {
        let closure = self.closure.as_deref();
        Ok(OfficeWish {
            petition_id: PetitionId(self.petition_id),
            post_id: self.post_id,
            geoid: geoid(&self.geoid)?,
            title: self.title,
            district: self.district,
            pace: word("pace of letters", &self.pace)?,
            whither: match (self.goes_to_clerk, self.joins_body) {
                (_, true) => Whither::WholeBody,
                (true, false) => Whither::Clerk,
                (false, false) => Whither::Own,
            },
            closure: closure.map(|it| word("closure", it)).transpose()?,
            closed_at: self.closed_at.map(StoredInstant::read).transpose()?,
            closed_person: self.closed_person,
            closed_email: self.closed_email,
            changed_at: self.changed_at.read()?,
        })
    }
}
