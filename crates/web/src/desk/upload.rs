//! A list that an office sends to have it compared. It is read into memory, compared, and forgotten.

use crate::state::AppState;
use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;

/// The largest list, in bytes: twice what a batch of 50,000 signers takes.
pub(super) const LARGEST: usize = 16 * 1024 * 1024;

/// What came.
pub(super) enum Upload {
    /// A list, or what is taken for one.
    List(Bytes),
    /// Nothing was chosen or pasted.
    Nothing,
    /// Over 16 MiB.
    TooLarge,
    /// No form with a file.
    Malformed,
}

/// Reads the form: the file if there is one, else the text that was pasted.
pub(super) async fn read(state: &AppState, request: Request) -> Upload {
    let Ok(mut form) = Multipart::from_request(request, state).await else {
        return Upload::Malformed;
    };
    let (mut file, mut text) = (Bytes::new(), Bytes::new());
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => break,
            Err(error) => return refused(&error),
        };
        let place = match field.name() {
            Some("list") => &mut file,
            Some("text") => &mut text,
            _ => continue,
        };
        match field.bytes().await {
            Ok(bytes) => *place = bytes,
            Err(error) => return refused(&error),
        }
    }
    let list = if file.is_empty() { text } else { file };
    if list.trim_ascii().is_empty() {
        Upload::Nothing
    } else if list.len() > LARGEST {
        Upload::TooLarge
    } else {
        Upload::List(list)
    }
}

fn refused(error: &MultipartError) -> Upload {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Upload::TooLarge
    } else {
        Upload::Malformed
    }
}
