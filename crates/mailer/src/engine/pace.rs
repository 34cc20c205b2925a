//! Whether a letter may go now, at the officials' pace.

use crate::mailer::Mailer;
use crate::policy::{next_letter, opening_in_all, zone_of};
use crate::zones::zones_of;
use chrono::{DateTime, Utc};
use redress_model::petition::Petition;
use redress_storage::StorageResult;
use redress_storage::deliveries::Delivery;

impl Mailer {
    /// When a letter may go; `at` itself for now. Hours are those of the place where the office is.
    pub(super) async fn allowed_at(
        &self,
        petition: &Petition,
        delivery: &Delivery,
        at: DateTime<Utc>,
    ) -> StorageResult<DateTime<Utc>> {
        let hours = &self.settings().office_hours;
        let zones = zones_of(delivery.geoid.as_str(), zone_of(&petition.terms.time_zone));
        let mut allowed_at = at;
        if self.settings().pace.one_letter_a_day
            && let Some(zone) = zones.first()
        {
            let deliveries = &self.store().deliveries;
            let last_at = deliveries
                .find_last_letter(&delivery.addressee.post_id)
                .await?;
            if let Some(last_at) = last_at {
                allowed_at = allowed_at.max(next_letter(hours, *zone, last_at, at));
            }
        }
        Ok(opening_in_all(hours, &zones, allowed_at))
    }
}
