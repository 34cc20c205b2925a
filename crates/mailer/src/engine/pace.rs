//! Whether a letter may go now, at the officials' pace.

use crate::mailer::Mailer;
use crate::policy::{next_letter, opening_in_all, zone_of};
use crate::zones::zones_of;
use chrono::{DateTime, Utc};
use redress_model::petition::Petition;
use redress_storage::StorageResult;
use redress_storage::deliveries::Delivery;

/// What an office wishes of a letter that could go now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wished {
    /// Nothing that stands in its way.
    Now,
    /// It comes later.
    At(DateTime<Utc>),
    /// It does not come.
    Never,
}

impl Mailer {
    /// What the office said at its desk. It holds whoever sends: a queue that is drained is drained of what offices wish for.
    pub(super) async fn wished(
        &self,
        delivery: &Delivery,
        at: DateTime<Utc>,
    ) -> StorageResult<Wished> {
        let wishes = &self.store().office_wishes;
        let (petition, addressee) = (delivery.petition_id, &delivery.addressee);
        let found = wishes
            .find_office_wish(petition, &addressee.post_id)
            .await?;
        let Some(wish) = found else {
            return Ok(Wished::Now);
        };
        if wish.closes(addressee.person.as_deref(), addressee.email.as_deref()) {
            return Ok(Wished::Never);
        }
        let last_at = wishes.find_last_letter_about(petition, &addressee.post_id);
        // A letter that came back for now is its own last one.
        let next_at = last_at.await?.filter(|_| delivery.accepted_at.is_none());
        let next_at = next_at.map_or(at, |last_at| wish.pace.next_after(last_at));
        Ok(if next_at > at {
            Wished::At(next_at)
        } else {
            Wished::Now
        })
    }

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
