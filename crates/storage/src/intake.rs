//! The way in: a bounded queue and group commit.
//!
//! Callers hand in a signature, a confirmation, a withdrawal or a correction and wait. One worker collects what
//! is waiting and writes it in one transaction of each kind; while a commit syncs, the next batch
//! gathers. A caller hears of success only after the commit. A full queue is told to the caller at
//! once ([`IntakeError::Busy`], or [`IntakeError::Away`] where storage is the cause: 503 with Retry-After on the web); what was taken in is never
//! dropped: the worker writes until the queue is empty before it ends. Signatures have a queue of
//! their own, so that however many come, whoever confirms or withdraws waits for one batch of them at most.

mod worker;

pub use worker::IntakeWorker;

use crate::error::StorageError;
use crate::signatures::{
    ConfirmOutcome, Confirmation, CorrectOutcome, Correction, NewSignature, SignOutcome,
    Signatures, WithdrawOutcome, Withdrawal,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use thiserror::Error;
use tokio::sync::{mpsc, oneshot};

/// How the intake behaves.
#[derive(Debug, Clone, Copy)]
pub struct IntakeSettings {
    /// How many signatures may wait, and how many of all else.
    pub capacity: usize,
    /// The most of one transaction.
    pub batch: usize,
    /// For how long a batch is tried again when storage is busy or away. Once that was in vain, a
    /// twentieth of it, until storage answers.
    pub patience: Duration,
}

impl Default for IntakeSettings {
    fn default() -> Self {
        Self {
            capacity: 8_192,
            batch: 1_024,
            patience: Duration::from_secs(20),
        }
    }
}

/// Why the intake gives no outcome.
#[derive(Debug, Clone, Error)]
pub enum IntakeError {
    /// Too many wait: nothing was taken in, try again soon.
    #[error("too many signatures are waiting")]
    Busy,
    /// Too many wait because storage does not answer: nothing was taken in, try again soon.
    #[error("storage is away and its queue is full")]
    Away,
    /// It is shutting down: nothing was taken in.
    #[error("the intake is closed")]
    Closed,
    /// Storage failed. Whether it was saved is not known; saving the same again is harmless.
    #[error(transparent)]
    Storage(Arc<StorageError>),
}

type Answer<T> = oneshot::Sender<Result<T, IntakeError>>;

/// Something that waits to be written, and who waits for it.
enum Ticket {
    Sign(Box<NewSignature>, Answer<SignOutcome>),
    Confirm(Confirmation, Answer<ConfirmOutcome>),
    Withdraw(Withdrawal, Answer<WithdrawOutcome>),
    Correct(Box<Correction>, Answer<CorrectOutcome>),
}

/// The way in; cheap to clone.
#[derive(Clone)]
pub struct Intake {
    signs: mpsc::Sender<Ticket>,
    others: mpsc::Sender<Ticket>,
    /// Whether storage did not answer the last time.
    is_away: Arc<AtomicBool>,
}

impl Intake {
    /// An intake and its worker, which the caller runs.
    pub fn new(signatures: Arc<dyn Signatures>, settings: IntakeSettings) -> (Self, IntakeWorker) {
        let (signs, waiting_signs) = mpsc::channel(settings.capacity.max(1));
        let (others, waiting_others) = mpsc::channel(settings.capacity.max(1));
        let is_away = Arc::new(AtomicBool::new(false));
        let worker = IntakeWorker::new(
            (waiting_signs, waiting_others),
            (signatures, Arc::clone(&is_away)),
            settings,
        );
        let intake = Self {
            signs,
            others,
            is_away,
        };
        (intake, worker)
    }

    /// Saves a signature; answers after the commit.
    pub async fn sign(&self, new: NewSignature) -> Result<SignOutcome, IntakeError> {
        self.submit(&self.signs, |answer| Ticket::Sign(Box::new(new), answer))
            .await
    }

    /// Saves signatures in their order, as room is made for them; answers after the last commit.
    pub async fn sign_all(&self, all: Vec<NewSignature>) -> Result<Vec<SignOutcome>, IntakeError> {
        let mut answers = Vec::with_capacity(all.len());
        for new in all {
            let (answer, outcome) = oneshot::channel();
            let ticket = Ticket::Sign(Box::new(new), answer);
            let sent = self.signs.send(ticket).await;
            sent.map_err(|_| IntakeError::Closed)?;
            answers.push(outcome);
        }
        let mut outcomes = Vec::with_capacity(answers.len());
        for answer in answers {
            outcomes.push(answer.await.unwrap_or(Err(IntakeError::Closed))?);
        }
        Ok(outcomes)
    }

    /// Confirms a signature; answers after the commit.
    pub async fn confirm(&self, confirmation: Confirmation) -> Result<ConfirmOutcome, IntakeError> {
        self.submit(&self.others, |answer| Ticket::Confirm(confirmation, answer))
            .await
    }

    /// Withdraws a signature; answers after the commit.
    pub async fn withdraw(&self, withdrawal: Withdrawal) -> Result<WithdrawOutcome, IntakeError> {
        self.submit(&self.others, |answer| Ticket::Withdraw(withdrawal, answer))
            .await
    }

    /// Counts a signature where its signer says; answers after the commit.
    pub async fn correct(&self, correction: Correction) -> Result<CorrectOutcome, IntakeError> {
        self.submit(&self.others, |answer| {
            Ticket::Correct(Box::new(correction), answer)
        })
        .await
    }

    /// How many more signatures fit.
    pub fn room(&self) -> usize {
        self.signs.capacity()
    }
    async fn submit<T>(
        &self,
        queue: &mpsc::Sender<Ticket>,
        ticket: impl FnOnce(Answer<T>) -> Ticket,
    ) -> Result<T, IntakeError> {
        let (answer, outcome) = oneshot::channel();
        queue
            .try_send(ticket(answer))
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) if self.is_away.load(Ordering::Relaxed) => {
                    IntakeError::Away
                }
                mpsc::error::TrySendError::Full(_) => IntakeError::Busy,
                mpsc::error::TrySendError::Closed(_) => IntakeError::Closed,
            })?;
        // The worker answers every ticket; only its sudden end leaves one without.
        outcome.await.unwrap_or(Err(IntakeError::Closed))
    }
}
