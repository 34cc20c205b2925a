//! A person's answer goes on to the petition's own address, at most once.
//!
//! Only what was classed as a person's answer is queued, never a report, a complaint or an automatic answer; and what goes on says
//! that a program sent it, so that no answer to it is taken for a person's. So nothing goes round in circles.

use crate::address::base32;
use crate::error::MailerError;
use crate::mailer::Mailer;
use crate::reply::class::Class;
use crate::schedule::wait;
use crate::signers::Mailed;
use crate::transport::{Ending, Fence, Outgoing};
use async_trait::async_trait;
use chrono::Duration;
use redress_letters::forward::{ForwardView, render};
use redress_letters::mime::{Head, Mailbox, assemble};
use redress_model::email::Email;
use redress_storage::StorageError;
use redress_storage::events::{AnswerFields, Event};
use redress_storage::forwards::Forward;
use redress_storage::secrets::{SealedField, SecretError};

/// For how long an answer is tried.
const TRIED: Duration = Duration::days(5);

/// For how long a claimed answer is ours.
const CLAIM: Duration = Duration::minutes(30);

/// How many are claimed at once: they go one after the other.
const AT_ONCE: u32 = 4;

/// A message with its envelope.
struct Ready {
    sender: String,
    recipient: String,
    bytes: Vec<u8>,
}

/// Commits that an answer has gone before its dot does.
struct ForwardFence<'a> {
    mailer: &'a Mailer,
    forward: &'a Forward,
}

#[async_trait]
impl Fence for ForwardFence<'_> {
    async fn may_pass(&self) -> bool {
        let forwards = &self.mailer.store().forwards;
        let passed = forwards.pass_forward(self.forward, self.mailer.now()).await;
        passed.unwrap_or_else(|error| {
            tracing::warn!(error = %error, "an answer was not passed on: its record failed");
            false
        })
    }
}

impl Mailer {
    /// Some answers whose time has come; `None` when none waits.
    pub(crate) async fn forward_page(&self) -> Result<Option<Mailed>, MailerError> {
        let at = self.now();
        let forwards = &self.store().forwards;
        let claimed = forwards.claim_forwards(at, at + CLAIM, AT_ONCE).await?;
        if claimed.is_empty() {
            return Ok(None);
        }
        let mut mailed = Mailed::default();
        for forward in &claimed {
            match self.write_forward(forward).await {
                Ok(Some(ready)) => self.carry_forward(forward, &ready, &mut mailed).await?,
                Ok(None) => {
                    forwards.drop_forward(forward, self.now()).await?;
                    mailed.unneeded += 1;
                }
                Err(MailerError::Storage(error)) if error.is_passing() => return Err(error.into()),
                // It lies in the console, and blocks nobody.
                Err(error) => {
                    tracing::error!(error = %error, "an answer cannot be passed on");
                    forwards.drop_forward(forward, self.now()).await?;
                    mailed.dropped += 1;
                }
            }
        }
        Ok(Some(mailed))
    }

    async fn carry_forward(
        &self,
        forward: &Forward,
        ready: &Ready,
        mailed: &mut Mailed,
    ) -> Result<(), MailerError> {
        let message = Outgoing {
            sender: &ready.sender,
            recipient: &ready.recipient,
            bytes: &ready.bytes,
            envelope_id: None,
        };
        let fence = ForwardFence {
            mailer: self,
            forward,
        };
        let class = match self.transport().send(&message, &fence).await {
            Ending::Accepted(_) => {
                mailed.sent += 1;
                return Ok(());
            }
            // It may have arrived, and lies in the console anyway.
            Ending::Silent { failure } => {
                tracing::warn!(failure, "whether an answer was passed on is not known");
                mailed.dropped += 1;
                return Ok(());
            }
            Ending::Refused { class, .. } => class,
            Ending::Broken { .. } | Ending::Fenced => Class::DomainTrouble,
        };
        let (at, forwards) = (self.now(), &self.store().forwards);
        if class == Class::BadAddress || at - forward.queued_at >= TRIED {
            tracing::warn!("an answer cannot be passed on: the petition's own address takes none");
            forwards.drop_forward(forward, at).await?;
            mailed.dropped += 1;
        } else {
            let due_at = at + wait(class, forward.attempts.max(1), self.chance());
            forwards.defer_forward(forward, due_at).await?;
            mailed.deferred += 1;
        }
        Ok(())
    }

