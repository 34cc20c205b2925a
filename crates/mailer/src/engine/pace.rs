//! Whether a letter may go now, at the officials' pace.

use crate::mailer::Mailer;
use crate::policy::{next_letter, opening_in_all, zone_of};
use crate::zones::zones_of;
use chrono::{DateTime, Utc};
use redress_storage::StorageResult;
use redress_storage::deliveries::{Addressee, Delivery};

/// What an office wishes of a letter that could go now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wished {
    /// Nothing that stands in its way.
    Now,
    /// It comes later.
    At(DateTime<Utc>),
    /// It does not come.
    Never,
    /// It is to several, not all of whom wish for it any more: each of them gets a letter of its own.
    Apart,
}

impl Mailer {
    /// What the office said at its desk. It holds whoever sends: a queue that is drained is drained of what offices wish for.
    pub(super) async fn wished(
        &self,
        delivery: &Delivery,
        at: DateTime<Utc>,
    ) -> StorageResult<Wished> {
        let joined = self.joined(delivery).await?;
        let offices = std::iter::once(delivery).chain(&joined);
        let (mut closed, mut next_at) = (0, at);
        for office in offices {
            match self.wished_by(&office.addressee, delivery, at).await? {
                // The slowest of them is waited for.
                Some(wished_at) => next_at = next_at.max(wished_at),
                None => closed += 1,
            }
        }
        // One that was tried goes on as it is, as long as somebody in it wishes for it.
        let is_apart = closed > 0 && delivery.carries > 0 && delivery.is_partable;
        Ok(if is_apart {
            Wished::Apart
        } else if closed > joined.len() {
            Wished::Never
        } else if next_at > at {
            Wished::At(next_at)
        } else {
            Wished::Now
        })
    }

    /// From when on a letter may come to one office; `None` where the office wishes for none.
    async fn wished_by(
        &self,
        addressee: &Addressee,
        delivery: &Delivery,
        at: DateTime<Utc>,
    ) -> StorageResult<Option<DateTime<Utc>>> {
        let wishes = &self.store().office_wishes;
        let petition = delivery.petition_id;
        let found = wishes
            .find_office_wish(petition, &addressee.post_id)
            .await?;
        let Some(wish) = found else {
            return Ok(Some(at));
        };
        if wish.closes(addressee.person.as_deref(), addressee.email.as_deref()) {
            return Ok(None);
        }
        let last_at = wishes.find_last_letter_about(petition, &addressee.post_id);
        // A letter that came back for now is its own last one.
        let last_at = last_at.await?.filter(|_| delivery.accepted_at.is_none());
        Ok(Some(
            last_at.map_or(at, |last_at| wish.pace.next_after(last_at)),
        ))
    }

    /// When a letter may go; `at` itself for now, `None` where its petition is gone. Hours are those of the place where the office is.
    pub(super) async fn allowed_at(
        &self,
        delivery: &Delivery,
        at: DateTime<Utc>,
    ) -> StorageResult<Option<DateTime<Utc>>> {
        let petitions = &self.store().petitions;
        let Some(petition) = petitions.find_petition(delivery.petition_id).await? else {
            return Ok(None);
        };
        let hours = &self.settings().office_hours;
        let zones = zones_of(delivery.geoid.as_str(), zone_of(&petition.terms.time_zone));
        let mut allowed_at = at;
        if self.settings().pace.one_letter_a_day
            && let Some(zone) = zones.first()
        {
            let joined = self.joined(delivery).await?;
            for office in std::iter::once(delivery).chain(&joined) {
                let deliveries = &self.store().deliveries;
                let last_at = deliveries.find_last_letter(&office.addressee.post_id);
                if let Some(last_at) = last_at.await? {
                    allowed_at = allowed_at.max(next_letter(hours, *zone, last_at, at));
                }
            }
        }
        Ok(Some(opening_in_all(hours, &zones, allowed_at)))
    }
}
