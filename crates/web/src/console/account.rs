//! `/console/account`: one's own account, and a new password for it.

use super::posted::Posted;
use super::refusal::Refusal;
use super::visitor::Visitor;
use super::{Frame, cookie, passwords, render};
use crate::failure::Failure;
use crate::layers::client::Client;
use crate::state::AppState;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{RETRY_AFTER, SET_COOKIE};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde_json::json;

struct Row {
    organization: String,
    role: &'static str,
}

#[derive(Template)]
#[template(path = "console/account.html")]
struct View {
    frame: Frame,
    email: String,
    rows: Vec<Row>,
    error: Option<(&'static str, String)>,
}

impl View {
    fn error(&self, field: &str) -> Option<&str> {
        let error = self.error.as_ref();
        error
            .filter(|(wrong, _)| *wrong == field)
            .map(|(_, message)| message.as_str())
    }
}

/// The page.
pub(crate) async fn show(visitor: Visitor) -> Result<Html<String>, Refusal> {
    page(&visitor, None)
}

/// Changes the password: the old one is asked for, and every session ends, this one too.
pub(crate) async fn change(
    State(state): State<AppState>,
    Client(client): Client,
    Posted { visitor, fields }: Posted,
) -> Result<Response, Refusal> {
    let account = &visitor.account;
    if let Some(throttle) = state.logins()
        && let Err(wait) = throttle.check(client, account.email.as_str())
    {
        let seconds = wait.as_secs() + 1;
        let message = format!("too many tries; wait {seconds} seconds");
        let page = page(&visitor, Some(("old", message)))?;
        let headers = [(RETRY_AFTER, seconds.to_string())];
        return Ok((StatusCode::TOO_MANY_REQUESTS, headers, page).into_response());
    }
    let (old, new, again) = (fields.text("old"), fields.text("new"), fields.text("again"));
    if let Some((field, message)) = complaint(&state, &visitor, old, new, again).await? {
        let page = page(&visitor, Some((field, message.to_owned())))?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let mut salt = [0; 16];
    state.random().fill_bytes(&mut salt);
    let hash = state.passwords().hash(new, salt).await?;
    let deed = visitor.deed(&state, "account.password", &account.id, json!({}));
    let accounts = &state.store().accounts;
    accounts.record_password(account.id, &hash, &deed).await?;
    let cookie = [(SET_COOKIE, cookie::take(&state))];
    Ok((cookie, Redirect::to("/console/login?note=password")).into_response())
}

async fn complaint(
    state: &AppState,
    visitor: &Visitor,
    old: &str,
    new: &str,
    again: &str,
) -> Result<Option<(&'static str, &'static str)>, Failure> {
    let hash = Some(&*visitor.account.password_hash);
    Ok(if !state.passwords().is_right(old, hash).await? {
        Some(("old", "this is not your password"))
    } else if let Some(message) = passwords::complaint(new) {
        Some(("new", message))
    } else if new == old {
        Some(("new", "this is the password that you have"))
    } else if new != again {
        Some(("again", "this is not the same"))
    } else {
        None
    })
}

fn page(visitor: &Visitor, error: Option<(&'static str, String)>) -> Result<Html<String>, Refusal> {
    let rows = visitor.memberships.iter().map(|membership| Row {
        organization: membership.organization.name.clone(),
        role: membership.role.as_str(),
    });
    render(&View {
        frame: Frame::new("Your account", "account", visitor),
        email: visitor.account.email.as_str().to_owned(),
        rows: rows.collect(),
        error,
    })
}
