//! What attempts write about their letters, many in one commit.
//!
//! A durable commit costs a trip to the disk, and each statement a trip to the database, whatever is in them. What comes while one commit is under
//! way goes into the next together, and nobody is answered before it is durable. Where one of them cannot be written nothing is, and each is
//! tried alone.

use crate::mailer::Mailer;
use redress_storage::deliveries::LetterWrite;
use redress_storage::{StorageError, StorageResult};
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::{Mutex as Turn, oneshot};

/// The most writes of one commit.
const MOST: usize = 128;

type Answer = oneshot::Sender<StorageResult<bool>>;

/// Those who wait to be written.
#[derive(Default)]
pub(crate) struct Writes {
    waiting: Mutex<VecDeque<(LetterWrite, Answer)>>,
    /// Held by whoever writes for all.
    turn: Turn<()>,
}

impl Writes {
    fn waiting(&self) -> MutexGuard<'_, VecDeque<(LetterWrite, Answer)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first that wait.
    fn take(&self) -> (Vec<LetterWrite>, Vec<Answer>) {
        let mut waiting = self.waiting();
        let count = waiting.len().min(MOST);
        waiting.drain(..count).unzip()
    }
}

impl Mailer {
    /// Writes with whatever else is to be written; answers after the commit. `false` when the lease is lost. Whoever's turn it is writes for
    /// all who wait by then; should it be given up in the middle, they are told to come again: what they wrote may be on record, and tells itself
    /// by the lease.
    pub(super) async fn write(&self, write: LetterWrite) -> StorageResult<bool> {
        let (answer, mut outcome) = oneshot::channel();
        self.writes().waiting().push_back((write, answer));
        loop {
            tokio::select! {
                biased;
                outcome = &mut outcome => {
                    let gone = |_| Err(StorageError::Busy("the writer went away".into()));
                    return outcome.unwrap_or_else(gone);
                }
                _turn = self.writes().turn.lock() => self.write_waiting().await,
            }
        }
    }

    async fn write_waiting(&self) {
        let (writes, answers) = self.writes().take();
        if writes.is_empty() {
            return;
        }
        let deliveries = &self.store().deliveries;
        let outcomes: Vec<_> = match deliveries.write_letters(&writes).await {
            Ok(written) => written.into_iter().map(Ok).collect(),
            Err(error) if writes.len() == 1 => vec![Err(error)],
            Err(_) => {
                let mut outcomes = Vec::with_capacity(writes.len());
                for write in writes {
                    outcomes.push(deliveries.write_letter(write).await);
                }
                outcomes
            }
        };
        for (answer, outcome) in answers.into_iter().zip(outcomes) {
            let _ = answer.send(outcome);
        }
    }
}
