//! Too many requests of one client on this node: 429, nothing stored.

use super::client;
use crate::failure::{Failure, Page, Problem};
use crate::hooks;
use crate::state::AppState;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

/// Tries of a code: about twenty a day, as one an hour after a burst.
const CODES: (u32, u32) = (1, 20);
/// Past so many keys, those that are full again are forgotten.
const MOST_KEYS: usize = 10_000;

/// How much of one kind one client may send to this node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// In a second.
    pub a_second: u32,
    /// At once.
    pub burst: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            a_second: 20,
            burst: 60,
        }
    }
}

/// What a client wants, as far as buckets go: who looks up a lot may still sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Action {
    Sign,
    Confirm,
    LookUp,
    Other,
}

impl Action {
    fn of(path: &str) -> Self {
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        match parts.as_slice() {
            ["p", _, "sign"] | ["api", "v1", "petitions", _, "signatures"] => Self::Sign,
            ["confirm" | "permit", ..] | ["p", _, "permit"] => Self::Confirm,
            ["p", _, "officials", ..] | ["api", "v1", "lookup"] => Self::LookUp,
            _ => Self::Other,
        }
    }
}

/// The buckets.
pub(crate) struct Limits {
    actions: DefaultKeyedRateLimiter<(Action, IpAddr)>,
    codes: DefaultKeyedRateLimiter<IpAddr>,
}

impl Limits {
    /// Full buckets.
    pub(crate) fn new(pace: Pace) -> Self {
        let number = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(number(pace.a_second)).allow_burst(number(pace.burst));
        let codes = Quota::per_hour(number(CODES.0)).allow_burst(number(CODES.1));
        Self {
            actions: RateLimiter::keyed(quota),
            codes: RateLimiter::keyed(codes),
        }
    }

    /// Takes one from the buckets of a request, or says how long to wait.
    fn check(&self, path: &str, client: IpAddr) -> Result<(), Duration> {
        take(&self.actions, &(Action::of(path), client))?;
        if path == "/confirm" {
            take(&self.codes, &client)?;
        }
        Ok(())
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

/// Guards every write but calls of providers, which count by whether they are signed.
pub(crate) async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_write = request.method() == Method::POST && !hooks::is_call(path);
    let client = client::address(&state, request.extensions(), request.headers());
    if let (true, Some(limits), Some(client)) = (is_write, state.limits(), client)
        && let Err(wait) = limits.check(path, client)
    {
        return if path.starts_with("/api/") {
            Problem(Failure::Flood(wait)).into_response()
        } else {
            Page(Failure::Flood(wait)).into_response()
        };
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_client_has_a_bucket_for_each_action() {
        let limits = Limits::new(Pace {
            a_second: 1,
            burst: 2,
        });
        let (one, other) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        for _ in 0..2 {
            assert_eq!(limits.check("/p/forbid-it/sign", one), Ok(()));
        }
        let api = "/api/v1/petitions/forbid-it/signatures";
        let wait = limits.check(api, one);
        assert!(wait.is_err_and(|wait| wait <= Duration::from_secs(1)));
        assert_eq!(limits.check("/api/v1/lookup", one), Ok(()));
        // What is asked while an address is typed is a look-up too.
        assert_eq!(limits.check("/p/forbid-it/officials/preview", one), Ok(()));
        assert!(limits.check("/p/forbid-it/officials", one).is_err());
        assert_eq!(limits.check(api, other), Ok(()));
    }
}
