//! A mailbox on a mail server, read over IMAP (RFC 3501) with a cursor of our own.
//!
//! The mailbox is a person's. It is opened to be read and nothing else (EXAMINE), and messages are fetched so that none is marked
//! (BODY.PEEK); nothing is moved or deleted. How far it was read, its UIDVALIDITY and the UID of the last message that was taken, is
//! kept among the instance's settings, and goes on only after [`Mailer::receive`] has answered. Whoever is killed in between takes
//! the message again, which is known by its digest then. So it is where a mailbox counts anew, and where two mailers read the same.
//!
//! Each look opens the folder again, over the connection that is there: unlike NOOP, that tells its UIDVALIDITY and its next UID.
//! What comes after the cursor is listed with its sizes, some hundreds of messages at a time, and fetched one by one, in the order
//! of the UIDs.
//!
//! What is longer than is taken is not fetched. The library (async-imap) has no bound of its own for what a server sends, and some
//! servers only guess at sizes, so a connection is cut off where an answer grows beyond that (`bounded`). What is passed over
//! because it is too long, because storage will never have it, or because it could not be had in several looks, is logged with its
//! UID: it is still in the mailbox.
//!
//! The library tells the `log` crate all that is said, passwords too, at the level `trace`: no logger may be installed for it.

mod account;
mod bounded;
mod cursor;
#[cfg(test)]
mod failing;
mod session;
mod trouble;

pub use trouble::MailboxTrouble;

use super::{PickedUp, Taken};
use crate::error::MailerError;
use crate::mailer::Mailer;
use crate::settings::ComingSettings;
use account::Account;
use cursor::{Cursor, Place};
use redress_storage::StorageError;
use session::{BATCH, Fetched, Folder, Session};
use std::future::Future;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;

/// In how many looks a message is tried that cannot be had, before it is passed over.
const TRIES: u32 = 5;

/// The longest pause between two looks when they fail.
const LONGEST_PAUSE: Duration = Duration::from_mins(15);

/// A mailbox.
pub struct Imap {
    account: Account,
    /// The longest message that is taken, in bytes.
    most: usize,
    /// The connection that waits for the next look.
    idle: Option<Session>,
    /// The message at which the last looks ended, and how many they were.
    stuck: Option<(Place, u32)>,
}

/// Why a pass ends before there is nothing left.
enum Halt {
    /// The order to stop has come.
    Stopped,
    /// A message was passed over, and the connection with it: the rest wants another.
    CutOff,
    /// It failed.
    Failed(MailerError),
}

impl From<MailerError> for Halt {
    fn from(error: MailerError) -> Self {
        Self::Failed(error)
    }
}

impl From<StorageError> for Halt {
    fn from(error: StorageError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<MailboxTrouble> for Halt {
    fn from(trouble: MailboxTrouble) -> Self {
        Self::Failed(trouble.into())
    }
}

impl Imap {
    /// The mailbox that is set, to which nobody has spoken yet; `None` where none is. Fails where the settings open nothing.
    pub fn open(settings: &ComingSettings) -> Result<Option<Self>, MailerError> {
        if settings.imap.host.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self {
            account: Account::open(&settings.imap)?,
            most: settings.max_bytes,
            idle: None,
            stuck: None,
        }))
    }

    /// Opens the folder, over a new connection where the one that waited is gone.
    async fn look(&mut self) -> Result<(Session, Folder), MailboxTrouble> {
        let name = &self.account.settings.folder;
        if let Some(mut session) = self.idle.take()
            && let Ok(folder) = session.examine(name).await
        {
            return Ok((session, folder));
        }
        let mut session = Box::pin(Session::open(&self.account)).await?;
        let folder = session.examine(name).await?;
        Ok((session, folder))
    }

    /// Counts a look that ended at a message; whether there were enough.
    fn has_tried_enough(&mut self, at: Place) -> bool {
        let tries = match self.stuck {
            Some((place, tries)) if place == at => tries + 1,
            _ => 1,
        };
        self.stuck = Some((at, tries));
        tries >= TRIES
    }

    /// Says goodbye to the server.
    pub async fn rest(&mut self) {
        if let Some(session) = self.idle.take() {
            session.leave().await;
        }
    }
}

impl Mailer {
    /// Takes what came into a mailbox after the cursor, until there is nothing left or the order to stop comes. Fails when storage
    /// or the connection does: what was not taken is taken the next time.
    pub async fn read_mailbox(
        &self,
        imap: &mut Imap,
        stop: &watch::Receiver<bool>,
    ) -> Result<PickedUp, MailerError> {
        let mut picked = PickedUp::default();
        loop {
            match self.read_on(imap, stop, &mut picked).await {
                Ok(()) | Err(Halt::Stopped) => return Ok(picked),
                Err(Halt::CutOff) => {}
                Err(Halt::Failed(error)) => return Err(error),
            }
        }
    }

