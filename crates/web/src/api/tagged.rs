//! Public answers under a tag of their bytes: whoever holds the same is told so, and gets nothing again.

use super::BRIEFLY;
use crate::failure::Failure;
use crate::ledger::hexadecimal;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// JSON under its tag.
pub(crate) fn json(asked: &HeaderMap, value: &impl Serialize) -> Result<Response, Failure> {
    let body = serde_json::to_vec(value).map_err(|_| Failure::Broken)?;
    bytes(asked, "application/json", body)
}

/// Bytes of a type under their tag (RFC 9110, sections 8.8.3 and 13.1.2). It is weak, since the answer may be compressed on
/// its way.
pub(crate) fn bytes(
    asked: &HeaderMap,
    kind: &'static str,
    body: Vec<u8>,
) -> Result<Response, Failure> {
    let tag = format!("W/\"{}\"", hexadecimal(&Sha256::digest(&body)[..16]));
    let is_known = asked
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|tags| tags.to_str().ok())
        .flat_map(|tags| tags.split(','))
        .map(str::trim)
        .any(|known| known == "*" || same(known, &tag));
    let tag = HeaderValue::from_str(&tag).map_err(|_| Failure::Broken)?;
    let headers = [BRIEFLY, (ETAG, tag)];
    Ok(if is_known {
        (StatusCode::NOT_MODIFIED, headers, Body::empty()).into_response()
    } else {
        let kind = HeaderValue::from_static(kind);
        (headers, [(CONTENT_TYPE, kind)], body).into_response()
    })
}

/// The weak comparison: a strong tag of the same text names the same.
fn same(one: &str, other: &str) -> bool {
    one.trim_start_matches("W/") == other.trim_start_matches("W/")
}
