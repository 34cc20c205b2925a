//! The one that writes what waits.

use super::{Answer, IntakeError, IntakeSettings, Ticket};
use crate::error::{StorageError, StorageResult};
use crate::signatures::Signatures;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

/// Writes what waits in the intake's queue. Its caller spawns [`IntakeWorker::run`].
pub struct IntakeWorker {
    signs: mpsc::Receiver<Ticket>,
    others: mpsc::Receiver<Ticket>,
    signatures: Arc<dyn Signatures>,
    settings: IntakeSettings,
    /// Whether patience with storage ran out, and it has not answered since.
    is_impatient: AtomicBool,
    /// Whether storage did not answer the last time: told to whom the full queue turns away.
    is_away: Arc<AtomicBool>,
}

impl IntakeWorker {
    pub(super) fn new(
        (signs, others): (mpsc::Receiver<Ticket>, mpsc::Receiver<Ticket>),
        (signatures, is_away): (Arc<dyn Signatures>, Arc<AtomicBool>),
        settings: IntakeSettings,
    ) -> Self {
        Self {
            signs,
            others,
            signatures,
            settings,
            is_impatient: AtomicBool::new(false),
            is_away,
        }
    }

    /// Writes until `stop` is ready; then takes nothing more in, writes what waits, and ends. Ends
    /// too when every [`super::Intake`] is gone.
    pub async fn run(mut self, stop: impl Future<Output = ()> + Send) {
        let mut stop = pin!(stop);
        let mut is_stopping = false;
        let most = self.settings.batch.max(1);
        let (mut waiting, mut signing) = (Vec::new(), Vec::with_capacity(most));
        let (mut are_signs_over, mut are_others_over) = (false, false);
        while !(are_signs_over && are_others_over) {
            tokio::select! {
                biased;
                () = &mut stop, if !is_stopping => {
                    is_stopping = true;
                    self.signs.close();
                    self.others.close();
                }
                count = self.others.recv_many(&mut waiting, most), if !are_others_over => {
                    are_others_over = count == 0;
                    take(&mut self.signs, &mut signing, most);
                }
                count = self.signs.recv_many(&mut signing, most), if !are_signs_over => {
                    are_signs_over = count == 0;
                    take(&mut self.others, &mut waiting, most);
                }
            }
            waiting.append(&mut signing);
            self.write(&mut waiting).await;
        }
    }

    /// One transaction of each kind: mixed ones would take locks out of order.
    async fn write(&self, waiting: &mut Vec<Ticket>) {
        let (mut signs, mut confirms) = (Group::default(), Group::default());
        let (mut withdraws, mut corrects) = (Group::default(), Group::default());
        for ticket in waiting.drain(..) {
            match ticket {
                Ticket::Sign(new, answer) => signs.push(*new, answer),
                Ticket::Confirm(confirmation, answer) => confirms.push(confirmation, answer),
                Ticket::Withdraw(withdrawal, answer) => withdraws.push(withdrawal, answer),
                Ticket::Correct(correction, answer) => corrects.push(*correction, answer),
            }
        }
        let writer = Writer {
            signatures: self.signatures.as_ref(),
            patience: self.settings.patience,
            is_impatient: &self.is_impatient,
            is_away: &self.is_away,
        };
        confirms
            .write(&writer, |signatures, batch| signatures.confirm(batch))
            .await;
        withdraws
            .write(&writer, |signatures, batch| signatures.withdraw(batch))
            .await;
        corrects
            .write(&writer, |signatures, batch| signatures.correct(batch))
            .await;
        signs
            .write(&writer, |signatures, batch| {
                signatures.record_signatures(batch)
            })
            .await;
    }
}

/// Takes at most so many that wait already: neither queue holds the other up.
fn take(queue: &mut mpsc::Receiver<Ticket>, waiting: &mut Vec<Ticket>, most: usize) {
    let arrived = std::iter::from_fn(|| queue.try_recv().ok());
    waiting.extend(arrived.take(most));
}

/// Tickets of one kind.
struct Group<C, T> {
    commands: Vec<C>,
    answers: Vec<Answer<T>>,
}

impl<C, T> Default for Group<C, T> {
    fn default() -> Self {
        Self {
            commands: Vec::new(),
            answers: Vec::new(),
        }
    }
}

type Writing<'a, T> = std::pin::Pin<Box<dyn Future<Output = StorageResult<Vec<T>>> + Send + 'a>>;

/// How a kind is written.
type Write<C, T> = for<'a> fn(&'a dyn Signatures, &'a [C]) -> Writing<'a, T>;

impl<C: Sync, T> Group<C, T> {
    fn push(&mut self, command: C, answer: Answer<T>) {
        self.commands.push(command);
        self.answers.push(answer);
    }

    async fn write(self, writer: &Writer<'_>, write: Write<C, T>) {
        if self.commands.is_empty() {
            return;
        }
        match writer.write(&self.commands, write).await {
            Ok(outcomes) => answer_all(self.answers, outcomes),
            Err(error) if error.is_passing() || self.commands.len() == 1 => {
                let error = Arc::new(error);
                for answer in self.answers {
                    let _ = answer.send(Err(IntakeError::Storage(Arc::clone(&error))));
                }
            }
            // One of them cannot be written: the others shall not suffer for it.
            Err(_) => {
                for (command, answer) in self.commands.iter().zip(self.answers) {
                    let one = writer.write(std::slice::from_ref(command), write).await;
                    let outcome = one.and_then(|mut outcomes| {
                        outcomes.pop().ok_or(StorageError::Missing("outcome"))
                    });
                    let _ =
                        answer.send(outcome.map_err(|error| IntakeError::Storage(Arc::new(error))));
                }
            }
        }
    }
}

fn answer_all<T>(answers: Vec<Answer<T>>, outcomes: Vec<T>) {
    for (answer, outcome) in answers.into_iter().zip(outcomes) {
        // A caller that went away has its signature all the same.
        let _ = answer.send(Ok(outcome));
    }
}

/// Where a group is written, and for how long it is tried.
struct Writer<'s> {
    signatures: &'s dyn Signatures,
    patience: Duration,
    is_impatient: &'s AtomicBool,
    is_away: &'s AtomicBool,
}

impl Writer<'_> {
    /// Tries again, more and more slowly, while the error passes and patience lasts: by the clock, for an
    /// attempt can itself wait for long. Where it ran out before, the others wait a twentieth of it.
    async fn write<C, T>(&self, batch: &[C], write: Write<C, T>) -> StorageResult<Vec<T>> {
        let patience = if self.is_impatient.load(Ordering::Relaxed) {
            self.patience / 20
        } else {
            self.patience
        };
        let (begun, mut pause) = (Instant::now(), Duration::from_millis(5));
        loop {
            let result = write(self.signatures, batch).await;
            let is_passing = result.as_ref().is_err_and(StorageError::is_passing);
            let is_away = result.as_ref().is_err_and(StorageError::is_away);
            self.is_away.store(is_away, Ordering::Relaxed);
            match result {
                Err(_) if is_passing && begun.elapsed() < patience => {
                    sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_secs(1));
                }
                result => {
                    self.is_impatient.store(is_passing, Ordering::Relaxed);
                    return result;
                }
            }
        }
    }
}
