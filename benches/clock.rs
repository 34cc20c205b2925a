//! Time, as benchmarks take it.

use std::time::{Duration, Instant};

/// The instant; the one place of this crate that asks the machine.
pub fn now() -> Instant {
    Instant::now()
}

/// How long something takes, with what it answers.
pub fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let begun = now();
    let answer = work();
    (begun.elapsed(), answer)
}

/// The middle of some durations; zero of none.
pub fn median(mut all: Vec<Duration>) -> Duration {
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or_default()
}
