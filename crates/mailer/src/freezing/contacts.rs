//! Letters that had nobody to go to, once somebody is found; and those whose sender was named late.

use super::addressee::successor;
use super::joint::{Reader, fellows};
use super::view::BatchView;
use crate::engine::Unready;
use crate::error::MailerError;
use crate::letter::FrozenLetter;
use crate::mailer::Mailer;
use crate::policy::{day_in, zone_of};
use redress_model::delivery::state::DeliveryState;
use redress_model::id::{BatchId, DeliveryId, PetitionId};
use redress_model::petition::Petition;
use redress_storage::StorageError;
use redress_storage::deliveries::{Delivery, DeliveryFilter};
use redress_storage::secrets::{PetitionSecrets, SealedField};

/// How many deliveries are read at once.
const PAGE: u32 = 200;

impl Mailer {
    /// Looks again for whom letters without a contact are meant, in the directory of today. Gives back how many were found: their
    /// letters are written anew and go with their batch.
    pub async fn refresh_contacts(&self, petition: PetitionId) -> Result<u32, MailerError> {
        let petition = self.petition(petition).await?;
        let secrets = self.vault().petition(petition.id).await?;
        let filter = DeliveryFilter {
            state: Some(DeliveryState::NoContact),
            ..DeliveryFilter::default()
        };
        let (mut found, mut after): (u32, Option<DeliveryId>) = (0, None);
        loop {
            let page = self
                .store()
                .deliveries
                .list_deliveries(petition.id, filter, after, PAGE)
                .await?;
            for delivery in &page {
                found += u32::from(self.refresh_contact(&petition, &secrets, delivery).await?);
            }
            after = page.last().map(|delivery| delivery.id);
            if page.len() < PAGE as usize {
                return Ok(found);
            }
        }
    }

    async fn refresh_contact(
        &self,
        petition: &Petition,
        secrets: &PetitionSecrets,
        delivery: &Delivery,
    ) -> Result<bool, MailerError> {
        let Some(jurisdiction) = self
            .store()
            .officials
            .find_jurisdiction(&delivery.geoid)
            .await?
        else {
            return Ok(false);
        };
        let today = day_in(zone_of(&petition.terms.time_zone), self.now());
        let seat = successor(&jurisdiction, &delivery.addressee, today);
        let Some(seat) = seat.filter(|seat| seat.no_contact.is_none()) else {
            return Ok(false);
        };
        if self.has_a_letter(petition, delivery, &seat).await? {
            return Ok(false);
        }
        let view = self.open_view(secrets, delivery.batch_id).await?;
        let references = self
            .opened_letter(secrets, delivery)
            .await?
            .map(|letter| letter.references);
        let named = petition.terms.sender.as_ref();
        let letter = self.write_letter(
            &view,
            &seat,
            delivery.id,
            delivery.epoch,
            references.unwrap_or_default(),
            named,
        )?;
        let sealed = self.seal(secrets, SealedField::Letter, delivery.id, &letter.to_json());
        let details =
            serde_json::json!({ "delivery": delivery.id.to_string(), "post": seat.post_id });
        let deed = self.deed("delivery.contact", petition.slug.as_str(), details);
        Ok(self
            .store()
            .deliveries
            .record_contact(delivery.id, &seat, &sealed, &deed)
            .await?)
    }

    /// Whether the person gets this batch's letter in another seat already.
    async fn has_a_letter(
        &self,
        petition: &Petition,
        delivery: &Delivery,
        seat: &redress_storage::deliveries::Addressee,
    ) -> Result<bool, MailerError> {
        let filter = DeliveryFilter {
            batch: Some(delivery.batch_id),
            ..DeliveryFilter::default()
        };
        let all = self
            .store()
            .deliveries
            .list_deliveries(petition.id, filter, None, 10_000)
            .await?;
        let same = |one: &Option<String>, other: &Option<String>| {
            one.as_ref().map(|text| text.to_lowercase())
                == other.as_ref().map(|text| text.to_lowercase())
        };
        Ok(all.iter().any(|other| {
            other.id != delivery.id
                && (other.addressee.post_id == seat.post_id
                    || (other.addressee.email.is_some()
                        && same(&other.addressee.email, &seat.email)
                        && same(&other.addressee.person, &seat.person)))
        }))
    }

    /// A letter that was frozen before its petition named a sender, with the sender: to one seat, or to the whole body.
    pub(crate) async fn rewrite_with_sender(
        &self,
        petition: &Petition,
        delivery: &Delivery,
        secrets: &PetitionSecrets,
        letter: &FrozenLetter,
    ) -> Result<FrozenLetter, Unready> {
        let Some(sender) = &petition.terms.sender else {
            return Err(Unready::Poisoned("the petition names no sender"));
        };
        let view = match self.open_view(secrets, delivery.batch_id).await {
            Ok(view) => view,
            Err(MailerError::Storage(error)) => return Err(error.into()),
            Err(_) => {
                return Err(Unready::Poisoned(
                    "what the letter is made of does not open",
                ));
            }
        };
        let references = letter.references.clone();
        let joined = self.joined(delivery).await?;
        let rewritten = self
            .write_to_all(
                &view,
                Reader::of(delivery),
                &fellows(&joined),
                references,
                Some(sender),
            )
            .map_err(|_| Unready::Poisoned("the letter cannot be written"))?;
        Ok(FrozenLetter {
            // A clerk who hands it on stays named, and answers go where they were to go.
            to_name: letter.to_name.clone(),
            reply_domain: letter.reply_domain.clone(),
            ..rewritten
        })
    }

    pub(super) async fn open_view(
        &self,
        secrets: &PetitionSecrets,
        batch: BatchId,
    ) -> Result<BatchView, MailerError> {
        let parts = self.store().batches.find_batch_parts(batch).await?;
        let sealed = parts.ok_or(StorageError::Missing("batch"))?.sealed_view;
        let opened = secrets
            .open(SealedField::View, batch, &sealed)
            .map_err(StorageError::from)?;
        let view = BatchView::from_json(&opened);
        Ok(view.ok_or_else(|| StorageError::unreadable("batch.sealed_view", "other members"))?)
    }

    pub(super) async fn opened_letter(
        &self,
        secrets: &PetitionSecrets,
        delivery: &Delivery,
    ) -> Result<Option<FrozenLetter>, MailerError> {
        let Some(sealed) = self.store().deliveries.find_letter(delivery.id).await? else {
            return Ok(None);
        };
        let opened = secrets
            .open(SealedField::Letter, delivery.id, &sealed)
            .map_err(StorageError::from)?;
        Ok(FrozenLetter::from_json(&opened))
    }
}
