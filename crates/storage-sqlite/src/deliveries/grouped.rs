//! What sessions write about their letters, many in one commit.
//!
//! SQLite has one writer, and a durable commit costs a trip to the disk, whatever is in it. What comes while one is under way goes into
//! the next together, and nobody is answered before it is durable. Where one of them cannot be written nothing is, and each is tried alone.

use super::{claim, outcome};
use crate::errors::from_sqlx;
use crate::open::{Connection, Sqlite};
use chrono::{DateTime, Utc};
use redress_model::id::DeliveryId;
use redress_storage::deliveries::{AttemptOutcome, Envelope};
use redress_storage::{StorageError, StorageResult};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Mutex as Turn, oneshot};
use uuid::Uuid;

/// The most writes of one commit.
const MOST: usize = 64;

/// What is written about a letter by whoever has its token.
pub(super) enum Write {
    Settle(DeliveryId, Uuid, Box<Envelope>, DateTime<Utc>),
    Intent(DeliveryId, Uuid, DateTime<Utc>),
    Outcome(DeliveryId, Uuid, Box<AttemptOutcome>),
}

type Answer = oneshot::Sender<StorageResult<bool>>;

/// Those who wait to be written; cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Grouped(Arc<Inner>);

#[derive(Default)]
struct Inner {
    waiting: Mutex<VecDeque<(Write, Answer)>>,
    /// Held by whoever writes for all.
    turn: Turn<()>,
}

impl Grouped {
    fn waiting(&self) -> MutexGuard<'_, VecDeque<(Write, Answer)>> {
        self.0
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The first that wait.
    fn take(&self) -> (Vec<Write>, Vec<Answer>) {
        let mut waiting = self.waiting();
        let count = waiting.len().min(MOST);
        waiting.drain(..count).unzip()
    }
}

impl Sqlite {
    /// Writes with whatever else is to be written; answers after the commit. `false` when the lease is lost. Whoever's turn it is writes for
    /// all who wait by then; should it be given up in the middle, they are told to come again: what they wrote may be on record, and tells itself by the
    /// lease.
    pub(super) async fn write_grouped(&self, write: Write) -> StorageResult<bool> {
        let (answer, mut outcome) = oneshot::channel();
        self.grouped.waiting().push_back((write, answer));
        loop {
            tokio::select! {
                biased;
                outcome = &mut outcome => {
                    let gone = |_| Err(StorageError::Busy("the writer went away".into()));
                    return outcome.unwrap_or_else(gone);
                }
                _turn = self.grouped.0.turn.lock() => self.serve().await,
            }
        }
    }

    async fn serve(&self) {
        let (writes, answers) = self.grouped.take();
        if writes.is_empty() {
            return;
        }
        let outcomes = match self.write_all(&writes).await {
            Ok(written) => written.into_iter().map(Ok).collect(),
            Err(error) if writes.len() == 1 => vec![Err(error)],
            Err(_) => self.write_each(&writes).await,
        };
        for (answer, outcome) in answers.into_iter().zip(outcomes) {
            let _ = answer.send(outcome);
        }
    }

    async fn write_all(&self, writes: &[Write]) -> StorageResult<Vec<bool>> {
        let mut tx = self.begin().await?;
        let mut outcomes = Vec::with_capacity(writes.len());
        for write in writes {
            outcomes.push(apply(&mut tx, write).await?);
        }
        tx.commit().await.map_err(from_sqlx)?;
        Ok(outcomes)
    }

    async fn write_each(&self, writes: &[Write]) -> Vec<StorageResult<bool>> {
        let mut outcomes = Vec::with_capacity(writes.len());
        for write in writes {
            let written = self.write_all(std::slice::from_ref(write)).await;
            outcomes.push(written.map(|mut one| one.pop().unwrap_or_default()));
        }
        outcomes
    }
}

async fn apply(connection: &mut Connection, write: &Write) -> StorageResult<bool> {
    match write {
        Write::Settle(id, token, envelope, at) => {
            claim::settle(connection, *id, *token, envelope, *at).await
        }
        Write::Intent(id, token, at) => claim::record_intent(connection, *id, *token, *at).await,
        Write::Outcome(id, token, outcome) => {
            outcome::record(connection, *id, *token, outcome).await
        }
    }
}
