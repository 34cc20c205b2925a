//! Rows of breakers.

use super::{StoredInstant, number, word};
use crate::breakers::Breaker;
use crate::error::{StorageError, StorageResult};

/// A row of `breaker`.
#[expect(missing_docs, reason = "the columns are those of the table")]
pub struct BreakerColumns<T> {
    pub name: String,
    pub state: String,
    pub failures: i64,
    pub until_at: Option<T>,
    pub reply_code: Option<i64>,
    pub reply_text: Option<String>,
    pub changed_at: T,
}

impl<T: StoredInstant> BreakerColumns<T> {
    /// The breaker.
    pub fn read(self) -> StorageResult<Breaker> {
        let code = self.reply_code.map(|code| {
            u16::try_from(code).map_err(|_| StorageError::unreadable("reply code", code))
        });
        Ok(Breaker {
            name: self.name,
            state: word("breaker state", &self.state)?,
            failures: number("breaker failures", self.failures)?,
            until_at: self.until_at.map(StoredInstant::read).transpose()?,
            reply: code.transpose()?.zip(self.reply_text),
            changed_at: self.changed_at.read()?,
        })
    }
}
