//! A failure that may pass is tried again, within the deadline of the whole call.

use super::{ProviderError, Query, Source};
use redress_model::clock::Clock;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// The wait before the first repetition; each one after it waits twice as long.
const FIRST: Duration = Duration::from_millis(100);

/// How to wait: the machine's sleep, or a test's nothing.
pub type Pause = Arc<dyn Fn(Duration) + Send + Sync>;

/// A source that is asked again.
pub struct Retried<S> {
    inner: S,
    retries: u32,
    clock: Arc<dyn Clock>,
    pause: Pause,
}

impl<S> Retried<S> {
    /// Around another source, so many times more.
    pub fn new(inner: S, retries: u32, clock: Arc<dyn Clock>, pause: Pause) -> Self {
        Self {
            inner,
            retries,
            clock,
            pause,
        }
    }
}

impl<S: Source> Source for Retried<S> {
    fn ask(&self, query: &Query, within: Duration) -> Result<Arc<Value>, ProviderError> {
        let begun_at = self.clock.now();
        let left = || {
            let spent = (self.clock.now() - begun_at).to_std().unwrap_or_default();
            within.saturating_sub(spent)
        };
        let mut tries = 0;
        loop {
            let time = left();
            if time.is_zero() {
                return Err(ProviderError::Late);
            }
            match self.inner.ask(query, time) {
                Err(error) if error.is_passing() && tries < self.retries => {
                    let wait = FIRST.saturating_mul(1 << tries.min(10));
                    if wait >= left() {
                        return Err(error);
                    }
                    (self.pause)(wait);
                    tries += 1;
                }
                answered => return answered,
            }
        }
    }
}