    /// Writes it; `None` when there is nothing to write or nobody to write to.
    async fn write_forward(&self, forward: &Forward) -> Result<Option<Ready>, MailerError> {
        let store = self.store();
        let found = store.deliveries.find_delivery(forward.delivery_id).await?;
        let Some(delivery) = found else {
            return Ok(None);
        };
        let petition = self.petition(delivery.petition_id).await?;
        let events = store.events.list_events(delivery.id).await?;
        let event = events.iter().find(|event| event.id == forward.event_id);
        let (Some(event), Some(sender)) = (event, &petition.terms.sender) else {
            return Ok(None);
        };
        let secrets = match self.vault().petition(petition.id).await {
            Ok(secrets) => secrets,
            Err(StorageError::Secret(SecretError::Destroyed)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let Event {
            sealed_answer: Some(sealed),
            ..
        } = event
        else {
            return Ok(None);
        };
        let opened = secrets
            .open(SealedField::Answer, event.id, sealed)
            .map_err(StorageError::from)?;
        let Ok(answer) = serde_json::from_slice::<AnswerFields>(&opened) else {
            return Ok(None);
        };
        let place = store.officials.find_government(&delivery.geoid).await?;
        let place = place.map_or_else(|| delivery.geoid.to_string(), |it| it.name);
        let addressee = &delivery.addressee;
        let person = addressee.person.as_ref();
        let person = person.map_or_else(String::new, |person| format!(" {person}"));
        let reply_to = Email::parse(&answer.from).ok();
        let view = ForwardView {
            petition_title: petition.terms.title.clone(),
            office: format!("{}{person}, {place}", addressee.title),
            batch: delivery.batch_number,
            from: match answer.name.as_str() {
                "" => answer.from.clone(),
                name => format!("{name} <{}>", answer.from),
            },
            subject: answer.subject,
            text: answer.text,
            console_url: format!(
                "{}/console/p/{}/letters/{}/{}",
                self.public_url(),
                petition.slug,
                delivery.batch_number,
                delivery.id
            ),
            is_answerable: reply_to.is_some(),
        };
        let Ok(parts) = render(&view) else {
            return Ok(None);
        };
        let ours = format!("mail@{}", self.domain());
        let message_id = format!(
            "<{}.answer@{}>",
            base32::write(event.id.as_bytes()),
            self.domain()
        );
        let mailbox = |name: &str, email: &str| Mailbox {
            name: name.to_owned(),
            email: email.to_owned(),
        };
        let recipient = sender.contact_email.as_str();
        let head = Head {
            from: mailbox(&sender.organization, &ours),
            reply_to: reply_to.map(|email| mailbox(&answer.name, email.as_str())),
            to: mailbox("", recipient),
            date: self.now(),
            message_id: message_id.clone(),
            references: Vec::new(),
            list_id: None,
            list_unsubscribe: None,
            extra: Vec::new(),
        };
        let mut bytes = assemble(
            &head,
            &parts.subject,
            &parts.text,
            &parts.html,
            &[],
            message_id.as_bytes(),
        )?;
        if let Some(signer) = self.signer() {
            let signature = signer.sign_mail(&bytes, head.date)?;
            bytes.splice(..0, signature.bytes());
        }
        Ok(Some(Ready {
            sender: ours,
            recipient: recipient.to_owned(),
            bytes,
        }))
    }
}
