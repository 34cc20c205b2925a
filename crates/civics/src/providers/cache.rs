//! What was answered a while ago is not asked again.

use super::{ProviderError, Query, Source};
use chrono::{DateTime, TimeDelta, Utc};
use redress_model::clock::Clock;
use serde_json::Value;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A source that remembers answers, in memory alone, under a hash of the address. Failures are
/// not remembered.
pub struct Cached<S> {
    inner: S,
    kept: Mutex<Kept>,
    most: usize,
    age: TimeDelta,
    clock: Arc<dyn Clock>,
}

#[derive(Default)]
struct Kept {
    answers: HashMap<[u8; 32], (DateTime<Utc>, Arc<Value>)>,
    /// Oldest first.
    order: VecDeque<[u8; 32]>,
}

impl<S> Cached<S> {
    /// Around another source: so many answers at most, none older than `age`.
    pub fn new(inner: S, most: usize, age: TimeDelta, clock: Arc<dyn Clock>) -> Self {
        Self {
            inner,
            kept: Mutex::default(),
            most,
            age,
            clock,
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Source> Source for Cached<S> {
    fn ask(&self, query: &Query, within: Duration) -> Result<Arc<Value>, ProviderError> {
        let (key, now) = (query.key(), self.clock.now());
        let kept = self.kept().answers.get(&key).cloned();
        if let Some((at, answer)) = kept
            && now - at < self.age
        {
            return Ok(answer);
        }
        // Not under the lock: others may be answered meanwhile.
        let answer = self.inner.ask(query, within)?;
        let mut kept = self.kept();
        if kept
            .answers
            .insert(key, (now, Arc::clone(&answer)))
            .is_some()
        {
            kept.order.retain(|known| *known != key);
        }
        kept.order.push_back(key);
        while kept.order.len() > self.most {
            if let Some(oldest) = kept.order.pop_front() {
                kept.answers.remove(&oldest);
            }
        }
        Ok(answer)
    }
}
