//! From what is frozen to the bytes that go over the wire.

use crate::address::{LetterName, bounce_address, domain_of_id, message_id, reply_address};
use crate::dkim::Signer;
use crate::letter::{FrozenLetter, hexadecimal};
use crate::mailer::Mailer;
use chrono::{DateTime, Utc};
use redress_letters::error::LettersError;
use redress_letters::mime::{Attachment, Head, Mailbox, assemble};
use redress_model::email::Email;
use redress_model::id::DeliveryId;
use redress_storage::StorageError;
use redress_storage::deliveries::{Claimed, Delivery, Envelope};
use redress_storage::secrets::{PetitionSecrets, SealedField};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// A letter, ready to go.
pub(crate) struct Ready {
    /// Its envelope: settled before, or to be.
    pub(crate) envelope: Envelope,
    /// Whether the envelope is on record already.
    pub(crate) is_settled: bool,
    /// Where bounces go.
    pub(crate) sender: String,
    /// The whole message, its signatures first.
    pub(crate) bytes: Vec<u8>,
}

/// Why a letter is not ready.
#[derive(Debug)]
pub(crate) enum Unready {
    /// It never will be by itself: it is held, with these words.
    Poisoned(&'static str),
    /// Its address is none.
    Unaddressed,
    /// Storage failed.
    Storage(StorageError),
}

impl From<StorageError> for Unready {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Secret(_) => Self::Poisoned("the letter does not open"),
            StorageError::Unreadable { .. } => {
                Self::Poisoned("what is stored of the letter does not read")
            }
            other => Self::Storage(other),
        }
    }
}

impl Mailer {
    /// Makes a leased letter ready: the same bytes at every attempt.
    pub(crate) async fn make_ready(&self, claimed: &Claimed) -> Result<Ready, Unready> {
        let delivery = &claimed.delivery;
        let secrets = self.vault().petition(delivery.petition_id).await?;
        let letter = open_letter(&secrets, delivery, &claimed.sealed_letter)?;
        let letter = if letter.lacks_sender {
            let petitions = &self.store().petitions;
            let petition = petitions.find_petition(delivery.petition_id).await?;
            let petition = petition.ok_or(Unready::Poisoned("its petition is gone"))?;
            self.rewrite_with_sender(&petition, delivery, &secrets, &letter)
                .await?
        } else {
            letter
        };
        if let Some(envelope) = &delivery.envelope {
            // Its signatures are on record, with whatever keys they were made.
            let ready = self
                .put_together(&secrets, delivery, &letter, envelope.clone(), None)
                .await?;
            return if ready.envelope.sha256 == envelope.sha256 {
                Ok(Ready {
                    is_settled: true,
                    ..ready
                })
            } else {
                Err(Unready::Poisoned(
                    "the letter would not be the same as at the first attempt",
                ))
            };
        }
        let email = delivery
            .addressee
            .email
            .as_deref()
            .ok_or(Unready::Unaddressed)?;
        let recipient = Email::parse(email).map_err(|_| Unready::Unaddressed)?;
        let envelope =
            self.first_envelope(&name_of(&letter, delivery), recipient.as_str(), self.now());
        self.put_together(&secrets, delivery, &letter, envelope, self.signer())
            .await
    }

    /// The bytes of a letter as they would go, for reading: dated as if it left at `at`. It is signed when it leaves.
    pub(crate) async fn preview_bytes(
        &self,
        secrets: &PetitionSecrets,
        delivery: &Delivery,
        letter: &FrozenLetter,
        recipient: &str,
        at: DateTime<Utc>,
    ) -> Result<Vec<u8>, Unready> {
        let envelope = match &delivery.envelope {
            Some(settled) => settled.clone(),
            None => self.first_envelope(&name_of(letter, delivery), recipient, at),
        };
        Ok(self
            .put_together(secrets, delivery, letter, envelope, None)
            .await?
            .bytes)
    }

    /// What is settled when a letter first leaves, but for its signatures and its hash.
    pub(crate) fn first_envelope(
        &self,
        name: &LetterName<'_>,
        recipient: &str,
        at: DateTime<Utc>,
    ) -> Envelope {
        Envelope {
            recipient: recipient.to_owned(),
            message_id: message_id(self.vault().instance_key(), name, self.domain()),
            dated_at: DateTime::from_timestamp(at.timestamp(), 0).unwrap_or(at),
            sha256: [0; 32],
            signatures: String::new(),
        }
    }

    /// Where answers to a letter go.
    pub(crate) fn answers_to(&self, letter: &FrozenLetter, id: DeliveryId) -> String {
        letter.reply_domain.as_ref().map_or_else(
            || letter.reply_to.clone(),
            |domain| reply_address(self.vault().instance_key(), id, domain),
        )
    }

