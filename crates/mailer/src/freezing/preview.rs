//! Every letter that would be sent now, as the bytes that would go. Nothing is written.

use crate::address::LetterName;
use crate::engine::{Unready, unsigned_form};
use crate::error::MailerError;
use crate::letter::FrozenLetter;
use crate::mailer::Mailer;
use redress_model::delivery::NoContactReason;
use redress_model::delivery::state::DeliveryState;
use redress_model::geoid::Geoid;
use redress_model::id::{DeliveryId, PetitionId};
use redress_model::petition::Petition;
use redress_storage::batches::FrozenBatch;
use redress_storage::deliveries::{Delivery, DeliveryFilter};
use redress_storage::secrets::{PetitionSecrets, SealedField};
use redress_storage::{StorageError, StorageResult};

/// How many deliveries are read at once.
const PAGE: u32 = 200;

/// One letter as it would go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewLetter {
    /// The seat's id.
    pub post: String,
    /// The batch's number: of one that is frozen, or that a freeze would get.
    pub batch: u32,
    /// The jurisdiction.
    pub geoid: Geoid,
    /// To whom it would go, or why to nobody.
    pub recipient: Result<String, NoContactReason>,
    /// The whole message, with its list: RFC 5322, lines ended by CRLF. Without a recipient it names the office under an address that
    /// reaches nobody.
    pub eml: Vec<u8>,
}

/// Whom a message without a recipient names: reserved (RFC 6761).
const NOBODY: &str = "no-contact@redress.invalid";

impl Mailer {
    /// The letters that wait for approval or are approved and not sent yet, and those that freezing everything would make
    /// now.
    pub async fn preview(&self, petition: PetitionId) -> Result<Vec<PreviewLetter>, MailerError> {
        let petition = self.petition(petition).await?;
        let mut letters = self.preview_frozen(&petition).await?;
        let mut ahead = 0;
        for (geoid, _) in self.store().batches.count_unbatched(petition.id).await? {
            let Some(mut gathered) = self.gather(&petition, &geoid).await? else {
                continue;
            };
            gathered.progress.batch += ahead;
            let frozen = self.compose(&petition, &gathered).await?;
            ahead += frozen.len() as u32;
            for one in &frozen {
                self.preview_new(&petition, &gathered.secrets, one, &mut letters)?;
            }
        }
        Ok(letters)
    }

    async fn preview_frozen(&self, petition: &Petition) -> Result<Vec<PreviewLetter>, MailerError> {
        let secrets = self.vault().petition(petition.id).await?;
        let mut letters = Vec::new();
        let mut after: Option<DeliveryId> = None;
        loop {
            let filter = DeliveryFilter::default();
            let page = self
                .store()
                .deliveries
                .list_deliveries(petition.id, filter, after, PAGE)
                .await?;
            for delivery in page.iter().filter(|delivery| is_ahead(delivery.state)) {
                let letter = self.opened_letter(&secrets, delivery).await?;
                let Some(letter) = letter else { continue };
                let letter = match &petition.terms.sender {
                    Some(_) if letter.lacks_sender => self
                        .rewrite_with_sender(petition, delivery, &secrets, &letter)
                        .await
                        .map_err(to_error)?,
                    _ => letter,
                };
                let email = delivery.addressee.email.as_deref().unwrap_or(NOBODY);
                let at = self.now();
                let eml = self
                    .preview_bytes(&secrets, delivery, &letter, email, at)
                    .await
                    .map_err(to_error)?;
                letters.push(PreviewLetter {
                    post: delivery.addressee.post_id.clone(),
                    batch: delivery.batch_number,
                    geoid: delivery.geoid.clone(),
                    recipient: recipient(delivery),
                    eml,
                });
            }
            after = page.last().map(|delivery| delivery.id);
            if page.len() < PAGE as usize {
                return Ok(letters);
            }
        }
    }

    /// Letters of a batch that is not there: what was sealed a moment ago is opened again, so that what is shown is what would be
    /// frozen.
    fn preview_new(
        &self,
        petition: &Petition,
        secrets: &PetitionSecrets,
        frozen: &FrozenBatch,
        letters: &mut Vec<PreviewLetter>,
    ) -> Result<(), MailerError> {
        let list = open(
            secrets,
            SealedField::List,
            frozen.batch.id,
            &frozen.sealed_csv,
        )?;
        let joint = frozen.joint.as_ref();
        for new in &frozen.deliveries {
            if joint.is_some_and(|joint| joint.joined.contains(&new.id)) {
                continue;
            }
            let sealed = match joint.filter(|joint| joint.carrier == new.id) {
                Some(joint) => &joint.sealed_letter,
                None => &new.sealed_letter,
            };
            let opened = open(secrets, SealedField::Letter, new.id, sealed)?;
            let letter = FrozenLetter::from_json(&opened).ok_or_else(|| {
                StorageError::unreadable("delivery.sealed_letter", "other members")
            })?;
            let email = new.addressee.email.as_deref().unwrap_or(NOBODY);
            let name = LetterName {
                slug: petition.slug.as_str(),
                batch: frozen.batch.number,
                post_id: &new.addressee.post_id,
                variant: new.variant,
                id: new.id,
            };
            let envelope = self.first_envelope(&name, email, self.now());
            let reply_to = self.answers_to(&letter, new.id);
            letters.push(PreviewLetter {
                post: new.addressee.post_id.clone(),
                batch: frozen.batch.number,
                geoid: frozen.batch.geoid.clone(),
                recipient: match (&new.addressee.email, new.addressee.no_contact) {
                    (Some(email), _) => Ok(email.clone()),
                    (None, reason) => Err(reason.unwrap_or(NoContactReason::NoEmail)),
                },
                eml: unsigned_form(&letter, &envelope, (&reply_to, Some(&list)))?,
            });
        }
        Ok(())
    }
}

fn open(
    secrets: &PetitionSecrets,
    field: SealedField,
    id: impl Into<uuid::Uuid>,
    sealed: &[u8],
) -> StorageResult<Vec<u8>> {
    Ok(secrets.open(field, id, sealed)?)
}

/// Whether a letter has not gone yet and may still go.
fn is_ahead(state: DeliveryState) -> bool {
    matches!(
        state,
        DeliveryState::Waiting
            | DeliveryState::NoContact
            | DeliveryState::Queued
            | DeliveryState::Leased
            | DeliveryState::Deferred
            | DeliveryState::Held
    )
}

fn recipient(delivery: &Delivery) -> Result<String, NoContactReason> {
    let addressee = &delivery.addressee;
    let reason = addressee.no_contact.unwrap_or(NoContactReason::NoEmail);
    addressee.email.clone().ok_or(reason)
}

fn to_error(unready: Unready) -> MailerError {
    match unready {
        Unready::Storage(error) => error.into(),
        Unready::Poisoned(why) => StorageError::unreadable("letter", why).into(),
        Unready::Unaddressed => StorageError::unreadable("contact", "no e-mail address").into(),
    }
}
