//! Whether a letter may go now, at the officials' pace.

use crate::mailer::Mailer;
use crate::policy::{next_letter, opening, zone_of};
use chrono::{DateTime, Utc};
use redress_model::id::PetitionId;
use redress_model::petition::Petition;
use redress_storage::StorageResult;
use redress_storage::deliveries::Delivery;

/// How many petitions are read at once.
const PAGE: u32 = 100;

impl Mailer {
    /// When a letter may go; `at` itself for now.
    pub(super) async fn allowed_at(
        &self,
        petition: &Petition,
        delivery: &Delivery,
        at: DateTime<Utc>,
    ) -> StorageResult<DateTime<Utc>> {
        let hours = &self.settings().office_hours;
        let zone = zone_of(&petition.terms.time_zone);
        let mut allowed_at = opening(hours, zone, at);
        if self.settings().pace.one_letter_a_day
            && let Some(last_at) = self.last_letter_to(&delivery.addressee.post_id).await?
        {
            allowed_at = allowed_at.max(next_letter(hours, zone, last_at, at));
        }
        Ok(allowed_at)
    }

    /// When a seat last got a letter, of whichever petition.
    async fn last_letter_to(&self, post_id: &str) -> StorageResult<Option<DateTime<Utc>>> {
        let mut last_at = None;
        let mut after: Option<PetitionId> = None;
        loop {
            let page = self
                .store()
                .petitions
                .list_petitions(None, &[], after, PAGE)
                .await?;
            for petition in &page {
                let thread = self
                    .store()
                    .deliveries
                    .list_thread(petition.id, post_id)
                    .await?;
                let accepted = thread
                    .iter()
                    .filter_map(|delivery| delivery.accepted_at)
                    .max();
                last_at = last_at.max(accepted);
            }
            after = page.last().map(|petition| petition.id);
            if page.len() < PAGE as usize {
                return Ok(last_at);
            }
        }
    }
}
