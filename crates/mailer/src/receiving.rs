//! Takes in what comes back: reads it, finds its letter, records one event.
//!
//! Every way in ends in [`Mailer::receive`]. It answers only after the commit, so that whoever handed a message in may forget it
//! then, and the same message handed in again is harmless. What is of no letter of ours is counted and nothing else: nobody can
//! fill a database with mail to a made-up address.

mod imap;
mod lmtp;
mod maildir;

pub use imap::{Imap, MailboxTrouble};
pub use lmtp::Lmtp;
pub use maildir::Maildir;

use crate::coming::matching::{Named, named};
use crate::coming::{Answer, Coming, Fate, What, read};
use crate::error::MailerError;
use crate::mailer::Mailer;
use redress_model::delivery::event::{EventKind, StrayReason};
use redress_model::delivery::state::DeliveryState;
use redress_model::id::DeliveryId;
use redress_storage::StorageError;
use redress_storage::events::{AnswerFields, EventOutcome, NewEvent};
use redress_storage::secrets::{SealedField, SecretError};
use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is on record.
    Recorded {
        /// Of which letter.
        delivery: DeliveryId,
        /// What it says.
        kind: EventKind,
        /// Where the letter stands now.
        state: DeliveryState,
    },
    /// It was on record already.
    Repeated,
    /// It is of no letter.
    Stray(StrayReason),
    /// Reading it failed in a way that is a mistake of this program: it is kept for whoever looks into that.
    Poisoned,
}

/// What one pass took.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PickedUp {
    /// Recorded.
    pub recorded: u64,
    /// Known already.
    pub repeated: u64,
    /// Of no letter, by reason.
    pub strays: BTreeMap<StrayReason, u64>,
    /// Put aside or passed over: too long, or no file, or nothing that can be read.
    pub aside: u64,
}

impl PickedUp {
    /// Counts what became of one message.
    pub fn add(&mut self, taken: Taken) {
        match taken {
            Taken::Recorded { .. } => self.recorded += 1,
            Taken::Repeated => self.repeated += 1,
            Taken::Stray(reason) => *self.strays.entry(reason).or_default() += 1,
            Taken::Poisoned => self.aside += 1,
        }
    }
}

fn fields(answer: &Answer) -> AnswerFields {
    AnswerFields {
        from: answer.from.clone(),
        name: answer.name.clone(),
        subject: answer.subject.clone(),
        text: answer.text.clone(),
    }
}

impl Mailer {
    /// Takes one message in, durably. `recipients` are the envelope's, where the way in knows them; empty otherwise. Fails when
    /// storage does; then nothing has happened, and the message is to be handed in again.
    pub async fn receive(
        &self,
        bytes: Vec<u8>,
        recipients: &[String],
    ) -> Result<Taken, MailerError> {
        let envelope = recipients.to_vec();
        // Strangers' bytes are read apart: should one ever end in a panic, it ends alone.
        let Ok(coming) = tokio::task::spawn_blocking(move || read(&bytes, &envelope)).await else {
            tracing::error!("reading a message ended in a panic");
            return Ok(Taken::Poisoned);
        };
        let found = match named(&coming.traces, self.vault().instance_key(), self.domain()) {
            Named::Sealed(id) => Some(id),
            Named::Forged => return self.stray(StrayReason::Forged).await,
            Named::Ids {
                envelopes,
                messages,
            } => {
                let events = &self.store().events;
                events.find_named_delivery(&envelopes, &messages).await?
            }
        };
        let Some(kind) = coming.what.event() else {
            return self.stray(StrayReason::Unreadable).await;
        };
        let Some(id) = found else {
            return self.stray(StrayReason::Unmatched).await;
        };
        self.record(id, kind, &coming).await
    }

    /// Takes in a message that waits where it lies until it is taken. One that storage will never have is poisoned, so that it blocks
    /// nobody; what passes is a failure.
    async fn receive_waiting(&self, bytes: Vec<u8>) -> Result<Taken, MailerError> {
        match self.receive(bytes, &[]).await {
            Err(MailerError::Storage(error)) if !error.is_passing() => {
                tracing::error!(error = %error, "a message cannot be recorded");
                Ok(Taken::Poisoned)
            }
            taken => taken,
        }
    }

