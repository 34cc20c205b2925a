//! `POST /console/p/{slug}/state`: a petition takes a step of its life.

use super::permission::Permission;
use super::petition;
use super::posted::Posted;
use super::refusal::Refusal;
use crate::failure::Failure;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use redress_model::petition::state::PetitionState::{self, Archived, Closed, Draft, Open, Paused};
use redress_storage::{Constraint, StorageError};
use serde_json::json;

/// A step that the page offers.
pub(crate) struct Step {
    /// Where it leads.
    pub to: &'static str,
    /// What its button says.
    pub label: &'static str,
    /// What follows from it.
    pub effect: &'static str,
}

/// The legal steps from a state.
pub(crate) fn from(state: PetitionState) -> Vec<Step> {
    let mut next = PetitionState::ALL.to_vec();
    next.retain(|&next| state.may_become(next));
    next.into_iter().map(|next| step(state, next)).collect()
}

fn step(from: PetitionState, to: PetitionState) -> Step {
    let (label, effect) = match (from, to) {
        (Draft, Open) => ("Open", "Everybody sees it and can sign it."),
        (Closed, Open) => ("Open again", "It can be signed again."),
        (_, Open) => ("Go on", "It can be signed again."),
        (_, Paused) => (
            "Pause",
            "It cannot be signed for now; links in mails still confirm.",
        ),
        (_, Closed) => (
            "Close",
            "It cannot be signed any more; links in mails confirm for another day.",
        ),
        (_, Archived | Draft) => ("Archive", "It is put away for good; this cannot be undone."),
    };
    Step {
        to: to.as_str(),
        label,
        effect,
    }
}

/// What a state means.
pub(crate) fn meaning(state: PetitionState) -> &'static str {
    match state {
        Draft => "Nobody but members sees it.",
        Open => "Everybody can sign it.",
        Paused => "Everybody sees it; it cannot be signed for now.",
        Closed => "Everybody sees it; it cannot be signed any more.",
        Archived => "It is put away.",
    }
}

fn action(to: PetitionState) -> &'static str {
    match to {
        Open => "petition.open",
        Paused => "petition.pause",
        Closed => "petition.close",
        Draft | Archived => "petition.archive",
    }
}

/// Takes the step from the state that the page showed.
pub(crate) async fn take(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Posted { visitor, fields }: Posted,
) -> Result<Response, Refusal> {
    let (petition, role) = visitor.open(&state, &slug, Permission::ChangeState).await?;
    let word = |name| fields.text(name).parse::<PetitionState>();
    let (Ok(from), Ok(to)) = (word("from"), word("to")) else {
        return Err(Failure::NotFound.into());
    };
    let deed = visitor.deed(&state, action(to), &petition.slug, json!({}));
    let petitions = &state.store().petitions;
    let changed = petitions.change_petition_state(petition.id, from, to, &deed);
    let warning = match changed.await {
        Ok(()) => {
            let page = format!("/console/p/{}?note=state", petition.slug);
            return Ok(Redirect::to(&page).into_response());
        }
        Err(StorageError::Stale(_)) => {
            "Nothing was changed: somebody else was faster. This is how it stands now."
        }
        Err(StorageError::Refused(Constraint::PetitionTransition)) => {
            "Nothing was changed: that step is not possible from here."
        }
        Err(error) => return Err(error.into()),
    };
    let (petition, _) = visitor.open(&state, &slug, Permission::SeeCounts).await?;
    let said = (None, Some(warning));
    let page = petition::page(&state, &visitor, &petition, role, said).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}
