//! What a person sees when a request gets no ordinary answer: what is wrong, and the way out.

use super::Frame;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

#[derive(Template)]
#[template(path = "site/error.html")]
struct View {
    frame: Frame,
    message: &'static str,
}

/// The page.
pub(crate) fn show(status: StatusCode, message: &'static str) -> Response {
    let frame = Frame::new(message);
    let page = View { frame, message }.render().unwrap_or_default();
    (status, Html(page)).into_response()
}