    async fn put_together(
        &self,
        secrets: &PetitionSecrets,
        delivery: &Delivery,
        letter: &FrozenLetter,
        envelope: Envelope,
        signer: Option<&Signer>,
    ) -> Result<Ready, Unready> {
        let list = self.list_of(secrets, delivery, letter).await?;
        let list = list.as_ref().map(|bytes| bytes.as_slice());
        let reply_to = self.answers_to(letter, delivery.id);
        let mut message = unsigned_form(letter, &envelope, (&reply_to, list))
            .map_err(|_| Unready::Poisoned("the letter cannot be put together"))?;
        let mut envelope = envelope;
        if let Some(signer) = signer {
            envelope.signatures = signer
                .sign_letter(&message, envelope.dated_at)
                .map_err(|_| Unready::Poisoned("the letter cannot be signed"))?;
        }
        message.splice(..0, envelope.signatures.bytes());
        envelope.sha256 = Sha256::digest(&message).into();
        let domain = domain_of_id(&envelope.message_id);
        let sender = bounce_address(self.vault().instance_key(), delivery.id, domain);
        Ok(Ready {
            envelope,
            is_settled: false,
            sender,
            bytes: message,
        })
    }

    /// The list that goes with a letter, as it was hashed. Those of the batches last sent stay open: their letters follow each
    /// other.
    async fn list_of(
        &self,
        secrets: &PetitionSecrets,
        delivery: &Delivery,
        letter: &FrozenLetter,
    ) -> Result<Option<Arc<Vec<u8>>>, Unready> {
        let Some(attachment) = &letter.attachment else {
            return Ok(None);
        };
        let known = self.lists().find(delivery.batch_id);
        let bytes = if let Some(bytes) = known {
            bytes
        } else {
            let parts = self
                .store()
                .batches
                .find_batch_parts(delivery.batch_id)
                .await?;
            let sealed = parts
                .and_then(|parts| parts.sealed_csv)
                .ok_or(Unready::Poisoned("the list is missing"))?;
            let opened = secrets
                .open(SealedField::List, delivery.batch_id, &sealed)
                .map_err(|_| Unready::Poisoned("the list does not open"))?;
            let bytes = Arc::new(opened);
            self.lists().keep(delivery.batch_id, Arc::clone(&bytes));
            bytes
        };
        if hexadecimal(&Sha256::digest(bytes.as_slice())) == attachment.sha256 {
            Ok(Some(bytes))
        } else {
            Err(Unready::Poisoned("the list is not the one that was frozen"))
        }
    }
}

/// The message as it goes over the wire, without signatures. Everything that settings say comes from the envelope, so that a change of
/// settings changes no letter on its way.
pub(crate) fn unsigned_form(
    letter: &FrozenLetter,
    envelope: &Envelope,
    (reply_to, list): (&str, Option<&[u8]>),
) -> Result<Vec<u8>, LettersError> {
    let domain = domain_of_id(&envelope.message_id);
    let mailbox = |name: &str, email: String| Mailbox {
        name: name.to_owned(),
        email,
    };
    let head = Head {
        from: mailbox(&letter.from_name, format!("letters@{domain}")),
        reply_to: Some(mailbox(&letter.from_name, reply_to.to_owned())),
        to: mailbox(&letter.to_name, envelope.recipient.clone()),
        date: envelope.dated_at,
        message_id: envelope.message_id.clone(),
        references: letter.references.clone(),
        list_id: Some(format!("{}.letters.{domain}", letter.slug)),
        // A header that promises one click is for a desk that takes it; an office answers by mail.
        list_unsubscribe: None,
        extra: Vec::new(),
    };
    let attached = letter.attachment.iter().zip(list);
    let mut attachments: Vec<Attachment<'_>> = attached
        .map(|(attachment, bytes)| Attachment {
            filename: &attachment.filename,
            content_type: "text/csv; charset=utf-8",
            bytes,
        })
        .collect();
    // A letter whose list is at the desk is one that had to be small: its page is there too.
    let page = letter.printed.as_ref();
    let page = page.filter(|page| page.is_attached && letter.attachment.is_some());
    let pdf = match page {
        Some(page) => Some(page.pdf().ok_or(LettersError::Missing("its page"))?),
        None => None,
    };
    attachments.extend(page.zip(pdf.as_deref()).map(|(page, bytes)| Attachment {
        filename: &page.filename,
        content_type: "application/pdf",
        bytes,
    }));
    let parts = &letter.parts;
    let seed = envelope.message_id.as_bytes();
    assemble(
        &head,
        &parts.subject,
        &parts.text,
        &parts.html,
        &attachments,
        seed,
    )
}

fn name_of<'a>(letter: &'a FrozenLetter, delivery: &'a Delivery) -> LetterName<'a> {
    LetterName {
        slug: &letter.slug,
        batch: delivery.batch_number,
        post_id: &delivery.addressee.post_id,
        variant: delivery.variant,
        id: delivery.id,
    }
}

fn open_letter(
    secrets: &PetitionSecrets,
    delivery: &Delivery,
    sealed: &[u8],
) -> Result<FrozenLetter, Unready> {
    let opened = secrets
        .open(SealedField::Letter, delivery.id, sealed)
        .map_err(|_| Unready::Poisoned("the letter does not open"))?;
    FrozenLetter::from_json(&opened).ok_or(Unready::Poisoned("the letter does not read"))
}
