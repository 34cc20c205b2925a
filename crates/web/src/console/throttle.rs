//! How often somebody may try a password: by client, and by account, whether or not there is one.

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use sha2::{Digest, Sha256};
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

/// Tries of one client in a minute.
const BY_CLIENT: u32 = 10;
/// Tries of one account in a minute.
const BY_ACCOUNT: u32 = 5;
/// Past so many keys, those that are full again are forgotten.
const MOST_KEYS: usize = 10_000;

/// The buckets of this process.
pub(crate) struct Throttle {
    clients: DefaultKeyedRateLimiter<IpAddr>,
    accounts: DefaultKeyedRateLimiter<[u8; 32]>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            clients: RateLimiter::keyed(a_minute(BY_CLIENT)),
            accounts: RateLimiter::keyed(a_minute(BY_ACCOUNT)),
        }
    }
}

fn a_minute(times: u32) -> Quota {
    Quota::per_minute(NonZeroU32::new(times).unwrap_or(NonZeroU32::MIN))
}

impl Throttle {
    /// Takes one try, or says how long to wait. The e-mail counts as it was typed, but for case and spaces around it.
    pub(crate) fn check(&self, client: Option<IpAddr>, email: &str) -> Result<(), Duration> {
        if let Some(client) = client {
            take(&self.clients, &client)?;
        }
        let key = Sha256::digest(email.trim().to_lowercase()).into();
        take(&self.accounts, &key)
    }
}

fn take<K: Hash + Eq + Clone>(
    bucket: &DefaultKeyedRateLimiter<K>,
    key: &K,
) -> Result<(), Duration> {
    if bucket.len() > MOST_KEYS {
        bucket.retain_recent();
    }
    bucket
        .check_key(key)
        .map_err(|until| until.wait_time_from(DefaultClock::default().now()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_tried_five_times_a_minute_whoever_tries() {
        let throttle = Throttle::default();
        for last in 1..=5 {
            let client = Some(IpAddr::from([192, 0, 2, last]));
            assert_eq!(throttle.check(client, "Ana@Example.org"), Ok(()));
        }
        let wait = throttle.check(None, " ana@example.org ");
        assert!(wait.is_err_and(|wait| wait <= Duration::from_secs(12)));
        assert_eq!(throttle.check(None, "marek@example.org"), Ok(()));
    }

    #[test]
    fn a_client_tries_ten_times_a_minute_whatever_the_account() {
        let throttle = Throttle::default();
        let client = Some(IpAddr::from([192, 0, 2, 1]));
        for number in 0..10 {
            assert_eq!(throttle.check(client, &number.to_string()), Ok(()));
        }
        assert!(throttle.check(client, "another").is_err());
    }
}
