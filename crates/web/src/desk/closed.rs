//! A link that opens nothing. Wrong, old, cut and meant for something else look the same: the page tells nobody what there is.

use super::{Frame, render};
use crate::failure::{Failure, Page};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// Why there is no page.
pub(super) enum Closed {
    /// There is nothing under that link.
    Nothing,
    /// Something broke.
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for Closed {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

#[derive(Template)]
#[template(path = "desk/closed.html")]
struct View {
    frame: Frame,
}

impl IntoResponse for Closed {
    fn into_response(self) -> Response {
        let Self::Failed(failure) = self else {
            let frame = Frame::new("This link opens nothing", None);
            return match render(&View { frame }) {
                Ok(page) => (StatusCode::NOT_FOUND, page).into_response(),
                Err(failure) => Page(failure).into_response(),
            };
        };
        Page(failure).into_response()
    }
}
