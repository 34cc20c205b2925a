//! The form of both steps: a file the first time, the same list written into the page the second.

use super::super::super::refusal::Refusal;
use super::super::super::visitor::Visitor;
use crate::body::BodyError;
use crate::failure::Failure;
use crate::state::AppState;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The largest list, in bytes; a larger one goes in at the command line.
const LARGEST: usize = 4 * 1024 * 1024;

/// The largest body: the list in the page takes a third more, and the form around it some room.
pub(super) const MOST_BODY: usize = LARGEST / 3 * 4 + 64 * 1024;

/// Longest name of a file, in letters.
const LONGEST_NAME: usize = 100;

/// What was sent, by whom.
pub(crate) struct Sent {
    pub(super) visitor: Visitor,
    pub(super) list: Bytes,
    pub(super) name: String,
    pub(super) format: String,
    pub(super) ends_missing: bool,
    /// The directory that the changes were shown against; none the first time.
    pub(super) revision: Option<i64>,
}

impl Sent {
    /// The list as the page carries it.
    pub(super) fn kept(&self) -> String {
        STANDARD.encode(&self.list)
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
            list: Bytes::new(),
            name: String::new(),
            format: String::new(),
            ends_missing: false,
            revision: None,
        };
        while let Some(field) = form.next_field().await.map_err(|error| too_large(&error))? {
            let name = field.name().unwrap_or_default().to_owned();
            let file = field.file_name().map(str::to_owned);
            let bytes = field.bytes().await.map_err(|error| too_large(&error))?;
            let text = || String::from_utf8(bytes.to_vec()).map_err(|_| malformed());
            match name.as_str() {
                "token" => token = text()?,
                "list" => {
                    sent.list = bytes;
                    sent.name = short(&file.unwrap_or_default());
                }
                "kept" => kept = text()?,
                "name" => sent.name = short(&text()?),
                "format" => sent.format = text()?,
                "ends_missing" => sent.ends_missing = true,
                "revision" => sent.revision = Some(text()?.parse().map_err(|_| malformed())?),
                _ => {}
            }
        }
        if !sent.visitor.secret.is_form_token(&token) {
            return Err(Refusal::ForeignForm);
        }
        if !kept.is_empty() {
            let list = STANDARD.decode(kept.trim()).map_err(|_| malformed())?;
            sent.list = list.into();
        }
        if sent.list.len() > LARGEST {
            return Err(Failure::Body(BodyError::TooLarge).into());
        }
        Ok(sent)
    }
}

fn too_large(error: &axum::extract::multipart::MultipartError) -> Refusal {
    let error = if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        BodyError::TooLarge
    } else {
        BodyError::Malformed
    };
    Failure::Body(error).into()
}

/// A file's name as messages and the audit log have it.
fn short(name: &str) -> String {
    let plain = name.chars().filter(|letter| !letter.is_control());
    plain.take(LONGEST_NAME).collect()
}
