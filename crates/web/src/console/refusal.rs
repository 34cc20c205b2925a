//! Why somebody gets no ordinary page of the console, and what to do about it.

use super::Frame;
use super::permission::Permission;
use crate::failure::{Failure, Page};
use askama::Template;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{Html, IntoResponse, Redirect, Response};
use redress_model::role::MemberRole;

/// Why.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Nobody is logged in. After the login the way goes on to the page asked for.
    LoggedOut {
        /// Its path, if it was a page.
        asked: Option<String>,
    },
    /// The role is not enough.
    NotAllowed {
        /// For what.
        permission: Permission,
        /// The role; `None` for who has none anywhere.
        role: Option<MemberRole>,
    },
    /// A form without the token of this session.
    ForeignForm,
    /// As on every face.
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Page> for Refusal {
    fn from(page: Page) -> Self {
        Self::Failed(page.0)
    }
}

#[derive(Template)]
#[template(path = "console/refusal.html")]
struct View {
    frame: Frame,
    heading: String,
    advice: String,
}

impl Refusal {
    fn words(&self) -> (StatusCode, String, String) {
        match self {
            Self::LoggedOut { .. } => (StatusCode::SEE_OTHER, String::new(), String::new()),
            Self::NotAllowed { permission, role } => {
                let role = role.map_or("no role".to_owned(), |role| format!("the role {role}"));
                let advice = format!(
                    "{} You have {role} here. An owner can change that.",
                    permission.rule()
                );
                (
                    StatusCode::FORBIDDEN,
                    "Your role does not include this".to_owned(),
                    advice,
                )
            }
            Self::ForeignForm => (
                StatusCode::FORBIDDEN,
                "Nothing was changed".to_owned(),
                "This form belongs to another session: you logged in again since it was opened, or it came from elsewhere. Go back, reload the page, and send it again.".to_owned(),
            ),
            Self::Failed(failure) => (
                failure.status(),
                format!("Sorry: {}", failure.title()),
                "You can go back with what you typed still in the form.".to_owned(),
            ),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        if let Self::LoggedOut { asked } = &self {
            let next = asked.as_ref().map_or_else(String::new, |path| {
                let path: String = form_urlencoded::byte_serialize(path.as_bytes()).collect();
                format!("?next={path}")
            });
            return Redirect::to(&format!("/console/login{next}")).into_response();
        }
        let (status, heading, advice) = self.words();
        let frame = Frame::outside(&heading);
        let page = View {
            frame,
            heading,
            advice,
        };
        let mut response = (status, Html(page.render().unwrap_or_default())).into_response();
        if let Self::Failed(failure) = &self
            && let Some(seconds) = failure.retry_after()
        {
            let after = axum::http::HeaderValue::from(seconds);
            response.headers_mut().insert(RETRY_AFTER, after);
        }
        response
    }
}
