//! What only the machine knows: the time, and randomness.

use chrono::{DateTime, Utc};
use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;
use redress_model::clock::Clock;

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the program is where the clock is read"
    )]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// The operating system's random source. It gives up only on a machine that has none.
pub fn random() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}
