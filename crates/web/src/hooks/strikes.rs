//! How many calls whose signature does not hold one client may make to this node. Signed ones cost nothing, however many come.
//!
//! A call counts before a byte of its body is read, and no longer once its signature has held. So a flood is bounded in what of it is
//! read and checked at the same time, too, and of a provider's burst only what is being read at one moment.

use crate::layers::flood::Pace;
use chrono::{DateTime, Duration, Utc};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Past so many clients, those that owe nothing are forgotten.
const MOST_CLIENTS: usize = 10_000;

/// What clients owe, as the time that it takes to be forgotten.
pub(crate) struct Strikes {
    /// For one call.
    each: Duration,
    /// What may be owed.
    most: Duration,
    /// Until when each client owes.
    owed: Mutex<HashMap<IpAddr, DateTime<Utc>>>,
}

impl Strikes {
    /// Nobody owes anything.
    pub(crate) fn new(pace: Pace) -> Self {
        let each = Duration::microseconds(1_000_000 / i64::from(pace.a_second.max(1)));
        Self {
            each,
            most: each * i32::try_from(pace.burst.max(1)).unwrap_or(i32::MAX),
            owed: Mutex::default(),
        }
    }

    /// Counts a call, or says how long to wait with it.
    pub(super) fn count(
        &self,
        client: IpAddr,
        now: DateTime<Utc>,
    ) -> Result<(), std::time::Duration> {
        let mut owed = self.owed();
        if owed.len() > MOST_CLIENTS {
            owed.retain(|_, until| *until > now);
        }
        // A clock that was put back makes nobody wait for longer than the most.
        let latest = now + self.most;
        let until = owed
            .get(&client)
            .map_or(now, |until| (*until).clamp(now, latest));
        let next = until + self.each;
        if next > latest {
            owed.insert(client, until);
            return Err((next - latest).to_std().unwrap_or_default());
        }
        owed.insert(client, next);
        Ok(())
    }

    /// A call that was counted is signed.
    pub(super) fn forgive(&self, client: IpAddr) {
        if let Some(until) = self.owed().get_mut(&client) {
            *until -= self.each;
        }
    }

    fn owed(&self) -> MutexGuard<'_, HashMap<IpAddr, DateTime<Utc>>> {
        self.owed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_447_400 + seconds, 0).unwrap()
    }

    /// Two a second, and four at once.
    fn strikes() -> Strikes {
        Strikes::new(Pace {
            a_second: 2,
            burst: 4,
        })
    }

    #[test]
    fn what_is_not_signed_is_soon_too_much_and_passes_with_time() {
        let strikes = strikes();
        for _ in 0..4 {
            assert_eq!(strikes.count(ONE, at(0)), Ok(()));
        }
        let wait = std::time::Duration::from_millis(500);
        assert_eq!(strikes.count(ONE, at(0)), Err(wait));
        assert_eq!(strikes.count(OTHER, at(0)), Ok(()), "who is no other");
        for _ in 0..2 {
            assert_eq!(strikes.count(ONE, at(1)), Ok(()));
        }
        assert!(strikes.count(ONE, at(1)).is_err());
        // However long nothing came, no more come at once.
        for _ in 0..4 {
            assert_eq!(strikes.count(ONE, at(3_600)), Ok(()));
        }
        assert!(strikes.count(ONE, at(3_600)).is_err());
    }

    #[test]
    fn what_is_signed_costs_nothing_and_earns_nothing() {
        let strikes = strikes();
        for _ in 0..1_000 {
            assert_eq!(strikes.count(ONE, at(0)), Ok(()));
            strikes.forgive(ONE);
        }
        for _ in 0..4 {
            assert_eq!(strikes.count(ONE, at(60)), Ok(()));
        }
        assert!(strikes.count(ONE, at(60)).is_err());
        strikes.forgive(OTHER);
        assert_eq!(strikes.count(OTHER, at(60)), Ok(()));
    }

    #[test]
    fn a_clock_that_is_put_back_makes_nobody_wait_for_long() {
        let strikes = strikes();
        for _ in 0..4 {
            assert_eq!(strikes.count(ONE, at(86_400)), Ok(()));
        }
        let wait = std::time::Duration::from_millis(500);
        assert_eq!(strikes.count(ONE, at(0)), Err(wait));
        assert_eq!(strikes.count(ONE, at(1)), Ok(()));
    }

    #[test]
    fn clients_that_owe_nothing_are_forgotten() {
        let strikes = strikes();
        for number in 0..=MOST_CLIENTS as u32 {
            let client = IpAddr::from(number.to_be_bytes());
            assert_eq!(strikes.count(client, at(0)), Ok(()));
        }
        assert_eq!(strikes.count(ONE, at(60)), Ok(()));
        assert_eq!(strikes.owed().len(), 1);
    }
}
