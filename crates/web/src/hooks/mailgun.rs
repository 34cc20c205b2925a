//! Mailgun: HMAC-SHA-256 over an instant and a token, which is good once.
//!
//! <https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks>

use super::keys::MailgunKey;
use super::{Carried, Refused};
use crate::failure::Failure;
use crate::state::AppState;
use chrono::{DateTime, Duration};
use hmac::{Hmac, KeyInit, Mac};
use redress_storage::hooks::HookToken;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// How far the instant may be from now. Mailgun signs each try anew.
const WINDOW: Duration = Duration::minutes(15);

pub(super) async fn check(
    state: &AppState,
    key: &MailgunKey,
    body: &[u8],
) -> Result<Result<Carried, Refused>, Failure> {
    let (value, signed) = match read(key, body) {
        Ok(read) => read,
        Err(refused) => return Ok(Err(refused)),
    };
    let now = state.now();
    let is_of_now = DateTime::from_timestamp(signed.seconds, 0)
        .is_some_and(|at| at - now <= WINDOW && now - at <= WINDOW);
    if !is_of_now {
        return Ok(Err(Refused::Forged));
    }
    // The signature says nothing of the event: whoever has seen one could put it before another. The same event again, as of a
    // provider that heard no answer, is a repetition.
    let event = value.get("event-data").map(ToString::to_string);
    let token = HookToken {
        provider: "mailgun",
        token: Sha256::digest(&signed.token).into(),
        digest: Sha256::digest(event.unwrap_or_default()).into(),
        expires_at: now + WINDOW + WINDOW,
    };
    let is_its = state.store().hooks.remember_hook_token(&token, now).await?;
    Ok(if is_its {
        Ok(Carried::Body(value))
    } else {
        Err(Refused::Forged)
    })
}

struct Signed {
    seconds: i64,
    token: String,
}

fn read(key: &MailgunKey, body: &[u8]) -> Result<(Value, Signed), Refused> {
    let value: Value = serde_json::from_slice(body).map_err(|_| Refused::Unsigned)?;
    let text = |name: &str| {
        let part = value.pointer(&format!("/signature/{name}"))?;
        // The instant is documented as a text, and was seen as a number.
        let number = part.as_i64().map(|number| number.to_string());
        number.or_else(|| part.as_str().map(str::to_owned))
    };
    let parts = (text("timestamp"), text("token"), text("signature"));
    let (Some(timestamp), Some(token), Some(signature)) = parts else {
        return Err(Refused::Unsigned);
    };
    let seconds = timestamp.parse().map_err(|_| Refused::Forged)?;
    let signature = bytes(&signature).ok_or(Refused::Forged)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(key.0.as_bytes()).map_err(|_| Refused::Forged)?;
    mac.update(timestamp.as_bytes());
    mac.update(token.as_bytes());
    mac.verify_slice(&signature).map_err(|_| Refused::Forged)?;
    Ok((value, Signed { seconds, token }))
}

/// 32 bytes written in hexadecimal.
fn bytes(text: &str) -> Option<Vec<u8>> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let pairs = (0..32).map(|at| u8::from_str_radix(&text[at * 2..at * 2 + 2], 16));
    pairs.collect::<Result<_, _>>().ok()
}
