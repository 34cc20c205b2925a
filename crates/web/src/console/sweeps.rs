//! `/console/p/{slug}/sweeps`: signatures rejected by condition: counted first, then run, and undone if it was a mistake.

mod one;

pub(crate) use one::{change, show as show_one};

use super::permission::Permission;
use super::posted::Posted;
use super::refusal::Refusal;
use super::signatures::STAFF;
use super::visitor::Visitor;
use super::{Frame, days, render};
use crate::abuse::condition::{BadField, Condition, Reader};
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
use redress_model::signature::RejectionReason;
use redress_model::signature::state::SignatureState;
use redress_storage::secrets::SealedField;
use redress_storage::sweeps::Sweep;
use serde_json::json;

/// Sweeps on the page.
const PAGE: u32 = 50;

struct Row {
    id: String,
    created_at: String,
    reason: String,
    state: &'static str,
    matched: String,
    rejected: String,
    back: String,
}

#[derive(Template)]
#[template(path = "console/sweeps.html")]
struct View {
    frame: Frame,
    slug: String,
    bad: Vec<BadField>,
    condition: Condition,
    states: &'static [SignatureState],
    reasons: [RejectionReason; 3],
    rows: Vec<Row>,
}

/// The page.
pub(crate) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Html<String>, Refusal> {
    let permission = Permission::ReviewSignatures;
    let (petition, role) = visitor.open(&state, &slug, permission).await?;
    let said = (Condition::default(), Vec::new());
    page(&state, &visitor, (&petition, role), said).await
}

async fn page(
    state: &AppState,
    visitor: &Visitor,
    (petition, role): (&Petition, MemberRole),
    (condition, bad): (Condition, Vec<BadField>),
) -> Result<Html<String>, Refusal> {
    let sweeps = state.store().sweeps.list_sweeps(petition.id, PAGE).await?;
    let zone = days::zone(petition);
    let row = |sweep: Sweep| Row {
        id: sweep.id.to_string(),
        created_at: super::words::instant(sweep.created_at, zone),
        reason: super::words::plain(sweep.reason.as_str()),
        state: sweep.state.as_str(),
        matched: grouped(sweep.matched),
        rejected: grouped(sweep.rejected),
        back: grouped(sweep.back),
    };
    render(&View {
        frame: Frame::of(petition, role, "abuse", visitor),
        slug: petition.slug.to_string(),
        bad,
        condition,
        states: &[SignatureState::Pending, SignatureState::Confirmed],
        reasons: STAFF,
        rows: sweeps.into_iter().map(row).collect(),
    })
}

/// Begins to count.
pub(crate) async fn begin(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Posted { visitor, fields }: Posted,
) -> Result<Response, Refusal> {
    let permission = Permission::ReviewSignatures;
    let (petition, role) = visitor.open(&state, &slug, permission).await?;
    let condition = Condition::sent(&fields);
    let reason = fields.text("reason").parse::<RejectionReason>().ok();
    let reason = reason.filter(|reason| STAFF.contains(reason));
    let secrets = state.vault().petition(petition.id).await?;
    let in_force = state.guards().find(&state, petition.id).await?;
    let reader = Reader {
        petition: petition.id,
        secrets: &secrets,
        rules: &in_force.guard.rules,
        zone: days::zone(&petition),
    };
    let mut bad = condition.read(&reader).err().unwrap_or_default();
    if condition.is_empty() {
        bad.push((
            "name",
            "at least one of these: a sweep over everybody is none",
        ));
    }
    let Some(reason) = reason.filter(|_| bad.is_empty()) else {
        let page = page(&state, &visitor, (&petition, role), (condition, bad)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    // A condition is texts: it always serializes.
    let text = serde_json::to_vec(&condition).unwrap_or_default();
    let (id, sealed_condition) = {
        let mut random = state.random();
        let id = SweepId::new(state.clock(), random.as_mut());
        let sealed = secrets.seal(SealedField::Condition, id, &text, random.as_mut());
        (id, sealed)
    };
    let sweep = Sweep {
        id,
        petition_id: petition.id,
        state: SweepState::Counting,
        sealed_condition,
        reason,
        reached: None,
        looked_at: 0,
        matched: 0,
        rejected: 0,
        back: 0,
        created_at: state.now(),
    };
    let details = json!({ "sweep": id.to_string(), "reason": reason.as_str() });
    let deed = visitor.deed(&state, "sweep.count", &petition.slug, details);
    state.store().sweeps.record_sweep(&sweep, &deed).await?;
    let page = format!("/console/p/{}/sweeps/{id}", petition.slug);
    Ok(Redirect::to(&page).into_response())
}
