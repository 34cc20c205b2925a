//! Bodies of requests, read with suspicion: whatever is wrong with one is a 4xx.

use crate::failure::{Failure, Page, Problem};
use crate::spoken::t;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

/// The longest body, in bytes.
pub(crate) const LONGEST: usize = 64 * 1024;

/// Why a body cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyError {
    /// Over 64 KiB.
    TooLarge,
    /// Of another type than this call takes.
    WrongType,
    /// Not UTF-8, or with a NUL inside.
    NotText,
    /// Not what its type promises.
    Malformed,
}

impl BodyError {
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::WrongType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::NotText | Self::Malformed => StatusCode::BAD_REQUEST,
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::TooLarge => t("that is more than 64 KiB"),
            Self::WrongType => t("this takes another content type"),
            Self::NotText => t("that is not UTF-8 text"),
            Self::Malformed => t("that cannot be read"),
        }
    }
}

/// The fields of a posted form, in their order.
pub(crate) struct FormFields(pub Vec<(String, String)>);

/// The members of a posted JSON object.
pub(crate) struct JsonFields(pub Map<String, Value>);

impl FormFields {
    /// A field's text, empty if absent.
    pub(crate) fn text(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, text)| text.as_str())
    }

    /// Whether a box was ticked.
    pub(crate) fn is_ticked(&self, name: &str) -> bool {
        matches!(self.text(name), "on" | "true" | "1" | "yes")
    }
}

impl<S: Send + Sync> FromRequest<S> for FormFields {
    type Rejection = Page;

    async fn from_request(request: Request, state: &S) -> Result<Self, Page> {
        let text = read(request, state, "application/x-www-form-urlencoded")
            .await
            .map_err(Failure::Body)?;
        let fields: Vec<(String, String)> = form_urlencoded::parse(text.as_bytes())
            .into_owned()
            .collect();
        // Percent-encoded bytes that are no UTF-8 come out as the replacement character.
        let is_odd = |text: &String| text.contains(['\0', '\u{FFFD}']);
        if fields
            .iter()
            .any(|(name, text)| is_odd(name) || is_odd(text))
        {
            return Err(Failure::Body(BodyError::NotText).into());
        }
        Ok(Self(fields))
    }
}

impl<S: Send + Sync> FromRequest<S> for JsonFields {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let text = read(request, state, "application/json")
            .await
            .map_err(Failure::Body)?;
        let Ok(Value::Object(fields)) = serde_json::from_str(&text) else {
            return Err(Failure::Body(BodyError::Malformed).into());
        };
        let has_nul = |value: &Value| value.as_str().is_some_and(|text| text.contains('\0'));
        if fields.values().any(has_nul) {
            return Err(Failure::Body(BodyError::NotText).into());
        }
        Ok(Self(fields))
    }
}

async fn read<S: Send + Sync>(
    request: Request,
    state: &S,
    kind: &str,
) -> Result<String, BodyError> {
    if !is_of(request.headers(), kind) {
        return Err(BodyError::WrongType);
    }
    let bytes = Bytes::from_request(request, state)
        .await
        .map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                BodyError::TooLarge
            } else {
                BodyError::Malformed
            }
        })?;
    let text = String::from_utf8(bytes.into()).map_err(|_| BodyError::NotText)?;
    if text.contains('\0') {
        return Err(BodyError::NotText);
    }
    Ok(text)
}

fn is_of(headers: &HeaderMap, kind: &str) -> bool {
    let stated = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let bare = stated.map(|stated| stated.split(';').next().unwrap_or_default().trim());
    bare.is_some_and(|bare| bare.eq_ignore_ascii_case(kind))
}
