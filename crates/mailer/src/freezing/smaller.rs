//! Letters that were too large as they are: the same words go without what is attached, once.

use super::joint::{Reader, fellows};
use crate::error::MailerError;
use crate::letter::FrozenLetter;
use crate::mailer::Mailer;
use redress_model::delivery::LetterVariant;
use redress_model::id::DeliveryId;
use redress_storage::StorageError;
use redress_storage::deliveries::{Delivery, NewDelivery};
use redress_storage::secrets::SealedField;
use std::collections::HashSet;

/// How many deliveries are read at once.
const PAGE: u32 = 100;

/// What stands with the letter that gives way.
const WHY: &str = "too large: the same goes without attachments";

impl Mailer {
    /// Puts a letter without attachments in the place of each that was too large. One of which that cannot be made is told once, kept in
    /// `hopeless`, and blocks nobody. Fails when storage does.
    pub(crate) async fn send_smaller(
        &self,
        hopeless: &mut HashSet<DeliveryId>,
    ) -> Result<(), StorageError> {
        let mut after = None;
        loop {
            let deliveries = &self.store().deliveries;
            let page = deliveries.list_too_large(after, PAGE).await?;
            for delivery in &page {
                if hopeless.contains(&delivery.id) {
                    continue;
                }
                match self.replace_by_smaller(delivery).await {
                    Ok(()) => {}
                    Err(MailerError::Storage(error)) if error.is_passing() => return Err(error),
                    Err(error) => {
                        tracing::error!(delivery.id = %delivery.id, error = %error, "a letter that is too large cannot be written smaller");
                        hopeless.insert(delivery.id);
                    }
                }
            }
            after = page.last().map(|delivery| delivery.id);
            if page.len() < PAGE as usize {
                return Ok(());
            }
        }
    }

    /// The words are those of the batch, which somebody approved; the desk's link, the Message-ID and the ways back are its own.
    async fn replace_by_smaller(&self, delivery: &Delivery) -> Result<(), MailerError> {
        let petition = self.petition(delivery.petition_id).await?;
        let secrets = self.vault().petition(petition.id).await?;
        let letter = self.opened_letter(&secrets, delivery).await?;
        let letter =
            letter.ok_or_else(|| StorageError::unreadable("letter", "a letter that is gone"))?;
        let mut view = self.open_view(&secrets, delivery.batch_id).await?;
        view.is_list_at_desk = true;
        let id = DeliveryId::new(self.clock(), self.random().as_mut());
        let named = petition.terms.sender.as_ref();
        let seat = &delivery.addressee;
        let reader = Reader { seat, id, epoch: 0 };
        let joined = self.joined(delivery).await?;
        let fellows = fellows(&joined);
        let written = self.write_to_all(&view, reader, &fellows, letter.references, named)?;
        let smaller = FrozenLetter {
            // A clerk who hands it on stays named, and answers go where they were to go.
            to_name: letter.to_name,
            reply_domain: letter.reply_domain,
            attachment: None,
            ..written
        };
        let new = NewDelivery {
            id,
            variant: LetterVariant::Link,
            addressee: seat.clone(),
            sealed_letter: self.seal(&secrets, SealedField::Letter, id, &smaller.to_json()),
        };
        let details = serde_json::json!({ "delivery": delivery.id.to_string() });
        let deed = self.deed("delivery.link", petition.slug.as_str(), details);
        let deliveries = &self.store().deliveries;
        let done = deliveries.supersede_delivery(delivery.id, delivery.state, &new, WHY, &deed);
        match done.await {
            Ok(()) => {
                tracing::info!(delivery.id = %delivery.id, delivery.smaller = %id, "a letter that was too large goes without attachments");
                Ok(())
            }
            // Another process was faster, or a person.
            Err(StorageError::Stale(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
