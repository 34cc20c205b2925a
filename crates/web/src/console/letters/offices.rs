//! Offices that asked for no more letters, as an organizer sees them.
//!
//! `POST /console/p/{slug}/offices/open`: letters may go to such an office again, because an organizer says so. What was suppressed
//! stays so, and the office may close itself again.

use super::super::permission::Permission;
use super::super::posted::Posted;
use super::super::refusal::Refusal;
use super::super::visitor::Visitor;
use super::super::{way_back, words};
use crate::failure::Failure;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::response::Redirect;
use chrono_tz::Tz;
use redress_model::delivery::event::TaskKind;
use redress_model::id::TaskId;
use redress_model::office_wish::Closure;
use redress_model::petition::Petition;
use redress_storage::StorageError;
use redress_storage::deliveries::Delivery;
use serde_json::json;

/// What stands above the page to which the button leads back.
pub(crate) const OPENED: &str =
    "Letters may go to this office again, from the next one on. What was suppressed stays so.";
/// How many tasks are read at once.
const PAGE: u32 = 200;

/// Why the office of a letter gets none, as its page says it.
pub(super) struct ClosedOffice {
    /// Why, and since when.
    pub(super) told: String,
    /// The seat.
    pub(super) post: String,
    /// Whether who looks may let letters go again.
    pub(super) may_open: bool,
}

/// Whether the office closed itself to whom the letter is for.
pub(super) async fn of_letter(
    state: &AppState,
    delivery: &Delivery,
    zone: Tz,
    may_open: bool,
) -> Result<Option<ClosedOffice>, Failure> {
    let addressee = &delivery.addressee;
    let wishes = &state.store().office_wishes;
    let found = wishes.find_office_wish(delivery.petition_id, &addressee.post_id);
    let (person, email) = (addressee.person.as_deref(), addressee.email.as_deref());
    let wish = found.await?.filter(|wish| wish.closes(person, email));
    let closed = wish.and_then(|wish| Some((wish.closure?, wish.closed_at)));
    Ok(closed.map(|(closure, since_at)| ClosedOffice {
        told: words::closed(closure, since_at, zone),
        post: addressee.post_id.clone(),
        may_open,
    }))
}

/// Whether it asks an organizer to look at why an office closed itself.
pub(super) fn is_about_a_closure(kind: TaskKind) -> bool {
    Closure::ALL.iter().any(|closure| closure.task() == kind)
}

/// Lets letters go again, and what was to be done about the closure is done. An office that is open stays as it is.
pub(crate) async fn open(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Posted { visitor, fields }: Posted,
) -> Result<Redirect, Refusal> {
    let permission = Permission::ApproveDeliveries;
    let (petition, _) = visitor.open(&state, &slug, permission).await?;
    let wishes = &state.store().office_wishes;
    let found = wishes.find_office_wish(petition.id, fields.text("post"));
    let wish = found.await?.ok_or(Failure::NotFound)?;
    if let Some(closure) = wish.closure {
        let details = json!({ "post": wish.post_id, "closure": closure.as_str() });
        let deed = visitor.deed(&state, "office.open", &petition.slug, details);
        let lifted = wishes.lift_closure(petition.id, &wish.post_id, &deed);
        // Somebody else may have been faster, which is as good.
        lifted.await?;
    }
    finish_tasks(&state, &visitor, &petition, &wish.post_id).await?;
    Ok(Redirect::to(way_back::or_home(fields.text("back"))))
}

async fn finish_tasks(
    state: &AppState,
    visitor: &Visitor,
    petition: &Petition,
    post: &str,
) -> Result<(), Failure> {
    let events = &state.store().events;
    let mut after = None;
    loop {
        let page = events.list_tasks(petition.id, true, after, PAGE).await?;
        let answered = page.iter().filter(|it| it.post_id == post);
        let answered = answered.filter(|it| is_about_a_closure(it.kind));
        let ids: Vec<TaskId> = answered.map(|task| task.id).collect();
        for id in ids {
            let details = json!({ "task": id });
            let deed = visitor.deed(state, "task.finish", &petition.slug, details);
            match events.finish_task(petition.id, id, &deed).await {
                Ok(()) | Err(StorageError::Stale(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        after = page.last().map(|task| task.id);
        if page.len() < PAGE as usize {
            return Ok(());
        }
    }
}
