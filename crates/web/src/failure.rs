//! What goes wrong in a handler, said as a page to people and as a problem (RFC 9457) to programs.

use crate::body::BodyError;
use crate::signing::form::FieldError;
use crate::site::error_page;
use crate::spoken::{t, told};
use axum::Json;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use redress_model::petition::state::PetitionState;
use redress_storage::StorageError;
use redress_storage::intake::IntakeError;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// Why a request gets no ordinary answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Nothing is there.
    NotFound,
    /// The petition cannot be signed now.
    NotOpen(PetitionState),
    /// Too many wait: try again soon.
    Busy,
    /// The database is away or full, or the server is about to end: try again soon.
    Away,
    /// Too many requests of one client: how long to wait.
    Flood(Duration),
    /// The body cannot be read.
    Body(BodyError),
    /// Fields are wrong.
    Fields(Vec<FieldError>),
    /// The database does not do what it should.
    Broken,
}

impl Failure {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::NotOpen(_) => StatusCode::CONFLICT,
            Self::Busy | Self::Away => StatusCode::SERVICE_UNAVAILABLE,
            Self::Flood(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Body(error) => error.status(),
            Self::Fields(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    pub(crate) fn title(&self) -> &'static str {
        match self {
            Self::NotFound => t("there is nothing here"),
            Self::NotOpen(_) => t("this petition cannot be signed now"),
            Self::Busy => t("many people are signing at once; please try again in a moment"),
            Self::Away => {
                t("we cannot look anything up or save it right now; please try again in a moment")
            }
            Self::Flood(_) => t("too many requests; please wait a moment"),
            Self::Body(error) => error.title(),
            Self::Fields(_) => t("some fields need another look"),
            Self::Broken => t("something broke on our side; nothing was saved"),
        }
    }

    /// After how many seconds the same may be tried again; whole ones, and one at least.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Busy | Self::Away => Some(2),
            Self::Flood(wait) => Some(wait.as_secs() + 1),
            _ => None,
        }
    }

    fn with_retry(&self, mut response: Response) -> Response {
        if let Some(seconds) = self.retry_after() {
            let after = HeaderValue::from(seconds);
            response.headers_mut().insert(RETRY_AFTER, after);
        }
        response
    }
}

impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Self {
        Self::of_storage(&error)
    }
}

impl From<Arc<StorageError>> for Failure {
    fn from(error: Arc<StorageError>) -> Self {
        Self::of_storage(&error)
    }
}

impl Failure {
    fn of_storage(error: &StorageError) -> Self {
        tracing::error!(error = %error, "storage failed");
        Self::named(error)
    }

    /// What a person is told of it. A database that others keep busy is a crowd; one that does not answer is none.
    fn named(error: &StorageError) -> Self {
        if error.is_away() {
            Self::Away
        } else if error.is_passing() {
            Self::Busy
        } else {
            Self::Broken
        }
    }

    /// Whether the same may be sent again.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self, Self::Busy | Self::Away)
    }
}

impl From<IntakeError> for Failure {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::Busy => Self::Busy,
            IntakeError::Away | IntakeError::Closed => Self::Away,
            IntakeError::Storage(error) => {
                tracing::error!(error = %error, "the intake failed");
                Self::named(&error)
            }
        }
    }
}

/// The errors with their messages in the language of the request.
fn in_language(errors: &[FieldError]) -> Vec<FieldError> {
    errors
        .iter()
        .map(|error| FieldError {
            message: told(&error.message),
            ..error.clone()
        })
        .collect()
}

/// A failure told to a program.
pub(crate) struct Problem(pub Failure);

/// A failure told to a person.
pub(crate) struct Page(pub Failure);

impl<E: Into<Failure>> From<E> for Problem {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl<E: Into<Failure>> From<E> for Page {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.0.status();
        let mut body = json!({
            "type": "about:blank",
            "status": status.as_u16(),
            "title": self.0.title(),
        });
        match &self.0 {
            Failure::Fields(errors) => body["errors"] = json!(in_language(errors)),
            Failure::NotOpen(state) => body["state"] = json!(state),
            _ => {}
        }
        let mut response = (status, Json(body)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(CONTENT_TYPE, kind);
        self.0.with_retry(response)
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        self.0
            .with_retry(error_page::show(self.0.status(), self.0.title()))
    }
}
