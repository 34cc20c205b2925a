//! What attempts write about their letters, many in one commit.
//!
//! A durable commit costs a trip to the disk, and each statement a trip to the database, whatever is in them. What comes while one commit is under
//! way goes into the next together, and nobody is answered before it is durable. Where one of them cannot be written nothing is, and each is
//! tried alone.

use crate::mailer::Mailer;
use redress_storage::deliveries::{LetterWrite, Written};
use redress_storage::{StorageError, StorageResult};
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, oneshot};

/// The most writes of one commit, or as many intents.
const MOST: usize = 64;

/// How many writes of a commit may be no intents, however many of these there are.
const OTHERS: usize = 8;

type Answer = oneshot::Sender<StorageResult<bool>>;

/// Those who wait to be written, in the order in which they came.
#[derive(Default)]
struct Waiting {
    /// A session waits for each of them, so they go first.
    intents: VecDeque<(LetterWrite, Answer)>,
    others: VecDeque<(LetterWrite, Answer)>,
}

/// What waits to be written.
#[derive(Default)]
pub(crate) struct Writes {
    waiting: Mutex<Waiting>,
    /// Wakes whoever writes for all.
    came: Notify,
}

impl Writes {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, write: LetterWrite, answer: Answer) {
        let mut waiting = self.waiting();
        let queue = match write.what {
            Written::Intent(_) => &mut waiting.intents,
            Written::Envelope(..) | Written::Outcome(_) => &mut waiting.others,
        };
        queue.push_back((write, answer));
        drop(waiting);
        self.came.notify_one();
    }

    /// The next that are written together.
    fn take(&self) -> (Vec<LetterWrite>, Vec<Answer>) {
        let mut waiting = self.waiting();
        // Whoever asked for it is gone, and writes no dot: on record it would make the letter uncertain for nothing.
        waiting.intents.retain(|(_, answer)| !answer.is_closed());
        let intents = waiting.intents.len().min(MOST);
        let others = MOST.saturating_sub(intents).max(OTHERS);
        let others = waiting.others.len().min(others);
        let Waiting {
            intents: first,
            others: then,
        } = &mut *waiting;
        first.drain(..intents).chain(then.drain(..others)).unzip()
    }
}

impl Mailer {
    /// Writes with whatever else is to be written; answers after the commit. `false` when the lease is lost. Should whoever writes for all be given
    /// up in the middle, the answer is to come again: what was written may be on record, and tells itself by the lease.
    pub(super) async fn write(&self, write: LetterWrite) -> StorageResult<bool> {
        let (answer, outcome) = oneshot::channel();
        self.writes().add(write, answer);
        let gone = |_| Err(StorageError::Busy("the writer went away".into()));
        outcome.await.unwrap_or_else(gone)
    }

    /// Writes for all, as long as it is let.
    pub(super) async fn write_for_all(self) {
        loop {
            let (writes, answers) = self.writes().take();
            if writes.is_empty() {
                self.writes().came.notified().await;
            } else {
                self.write_together(writes, answers).await;
            }
        }
    }

    async fn write_together(&self, writes: Vec<LetterWrite>, answers: Vec<Answer>) {
        let deliveries = &self.store().deliveries;
        let outcomes: Vec<_> = match deliveries.write_letters(&writes).await {
            Ok(written) => written.into_iter().map(Ok).collect(),
            // What passes is everybody's trouble: to try each alone would keep all of them waiting as often.
            Err(error) if writes.len() == 1 || error.is_passing() => for_all(error, writes.len()),
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

/// One trouble, said to all who wait.
fn for_all(error: StorageError, count: usize) -> Vec<StorageResult<bool>> {
    let said = error.to_string();
    let others = (1..count).map(|_| Err(StorageError::Busy(said.clone().into())));
    std::iter::once(Err(error)).chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Utc};
    use redress_model::id::DeliveryId;
    use uuid::Uuid;

    fn intent(number: u128) -> LetterWrite {
        LetterWrite {
            id: DeliveryId(Uuid::from_u128(number)),
            token: Uuid::nil(),
            what: Written::Intent(DateTime::<Utc>::UNIX_EPOCH),
        }
    }

    #[test]
    fn an_intent_that_nobody_waits_for_is_not_written() {
        let writes = Writes::default();
        let (gone, receiver) = oneshot::channel();
        drop(receiver);
        writes.add(intent(1), gone);
        let (answer, _receiver) = oneshot::channel();
        writes.add(intent(2), answer);
        assert_eq!(writes.take().0, [intent(2)]);
        assert!(writes.take().0.is_empty());
    }

    #[test]
    fn a_trouble_that_passes_is_said_to_all_and_stays_one_that_passes() {
        let answers = for_all(StorageError::Busy("away".into()), 3);
        assert_eq!(answers.len(), 3);
        for answer in answers {
            assert!(answer.is_err_and(|error| error.is_passing()));
        }
    }
}
