//! `POST /console/logout`: the session ends, here and in the browser.

use super::cookie;
use super::posted::Posted;
use super::refusal::Refusal;
use crate::state::AppState;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect};

/// Ends it.
pub(crate) async fn log_out(
    State(state): State<AppState>,
    posted: Posted,
) -> Result<impl IntoResponse, Refusal> {
    let hash = posted.visitor.secret.hash();
    state.store().accounts.end_session(&hash).await?;
    let cookie = [(SET_COOKIE, cookie::take(&state))];
    Ok((cookie, Redirect::to("/console/login?note=out")))
}
