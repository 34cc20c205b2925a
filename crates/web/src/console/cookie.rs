//! The cookie of a session (RFC 6265): sent back to the console alone, over TLS where there is TLS, out of reach of scripts.

use super::secret::Secret;
use crate::state::AppState;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use chrono::Duration;

/// For how long somebody stays logged in.
pub(crate) const LIFETIME: Duration = Duration::hours(12);

/// Browsers take a name with the prefix over TLS alone.
fn name(state: &AppState) -> &'static str {
    if is_secure(state) {
        "__Secure-redress_session"
    } else {
        "redress_session"
    }
}

fn is_secure(state: &AppState) -> bool {
    state.public_url().starts_with("https://")
}

/// The header that gives a browser its cookie.
pub(crate) fn give(state: &AppState, secret: &Secret) -> String {
    header(state, &secret.to_text(), LIFETIME)
}

/// The header that takes it away.
pub(crate) fn take(state: &AppState) -> String {
    header(state, "", Duration::zero())
}

fn header(state: &AppState, value: &str, lifetime: Duration) -> String {
    let secure = if is_secure(state) { "; Secure" } else { "" };
    format!(
        "{}={value}; Path=/console; Max-Age={}; HttpOnly; SameSite=Lax{secure}",
        name(state),
        lifetime.num_seconds()
    )
}

/// The secret that came with a request.
pub(crate) fn read(state: &AppState, headers: &HeaderMap) -> Option<Secret> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(found, _)| *found == name(state))
        .find_map(|(_, value)| Secret::parse(value))
}
