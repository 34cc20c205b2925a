//! What time it is: handed in, so that every test can say what day it is.

use chrono::{DateTime, Duration, DurationRound, Utc};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// This instant, UTC.
    fn now(&self) -> DateTime<Utc>;
}

/// A clock that stands where it was set.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub DateTime<Utc>);

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

/// The beginning of the hour, UTC, in which an instant lies: the unit of a tally's history.
pub fn hour_of(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(Duration::hours(1)).unwrap_or(at)
}

/// An instant as databases keep it: whole microseconds.
pub fn to_micros(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_belongs_to_the_hour_that_it_began_in() {
        let at: DateTime<Utc> = "2026-03-01T17:59:59.999Z".parse().unwrap();
        assert_eq!(hour_of(at).to_rfc3339(), "2026-03-01T17:00:00+00:00");
    }
}
