//! What an organizer is asked to do about letters, and that it is done.

use super::super::permission::Permission;
use super::super::posted::Posted;
use super::super::refusal::Refusal;
use super::super::{days, words};
use super::{Said, offices, page, place_name};
use crate::failure::Failure;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use redress_model::delivery::event::TaskKind;
use redress_model::office_wish::Closure;
use redress_model::petition::Petition;
use redress_storage::StorageError;
use serde_json::json;

/// How many are shown at once: the oldest.
const MOST: u32 = 50;

/// Something to do.
pub(super) struct ToDo {
    pub(super) id: String,
    pub(super) what: &'static str,
    pub(super) place: String,
    pub(super) title: String,
    /// The letter's batch and id.
    pub(super) letter: (u32, String),
    pub(super) since: String,
    /// The seat, where it is closed for this reason: letters may go again.
    pub(super) opens: Option<String>,
}

/// What is open, the oldest first.
pub(super) async fn list(state: &AppState, petition: &Petition) -> Result<Vec<ToDo>, Failure> {
    let store = state.store();
    let zone = days::zone(petition);
    let tasks = store.events.list_tasks(petition.id, true, None, MOST);
    let tasks = tasks.await?;
    let wishes = if tasks.iter().any(|it| offices::is_about_a_closure(it.kind)) {
        let wishes = &store.office_wishes;
        wishes.list_office_wishes(petition.id, None).await?
    } else {
        Vec::new()
    };
    let mut list = Vec::new();
    for task in tasks {
        let found = store.deliveries.find_delivery(task.delivery_id).await?;
        // The letter is there: a task without one is refused by the schema.
        let Some(delivery) = found else { continue };
        let is_closed = wishes.iter().any(|wish| {
            wish.post_id == task.post_id && wish.closure.map(Closure::task) == Some(task.kind)
        });
        list.push(ToDo {
            opens: is_closed.then_some(task.post_id),
            id: task.id.to_string(),
            what: what(task.kind),
            place: place_name(state, task.geoid),
            title: delivery.addressee.title,
            letter: (delivery.batch_number, delivery.id.to_string()),
            since: words::instant(task.opened_at, zone),
        });
    }
    Ok(list)
}

fn what(kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::Bounced => "Nobody is at this address: find another, or write to the clerk",
        TaskKind::Rejected => "Turned away by a rule: speak with the office",
        TaskKind::Complaint => "Somebody called it abuse: look into it",
        TaskKind::Challenge => "Asked to prove that a person wrote: answer, or let it be",
        TaskKind::Reply => "The office answered: read it",
        TaskKind::Response => "The office answered at its desk: publish it, or not",
        TaskKind::NotMyDistrict => "Says that it is not its district: look where the letters go",
        TaskKind::LeftOffice => "Has left office: find who holds the seat now",
        TaskKind::Stopped => "Asked for no more letters: none is sent",
    }
}

/// `POST /console/p/{slug}/tasks/{id}/done`.
pub(crate) async fn finish(
    State(state): State<AppState>,
    Path((slug, id)): Path<(String, String)>,
    Posted { visitor, .. }: Posted,
) -> Result<Response, Refusal> {
    let permission = Permission::ApproveDeliveries;
    let (petition, role) = visitor.open(&state, &slug, permission).await?;
    let id = id.parse().map_err(|_| Failure::NotFound)?;
    let details = json!({ "task": id });
    let deed = visitor.deed(&state, "task.finish", &petition.slug, details);
    let events = &state.store().events;
    match events.finish_task(petition.id, id, &deed).await {
        Ok(()) => {
            let page = format!("/console/p/{}/letters?note=done", petition.slug);
            Ok(Redirect::to(&page).into_response())
        }
        Err(StorageError::Stale(_)) => {
            let said = Said::warning("Nothing was changed: that is done already.");
            let page = page(&state, &visitor, (&petition, role), None, said).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
        Err(error) => Err(Failure::from(error).into()),
    }
}
