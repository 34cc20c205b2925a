//! Mail to signers: its own queue, at least once. A doubled confirmation is harmless, and an official's office hours are nobody's
//! here.

mod write;

use crate::error::MailerError;
use crate::mailer::Mailer;
use crate::reply::class::Class;
use crate::schedule::wait;
use crate::transport::{Ending, NoFence, Outgoing};
use chrono::{DateTime, Duration, Utc};
use redress_model::id::MailId;
use redress_storage::mails::Mail;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;
use write::Written;

/// For how long a mail is tried.
const TRIED: Duration = Duration::days(5);

/// For how long claimed mails are ours.
const CLAIM: Duration = Duration::minutes(10);

/// How many signatures are looked at in one transaction when signers are told of something.
const STRETCH: u32 = 5_000;

/// How many mails are claimed at once, for each session.
const AHEAD: u32 = 16;

/// What became of mails to signers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mailed {
    /// Taken by the other side.
    pub sent: u64,
    /// To be tried again.
    pub deferred: u64,
    /// Not needed any more: confirmed, erased, over.
    pub unneeded: u64,
    /// Given up: the address is bad, or five days are over.
    pub dropped: u64,
}

/// What is to become of one mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Sent,
    Unneeded,
    Dropped,
    Deferred(DateTime<Utc>),
}

impl Mailer {
    /// Sends every mail to signers whose time has come, and ends.
    pub async fn drain_mails(&self) -> Result<Mailed, MailerError> {
        let (_order, stopped) = watch::channel(false);
        let mut all = Mailed::default();
        while let Some(page) = self.mail_page(&stopped).await? {
            all.add(page);
        }
        self.transport().rest().await;
        Ok(all)
    }

    /// Sends mails to signers until `stop` is ready. What was on its way then is tried again by whoever comes next.
    pub async fn run_mails(&self, stop: impl Future<Output = ()>) -> Result<Mailed, MailerError> {
        let (order, stopped) = watch::channel(false);
        let mut stop = pin!(stop);
        let mut carry = pin!(self.carry_mails(stopped));
        tokio::select! {
            carried = &mut carry => carried,
            () = &mut stop => {
                order.send_replace(true);
                carry.await
            }
        }
    }

    async fn carry_mails(&self, mut stop: watch::Receiver<bool>) -> Result<Mailed, MailerError> {
        let mut all = Mailed::default();
        while !*stop.borrow() {
            let pause = match self.mail_page(&stop).await {
                Ok(Some(page)) => {
                    all.add(page);
                    continue;
                }
                Ok(None) => std::time::Duration::from_secs(self.settings().poll_seconds.max(1)),
                Err(MailerError::Storage(error)) if error.is_passing() => {
                    tracing::warn!(error = %error, "storage is waited for");
                    std::time::Duration::from_secs(5)
                }
                Err(error) => return Err(error),
            };
            tokio::select! {
                () = sleep(pause) => {}
                _ = stop.wait_for(|is_stopping| *is_stopping) => {}
            }
        }
        Ok(all)
    }

