//! The salt of today, shared by all processes and kept in memory for as long as it is today.

use crate::failure::Failure;
use crate::state::AppState;
use chrono::NaiveDate;
use redress_storage::abuse::Salt;
use std::sync::{Mutex, PoisonError};

/// Today's salt, once it was asked for.
#[derive(Default)]
pub(crate) struct DaySalts(Mutex<Option<(NaiveDate, Salt)>>);

impl DaySalts {
    /// The salt of today (UTC): made here if no process has made it yet.
    pub(crate) async fn find(&self, state: &AppState) -> Result<Salt, Failure> {
        let today = state.today();
        let known = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, salt)) = known.filter(|(day, _)| *day == today) {
            return Ok(salt);
        }
        let mut fresh = Salt::default();
        state.random().fill_bytes(&mut fresh);
        let salt = state.store().abuse.share_salt(today, &fresh).await?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((today, salt));
        Ok(salt)
    }
}
