//! `/console/p/{slug}/sweeps/{id}`: how far a sweep is, and the word that starts, stops or undoes it.

use crate::abuse::sweeping::open_condition;
use crate::console::permission::Permission;
use crate::console::posted::Posted;
use crate::console::refusal::Refusal;
use crate::console::visitor::Visitor;
use crate::console::{Frame, render, words};
use crate::failure::Failure;
use crate::site::grouped;
use crate::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use redress_model::abuse::sweep::SweepState;
use redress_model::id::SweepId;
use redress_model::petition::Petition;
use redress_model::role::MemberRole;
use redress_storage::StorageError;
use redress_storage::sweeps::Sweep;
use serde_json::json;

/// A word that a person may say.
struct Way {
    to: &'static str,
    label: &'static str,
    effect: &'static str,
}

#[derive(Template)]
#[template(path = "console/sweep.html")]
struct View {
    frame: Frame,
    slug: String,
    id: String,
    warning: Option<&'static str>,
    state: &'static str,
    told: &'static str,
    reason: String,
    condition: Vec<(&'static str, String)>,
    looked_at: String,
    matched: String,
    rejected: String,
    back: String,
    is_working: bool,
    ways: Vec<Way>,
}

/// The page.
pub(crate) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Html<String>, Refusal> {
    let permission = Permission::ReviewSignatures;
    let (petition, role) = visitor.open(&state, &slug, permission).await?;
    page(&state, &visitor, (&petition, role), (&id, None)).await
}

async fn find(state: &AppState, petition: &Petition, id: &str) -> Result<Sweep, Failure> {
    let id = id.parse::<SweepId>().map_err(|_| Failure::NotFound)?;
    let found = state.store().sweeps.find_sweep(id).await?;
    found
        .filter(|sweep| sweep.petition_id == petition.id)
        .ok_or(Failure::NotFound)
}

async fn page(
    state: &AppState,
    visitor: &Visitor,
    (petition, role): (&Petition, MemberRole),
    (id, warning): (&str, Option<&'static str>),
) -> Result<Html<String>, Refusal> {
    let sweep = find(state, petition, id).await?;
    let secrets = state.vault().petition(petition.id).await?;
    let condition = open_condition(&secrets, &sweep)?;
    let asked = condition.fields().into_iter();
    let asked = asked.filter(|(_, text)| !text.is_empty());
    render(&View {
        frame: Frame::of(petition, role, "abuse", visitor),
        slug: petition.slug.to_string(),
        id: sweep.id.to_string(),
        warning,
        state: sweep.state.as_str(),
        told: told(sweep.state),
        reason: words::plain(sweep.reason.as_str()),
        condition: asked.map(|(name, text)| (name, text.to_owned())).collect(),
        looked_at: grouped(sweep.looked_at),
        matched: grouped(sweep.matched),
        rejected: grouped(sweep.rejected),
        back: grouped(sweep.back),
        is_working: sweep.state.is_working(),
        ways: ways(&sweep),
    })
}

fn told(state: SweepState) -> &'static str {
    match state {
        SweepState::Counting => "A server counts. Nothing is changed.",
        SweepState::Counted => "Counted. Nothing is changed yet.",
        SweepState::Running => "A server rejects them, page by page.",
        SweepState::Cancelled => "Stopped by a person. What was rejected until then stays so.",
        SweepState::Done => "All are rejected.",
        SweepState::Undoing => "A server puts them back.",
        SweepState::Undone => "They are back, under the numbers that they had.",
    }
}

fn ways(sweep: &Sweep) -> Vec<Way> {
    use SweepState::{Cancelled, Counted, Counting, Done, Running, Undoing, Undone};
    let start = Way {
        to: Running.as_str(),
        label: "Reject them",
        effect: "They count no longer and get no mail.",
    };
    let cancel = Way {
        to: Cancelled.as_str(),
        label: "Cancel",
        effect: "What was rejected until then stays so, and can be undone.",
    };
    let undo = Way {
        to: Undoing.as_str(),
        label: "Undo",
        effect: "They stand as before, under the same numbers.",
    };
    match sweep.state {
        Counted if sweep.matched > 0 => vec![start, cancel],
        Counting | Counted | Running => vec![cancel],
        Done | Cancelled if sweep.rejected > 0 => vec![undo],
        Done | Cancelled | Undoing | Undone => Vec::new(),
    }
}

/// Takes a person's word.
pub(crate) async fn change(
    State(state): State<AppState>,
    Path((slug, id)): Path<(String, String)>,
    Posted { visitor, fields }: Posted,
) -> Result<Response, Refusal> {
    let permission = Permission::ReviewSignatures;
    let (petition, role) = visitor.open(&state, &slug, permission).await?;
    let sweep = find(&state, &petition, &id).await?;
    let word = |name| fields.text(name).parse::<SweepState>();
    let (Ok(from), Ok(to)) = (word("from"), word("to")) else {
        return Err(Failure::NotFound.into());
    };
    let action = match to {
        SweepState::Running => "sweep.start",
        SweepState::Cancelled => "sweep.cancel",
        SweepState::Undoing => "sweep.undo",
        _ => return Err(Failure::NotFound.into()),
    };
    let details = json!({ "sweep": sweep.id.to_string(), "matched": sweep.matched });
    let deed = visitor.deed(&state, action, &petition.slug, details);
    let changed = state.store().sweeps.change_sweep(sweep.id, from, to, &deed);
    match changed.await {
        Ok(()) => {
            let page = format!("/console/p/{}/sweeps/{}", petition.slug, sweep.id);
            Ok(Redirect::to(&page).into_response())
        }
        Err(StorageError::Stale(_) | StorageError::Refused(_)) => {
            let warning = "Nothing was changed: it went on meanwhile. This is how it stands now.";
            let said = (id.as_str(), Some(warning));
            let page = page(&state, &visitor, (&petition, role), said).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