    /// One claim and what becomes of it; `None` when nothing waits.
    async fn mail_page(&self, stop: &watch::Receiver<bool>) -> Result<Option<Mailed>, MailerError> {
        let at = self.now();
        let sessions = self.settings().sessions;
        let most = AHEAD * u32::try_from(sessions).unwrap_or(1);
        let mails = self.store().mails.claim_mails(at, at + CLAIM, most).await?;
        if mails.is_empty() {
            // Whoever waits for a link comes before those who are told of an answer.
            if self
                .store()
                .responses
                .tell_signers(at, STRETCH)
                .await?
                .is_some()
            {
                return Ok(Some(Mailed::default()));
            }
            return self.forward_page().await;
        }
        let mut fates: BTreeMap<MailId, Fate> = mails
            .iter()
            .map(|mail| (mail.id, Fate::Deferred(at)))
            .collect();
        let mut waiting = mails.into_iter();
        let mut running = JoinSet::new();
        let mut stop = stop.clone();
        loop {
            while running.len() < sessions
                && !*stop.borrow()
                && let Some(mail) = waiting.next()
            {
                let mailer = self.clone();
                running.spawn(async move { (mail.id, mailer.carry_mail(&mail).await) });
            }
            let joined = tokio::select! {
                joined = running.join_next() => joined,
                // What is cut off here is tried again.
                () = told(&mut stop) => break,
            };
            match joined {
                Some(Ok((id, fate))) => {
                    fates.insert(id, fate);
                }
                Some(Err(_)) => tracing::error!("a mail ended in a panic"),
                None => break,
            }
        }
        running.shutdown().await;
        self.settle_mails(&fates).await?;
        Ok(Some(Mailed::of(&fates)))
    }

    async fn carry_mail(&self, mail: &Mail) -> Fate {
        let written = match self.write_mail(mail).await {
            Ok(Written::Mail(written)) => written,
            Ok(Written::Unneeded) => return Fate::Unneeded,
            Err(error) => {
                tracing::error!(mail.id = %mail.id, error = %error, "a mail cannot be written");
                return self.later(mail, Class::OurFault);
            }
        };
        let message = Outgoing {
            sender: &written.sender,
            recipient: &written.recipient,
            bytes: &written.bytes,
            envelope_id: None,
        };
        match self.transport().send(&message, &NoFence).await {
            Ending::Accepted(_) => Fate::Sent,
            Ending::Refused {
                class: Class::BadAddress,
                reply,
                ..
            } => {
                tracing::info!(mail.id = %mail.id, reply.code = reply.code, "a signer's address is bad");
                Fate::Dropped
            }
            Ending::Refused { class, .. } => self.later(mail, class),
            Ending::Broken { .. } | Ending::Silent { .. } | Ending::Fenced => {
                self.later(mail, Class::DomainTrouble)
            }
        }
    }

    fn later(&self, mail: &Mail, class: Class) -> Fate {
        let at = self.now();
        if at - mail.queued_at >= TRIED {
            return Fate::Dropped;
        }
        Fate::Deferred(at + wait(class, mail.attempts.max(1), self.chance()))
    }

    async fn settle_mails(&self, fates: &BTreeMap<MailId, Fate>) -> Result<(), MailerError> {
        let mut finished = Vec::new();
        let mut deferred: BTreeMap<DateTime<Utc>, Vec<MailId>> = BTreeMap::new();
        for (id, fate) in fates {
            match fate {
                Fate::Deferred(until_at) => deferred.entry(*until_at).or_default().push(*id),
                Fate::Sent | Fate::Unneeded | Fate::Dropped => finished.push(*id),
            }
        }
        self.store().mails.finish_mails(&finished).await?;
        for (until_at, ids) in deferred {
            self.store().mails.defer_mails(&ids, until_at).await?;
        }
        Ok(())
    }
}

impl Mailed {
    fn of(fates: &BTreeMap<MailId, Fate>) -> Self {
        let count = |is: fn(&Fate) -> bool| fates.values().filter(|fate| is(fate)).count() as u64;
        Self {
            sent: count(|fate| *fate == Fate::Sent),
            deferred: count(|fate| matches!(fate, Fate::Deferred(_))),
            unneeded: count(|fate| *fate == Fate::Unneeded),
            dropped: count(|fate| *fate == Fate::Dropped),
        }
    }

    fn add(&mut self, other: Self) {
        self.sent += other.sent;
        self.deferred += other.deferred;
        self.unneeded += other.unneeded;
        self.dropped += other.dropped;
    }
}

/// Ready when the order to stop comes; never, where nobody is left to give it.
async fn told(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|is_stopping| *is_stopping).await.is_err() {
        std::future::pending::<()>().await;
    }
}
