//! Postmark signs nothing: its calls carry a secret, as the password of basic authentication or in a header of their own.
//!
//! <https://postmarkapp.com/developer/webhooks/webhooks-overview#protecting-your-webhook>

use super::keys::PostmarkSecret;
use super::{Carried, Refused};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The header, where the secret is no password.
const TOKEN: &str = "x-redress-hook-token";

pub(super) fn check(
    secret: &PostmarkSecret,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Carried, Refused> {
    let told = headers.get(TOKEN).map(|it| it.as_bytes().to_vec());
    let told = told
        .or_else(|| password(headers))
        .ok_or(Refused::Unsigned)?;
    // Hashes are compared, so that the time says nothing of how much of it is right.
    if Sha256::digest(&told) != Sha256::digest(&secret.0) {
        return Err(Refused::Forged);
    }
    let body = serde_json::from_slice(body).map_err(|_| Refused::Malformed)?;
    Ok(Carried::Body(body))
}

/// The password of basic authentication (RFC 7617), whoever's.
fn password(headers: &HeaderMap) -> Option<Vec<u8>> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = STANDARD.decode(encoded.trim()).ok()?;
    let colon = pair.iter().position(|it| *it == b':')?;
    Some(pair[colon + 1..].to_vec())
}
