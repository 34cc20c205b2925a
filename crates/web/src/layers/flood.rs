//! Too many requests of one client on this node: 429, nothing stored.

use super::client;
use crate::failure::{Failure, Page, Problem};
use crate::state::AppState;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::IpAddr;
use std::num::NonZeroU32;

/// Writes of one client in a second, and in a burst.
const WRITES: (u32, u32) = (20, 60);
/// Tries of a code: about twenty a day, as one an hour after a burst.
const CODES: (u32, u32) = (1, 20);

/// The buckets.
pub(crate) struct Limits {
    writes: DefaultKeyedRateLimiter<IpAddr>,
    codes: DefaultKeyedRateLimiter<IpAddr>,
}

impl Default for Limits {
    fn default() -> Self {
        let number = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let writes = Quota::per_second(number(WRITES.0)).allow_burst(number(WRITES.1));
        let codes = Quota::per_hour(number(CODES.0)).allow_burst(number(CODES.1));
        Self {
            writes: RateLimiter::keyed(writes),
            codes: RateLimiter::keyed(codes),
        }
    }
}

/// Guards every write.
pub(crate) async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let is_write = request.method() == Method::POST;
    let client = client::address(&state, request.extensions(), request.headers());
    if let (true, Some(limits), Some(client)) = (is_write, state.limits(), client) {
        let path = request.uri().path();
        let is_flood = limits.writes.check_key(&client).is_err()
            || (path == "/confirm" && limits.codes.check_key(&client).is_err());
        if is_flood {
            return if path.starts_with("/api/") {
                Problem(Failure::Flood).into_response()
            } else {
                Page(Failure::Flood).into_response()
            };
        }
    }
    next.run(request).await
}