    async fn record(
        &self,
        id: DeliveryId,
        kind: EventKind,
        coming: &Coming,
    ) -> Result<Taken, MailerError> {
        let store = self.store();
        let Some(delivery) = store.deliveries.find_delivery(id).await? else {
            // A seal of ours on a letter that is gone: a database that was put back.
            return self.stray(StrayReason::Unmatched).await;
        };
        let event_id = self.new_token();
        let sealed_answer = match &coming.what {
            What::Reply(answer) => match self.vault().petition(delivery.petition_id).await {
                Ok(secrets) => {
                    let json = serde_json::to_vec(&fields(answer)).unwrap_or_default();
                    Some(self.seal(&secrets, SealedField::Answer, event_id, &json))
                }
                // The petition is forgotten: that somebody answered is all that is kept.
                Err(StorageError::Secret(SecretError::Destroyed)) => None,
                Err(error) => return Err(error.into()),
            },
            _ => None,
        };
        let fate = coming.what.worst();
        let event = NewEvent {
            id: event_id,
            digest: coming.digest,
            delivery_id: id,
            kind,
            status: fate
                .and_then(Fate::code)
                .map(|(class, subject, detail)| format!("{class}.{subject}.{detail}")),
            diagnostic: fate.and_then(|fate| fate.diagnostic.clone()),
            remote_mta: fate.and_then(|fate| fate.remote_mta.clone()),
            sealed_answer,
            received_at: self.now(),
        };
        Ok(match store.events.record_event(&event).await? {
            EventOutcome::Repeated => Taken::Repeated,
            EventOutcome::Recorded { state, .. } => {
                tracing::info!(
                    delivery.id = %id,
                    event.kind = kind.as_str(),
                    delivery.state = state.as_str(),
                    "a message came back"
                );
                Taken::Recorded {
                    delivery: id,
                    kind,
                    state,
                }
            }
        })
    }

    /// Counts a message that is of no letter.
    pub(crate) async fn stray(&self, reason: StrayReason) -> Result<Taken, MailerError> {
        let day = self.now().date_naive();
        self.store().events.record_stray(reason, day).await?;
        tracing::info!(
            message.reason = reason.as_str(),
            "a message is of no letter"
        );
        Ok(Taken::Stray(reason))
    }

    /// Takes in what comes back, over the ways that are set, until `stop` is ready. A message that is being taken is finished.
    pub async fn run_coming(&self, stop: impl Future<Output = ()>) -> Result<(), MailerError> {
        let settings = self.settings().coming.clone();
        let mut imap = Imap::open(&settings)?;
        let lmtp = match settings.lmtp.as_str() {
            "" => None,
            place => Some(Lmtp::open(place).await?),
        };
        let maildir = match settings.maildir.as_path() {
            none if none.as_os_str().is_empty() => None,
            directory => Some(Maildir::open(directory).await?),
        };
        let (order, stopped) = watch::channel(false);
        let listen = async {
            match &lmtp {
                Some(lmtp) => lmtp.serve(self, stopped.clone()).await,
                None => Ok(()),
            }
        };
        let pick_up = async {
            match &maildir {
                Some(maildir) => self.keep_picking_up(maildir, stopped.clone()).await,
                None => Ok(()),
            }
        };
        let read = async {
            match &mut imap {
                Some(imap) => Box::pin(self.keep_reading(imap, stopped.clone())).await,
                None => Ok(()),
            }
        };
        let order = async {
            stop.await;
            order.send_replace(true);
        };
        let ((), listened, picked, read) = tokio::join!(order, listen, pick_up, read);
        listened.and(picked).and(read)
    }

    async fn keep_picking_up(
        &self,
        maildir: &Maildir,
        mut stop: watch::Receiver<bool>,
    ) -> Result<(), MailerError> {
        let pause = Duration::from_secs(self.settings().poll_seconds.max(1));
        while !*stop.borrow() {
            match self.pick_up(maildir, &stop).await {
                Ok(_) => {}
                Err(MailerError::Storage(error)) if !error.is_passing() => return Err(error.into()),
                Err(error) => tracing::warn!(error = %error, "what came back waits"),
            }
            tokio::select! {
                () = sleep(pause) => {}
                _ = stop.wait_for(|is_stopping| *is_stopping) => {}
            }
        }
        Ok(())
    }
}
