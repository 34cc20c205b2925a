//! The form of both steps: a file the first time, the same lines written into the page the second.

use super::super::refusal::Refusal;
use super::super::visitor::Visitor;
use crate::body::BodyError;
use crate::failure::Failure;
use crate::state::AppState;
use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The largest file, in bytes; a larger one goes in at the command line.
const LARGEST: usize = 4 * 1024 * 1024;

/// The largest body: the lines in the page take a third more, and the form around them some room.
pub(super) const MOST_BODY: usize = LARGEST / 3 * 4 + 64 * 1024;

/// What was sent, by whom.
pub(crate) struct Sent {
    pub(super) visitor: Visitor,
    pub(super) lines: Bytes,
    /// The sheet of lines that name none.
    pub(super) sheet: String,
    /// Whether the verdicts were shown.
    pub(super) is_approved: bool,
}

impl Sent {
    /// The lines as the page carries them.
    pub(super) fn kept(&self) -> String {
        STANDARD.encode(&self.lines)
    }
}

impl FromRequest<AppState> for Sent {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Refusal> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, state).await?;
        let request = Request::from_parts(parts, body);
        let malformed = || Refusal::from(Failure::Body(BodyError::Malformed));
        let mut form = Multipart::from_request(request, state)
            .await
            .map_err(|_| Failure::Body(BodyError::WrongType))?;
        let (mut token, mut kept) = (String::new(), String::new());
        let mut sent = Self {
            visitor,
            lines: Bytes::new(),
            sheet: String::new(),
            is_approved: false,
        };
        while let Some(field) = form.next_field().await.map_err(|error| refused(&error))? {
            let name = field.name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(|error| refused(&error))?;
            let text = || String::from_utf8(bytes.to_vec()).map_err(|_| malformed());
            match name.as_str() {
                "token" => token = text()?,
                "lines" => sent.lines = bytes,
                "sheet" => sent.sheet = text()?,
                "kept" => kept = text()?,
                _ => {}
            }
        }
        if !sent.visitor.secret.is_form_token(&token) {
            return Err(Refusal::ForeignForm);
        }
        if !kept.is_empty() {
            let lines = STANDARD.decode(kept.trim()).map_err(|_| malformed())?;
            (sent.lines, sent.is_approved) = (lines.into(), true);
        }
        if sent.lines.len() > LARGEST {
            return Err(Failure::Body(BodyError::TooLarge).into());
        }
        Ok(sent)
    }
}

fn refused(error: &MultipartError) -> Refusal {
    let error = if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        BodyError::TooLarge
    } else {
        BodyError::Malformed
    };
    Failure::Body(error).into()
}
