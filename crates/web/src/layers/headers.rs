//! The headers that every answer has.

use crate::state::AppState;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use std::fmt::Write;

/// Everything comes from this host, nothing stands inline.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// The same for pages with the form, whose own script asks this host.
const POLICY_OF_FORM: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// The same for the page that others may show in a frame.
const POLICY_OF_EMBED: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'";

/// Where paths hold a secret.
const SECRET: [&str; 5] = ["/confirm/", "/desk/", "/permit/", "/r/", "/unsubscribe/"];
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// Adds the headers of security, the request's id, and how long the answer may be kept.
pub(crate) async fn add(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_embed = path.starts_with("/p/") && path.ends_with("/embed");
    // A permit brings the form back.
    let is_petition = path.starts_with("/p/") || path.starts_with("/permit/");
    let is_open = request.method() == Method::GET && path.starts_with("/api/v1/");
    let is_secret = SECRET.iter().any(|prefix| path.starts_with(prefix));
    let id = request_id(&state);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let policy = if is_embed {
        POLICY_OF_EMBED
    } else if is_petition {
        POLICY_OF_FORM
    } else {
        POLICY
    };
    // A page that shows a letter brings its own.
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(policy));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    if is_secret {
        // What a secret link opens is in no index, should somebody publish the link.
        headers.insert(ROBOTS, HeaderValue::from_static("noindex, nofollow"));
    }
    if is_open {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

fn request_id(state: &AppState) -> String {
    let mut bytes = [0; 8];
    state.random().fill_bytes(&mut bytes);
    let mut id = format!("{}-", state.node());
    for byte in bytes {
        let _ = write!(id, "{byte:02x}");
    }
    id
}
