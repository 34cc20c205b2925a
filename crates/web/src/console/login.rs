//! `/console/login`: who is there. One page for an unknown e-mail, a wrong password and a closed account, after one time.

use super::cookie::{self, LIFETIME};
use super::refusal::Refusal;
use super::secret::Secret;
use super::{Frame, render, way_back};
use crate::body::FormFields;
use crate::failure::{Failure, Page};
use crate::layers::client::Client;
use crate::state::AppState;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::{RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use redress_model::email::Email;
use redress_storage::accounts::{Account, Session};
use redress_storage::audit::{Actor, Deed};
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

/// What led here.
#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    #[serde(default)]
    next: String,
    #[serde(default)]
    note: String,
}

#[derive(Template)]
#[template(path = "console/login.html")]
struct View {
    frame: Frame,
    email: String,
    next: String,
    note: Option<&'static str>,
    error: Option<String>,
}

/// The form.
pub(crate) async fn show(
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Html<String>, Refusal> {
    let Query(asked) = asked.unwrap_or_default();
    let note = match asked.note.as_str() {
        "out" => Some("You are logged out."),
        "password" => {
            Some("Your password is changed, and every session ended. Log in with the new one.")
        }
        _ => None,
    };
    page("", &asked.next, note, None)
}

/// Begins a session.
pub(crate) async fn log_in(
    State(state): State<AppState>,
    Client(client): Client,
    headers: HeaderMap,
    fields: Result<FormFields, Page>,
) -> Result<Response, Refusal> {
    let fields = fields?;
    let (email, next) = (fields.text("email"), fields.text("next"));
    if let Some(throttle) = state.logins()
        && let Err(wait) = throttle.check(client, email)
    {
        return too_often(email, next, wait);
    }
    let Some(account) = admit(&state, email, fields.text("password")).await? else {
        let error = "That e-mail and that password do not open an account.";
        let page = page(email, next, None, Some(error.to_owned()))?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    if let Some(old) = cookie::read(&state, &headers) {
        state.store().accounts.end_session(&old.hash()).await?;
    }
    let secret = begin(&state, &account).await?;
    let cookie = [(SET_COOKIE, cookie::give(&state, &secret))];
    Ok((cookie, Redirect::to(way_back::or_home(next))).into_response())
}

/// The account that an e-mail and a password open.
async fn admit(state: &AppState, email: &str, password: &str) -> Result<Option<Account>, Failure> {
    let account = match Email::parse(email) {
        Ok(email) => state.store().accounts.find_account_by_email(&email).await?,
        Err(_) => None,
    };
    let hash = account.as_ref().map(|account| &*account.password_hash);
    let is_right = state.passwords().is_right(password, hash).await?;
    Ok(account.filter(|account| is_right && account.disabled_at.is_none()))
}

async fn begin(state: &AppState, account: &Account) -> Result<Secret, Failure> {
    let (secret, at) = (Secret::generate(state), state.now());
    let session = Session {
        secret_hash: secret.hash(),
        account_id: account.id,
        created_at: at,
        expires_at: at + LIFETIME,
    };
    let deed = Deed {
        actor: Actor::Account(account.id),
        action: "account.login",
        subject: account.id.to_string(),
        details: json!({}),
        at,
    };
    let accounts = &state.store().accounts;
    accounts.end_expired_sessions(at).await?;
    accounts.record_session(&session, &deed).await?;
    Ok(secret)
}

fn too_often(email: &str, next: &str, wait: Duration) -> Result<Response, Refusal> {
    let seconds = wait.as_secs() + 1;
    let error =
        format!("Too many tries. Wait {seconds} seconds, then try once more; nothing was checked.");
    let page = page(email, next, None, Some(error))?;
    let headers = [(RETRY_AFTER, seconds.to_string())];
    Ok((StatusCode::TOO_MANY_REQUESTS, headers, page).into_response())
}

fn page(
    email: &str,
    next: &str,
    note: Option<&'static str>,
    error: Option<String>,
) -> Result<Html<String>, Refusal> {
    render(&View {
        frame: Frame::outside("Log in"),
        email: email.to_owned(),
        next: way_back::or_home(next).to_owned(),
        note,
        error,
    })
}
