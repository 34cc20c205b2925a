//! SendGrid: ECDSA (P-256, SHA-256) over an instant and the body as it came.
//!
//! <https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features>

use super::keys::SendgridKey;
use super::{Carried, Refused};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const SIGNATURE: &str = "x-twilio-email-event-webhook-signature";
const TIMESTAMP: &str = "x-twilio-email-event-webhook-timestamp";

/// A call whose signature holds. The same call once more is harmless: each event in it is taken once.
pub(super) fn check(
    key: &SendgridKey,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Carried, Refused> {
    let (Some(signature), Some(timestamp)) = (headers.get(SIGNATURE), headers.get(TIMESTAMP))
    else {
        return Err(Refused::Unsigned);
    };
    let signature = STANDARD
        .decode(signature.as_bytes())
        .map_err(|_| Refused::Forged)?;
    let mut said = timestamp.as_bytes().to_vec();
    said.extend_from_slice(body);
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &key.0)
        .verify(&said, &signature)
        .map_err(|_| Refused::Forged)?;
    let body = serde_json::from_slice(body).map_err(|_| Refused::Malformed)?;
    Ok(Carried::Body(body))
}
