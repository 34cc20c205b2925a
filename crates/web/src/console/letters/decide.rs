//! `POST /console/p/{slug}/letters/{batch}/{approve,cancel}`: a batch is let out or taken back, once.

use super::super::permission::Permission;
use super::super::posted::Posted;
use super::super::refusal::Refusal;
use super::{Said, batch};
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use redress_model::batch::BatchState;
use redress_storage::{Constraint, StorageError, StorageResult};
use serde_json::json;

const NO_SENDER: &str = "Nothing was approved: the petition names no sender, and every letter prints one. Give it one on the page “Text and rules”, then approve.";
const APPROVED: &str = "Nothing was changed: this batch was approved before.";
const CANCELLED: &str = "Nothing was changed: this batch was cancelled before.";
const LATER: &str =
    "Nothing was changed: a later batch of the same place stands. Cancel the later one first.";

/// Lets its letters go out: exactly those that wait.
pub(crate) async fn approve(
    State(state): State<AppState>,
    Path((slug, number)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Refusal> {
    decide(&state, &slug, &number, posted, BatchState::Approved).await
}

/// Takes it back; its signatures are free for the next one.
pub(crate) async fn cancel(
    State(state): State<AppState>,
    Path((slug, number)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Refusal> {
    decide(&state, &slug, &number, posted, BatchState::Cancelled).await
}

async fn decide(
    state: &AppState,
    slug: &str,
    number: &str,
    Posted { visitor, .. }: Posted,
    to: BatchState,
) -> Result<Response, Refusal> {
    let permission = Permission::ApproveDeliveries;
    let (petition, role) = visitor.open(state, slug, permission).await?;
    let batch = batch::find(state, &petition, number).await?;
    let (batches, details) = (&state.store().batches, json!({ "batch": batch.number }));
    let deed = |action| visitor.deed(state, action, &petition.slug, details);
    let warning = if to == BatchState::Cancelled {
        let deed = deed("delivery.cancel");
        is_stale(batches.cancel_batch(batch.id, &deed).await)?.then_some(LATER)
    } else if petition.terms.sender.is_none() {
        Some(NO_SENDER)
    } else {
        let deed = deed("delivery.approve");
        is_stale(batches.approve_batch(batch.id, &deed).await)?.then_some(APPROVED)
    };
    let Some(warning) = warning else {
        let page = format!("/console/p/{}/letters/{number}?note={to}", petition.slug);
        return Ok(Redirect::to(&page).into_response());
    };
    let batch = batch::find(state, &petition, number).await?;
    let said = Said::warning(match batch.state {
        BatchState::Approved => APPROVED,
        BatchState::Cancelled => CANCELLED,
        BatchState::Frozen => warning,
    });
    let page = batch::page(state, &visitor, (&petition, role), &batch, said).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// Whether somebody else was faster.
fn is_stale(done: StorageResult<()>) -> StorageResult<bool> {
    match done {
        Ok(()) => Ok(false),
        Err(StorageError::Stale(_) | StorageError::Refused(Constraint::BatchTransition)) => {
            Ok(true)
        }
        Err(error) => Err(error),
    }
}