    /// Reads over one connection, which is kept when all went well.
    async fn read_on(
        &self,
        imap: &mut Imap,
        stop: &watch::Receiver<bool>,
        picked: &mut PickedUp,
    ) -> Result<(), Halt> {
        let (mut session, folder) = unless(stop, imap.look()).await??;
        let name = imap.account.cursor_name();
        let settings = self.store().settings.as_ref();
        let mut cursor = Cursor::find(settings, name, folder.validity).await?;
        let (mut after, mut width) = (cursor.uid(), BATCH);
        let highest = unless(stop, session.highest(&folder, after)).await??;
        while after < highest {
            let last = highest.min(after.saturating_add(width));
            let listed = unless(stop, session.list(after + 1, last)).await??;
            after = match listed.last_key_value() {
                Some((uid, _)) if listed.len() == BATCH as usize => *uid,
                _ => last,
            };
            // Where many were deleted, the gap is crossed in growing steps.
            width = if listed.is_empty() {
                width.saturating_mul(2)
            } else {
                BATCH
            };
            for (uid, size) in listed {
                if *stop.borrow() {
                    return Err(Halt::Stopped);
                }
                let fetched = match size {
                    Some(size) if size as usize > imap.most => Fetched::TooLong,
                    _ => match unless(stop, session.fetch(uid, imap.most)).await? {
                        Ok(fetched) => fetched,
                        Err(trouble) => {
                            return Err(pass_or_halt(imap, &mut cursor, uid, trouble, picked).await);
                        }
                    },
                };
                if let Some(taken) = self.take_fetched(fetched, uid).await? {
                    picked.add(taken);
                }
                cursor.move_to(uid).await?;
            }
        }
        imap.idle = Some(session);
        Ok(())
    }

    /// What becomes of a message; `None` for one that is gone.
    async fn take_fetched(&self, fetched: Fetched, uid: u32) -> Result<Option<Taken>, MailerError> {
        let taken = match fetched {
            Fetched::Message(bytes) => self.receive_waiting(bytes).await?,
            Fetched::TooLong => Taken::Poisoned,
            Fetched::Gone => {
                tracing::info!(message.uid = uid, "a message was gone before it was read");
                return Ok(None);
            }
        };
        if taken == Taken::Poisoned {
            tracing::error!(
                message.uid = uid,
                "a message in the mailbox is passed over: it is too long, or cannot be taken"
            );
        }
        Ok(Some(taken))
    }

    /// One pass over the mailbox that is set.
    pub async fn read_mailbox_once(&self) -> Result<PickedUp, MailerError> {
        let imap = Imap::open(&self.settings().coming)?;
        let mut imap = imap.ok_or(MailerError::Settings(
            "mailer.coming.imap.host is not set: there is no mailbox to read",
        ))?;
        let (_order, stop) = watch::channel(false);
        let picked = self.read_mailbox(&mut imap, &stop).await;
        imap.rest().await;
        picked
    }

    /// Looks into a mailbox again and again. Trouble with its server is said once and waited out; it ends nothing else.
    pub(super) async fn keep_reading(
        &self,
        imap: &mut Imap,
        mut stop: watch::Receiver<bool>,
    ) -> Result<(), MailerError> {
        let usual = Duration::from_secs(imap.account.settings.poll_seconds.max(1));
        let (mut pause, mut said) = (usual, None);
        while !*stop.borrow() {
            let mut wait = usual;
            match self.read_mailbox(imap, &stop).await {
                Ok(_) => {
                    if said.take().is_some() {
                        tracing::info!("the mailbox is read again");
                    }
                    pause = usual;
                }
                Err(MailerError::Mailbox(trouble)) => {
                    if said.replace(trouble) != Some(trouble) {
                        tracing::warn!(error = %trouble, "the mailbox cannot be read");
                    }
                    wait = pause;
                    pause = LONGEST_PAUSE.min(pause.saturating_mul(2)).max(usual);
                }
                Err(MailerError::Storage(error)) if !error.is_passing() => return Err(error.into()),
                Err(error) => tracing::warn!(error = %error, "what came back waits"),
            }
            tokio::select! {
                () = sleep(wait) => {}
                _ = stop.wait_for(|is_stopping| *is_stopping) => {}
            }
        }
        imap.rest().await;
        Ok(())
    }
}

/// What comes of some work, unless the order to stop comes before. Work that is broken off leaves its connection unfit for more.
async fn unless<T>(stop: &watch::Receiver<bool>, work: impl Future<Output = T>) -> Result<T, Halt> {
    let mut stop = stop.clone();
    tokio::select! {
        done = work => Ok(done),
        _ = stop.wait_for(|is_stopping| *is_stopping) => Err(Halt::Stopped),
    }
}

/// Passes over a message that could not be had, so that it blocks nobody: at once when it is too long, else after some looks.
async fn pass_or_halt(
    imap: &mut Imap,
    cursor: &mut Cursor<'_>,
    uid: u32,
    trouble: MailboxTrouble,
    picked: &mut PickedUp,
) -> Halt {
    if trouble != MailboxTrouble::TooMuch && !imap.has_tried_enough(cursor.place_of(uid)) {
        return trouble.into();
    }
    if let Err(error) = cursor.move_to(uid).await {
        return error.into();
    }
    tracing::error!(
        message.uid = uid,
        error = %trouble,
        "a message in the mailbox is passed over: it cannot be had"
    );
    picked.add(Taken::Poisoned);
    Halt::CutOff
}
