//! `GET /petitions` and `GET /petitions/{slug}`.

use super::tagged;
use crate::failure::Problem;
use crate::petitions::{self, LIST};
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::{DateTime, Utc};
use redress_model::petition::state::PetitionState;
use redress_model::petition::{Confirmation, Petition, Target};
use redress_model::slug::Slug;
use serde::Serialize;

/// What everybody may know of a petition.
#[derive(Serialize)]
pub(crate) struct PublicPetition {
    slug: Slug,
    title: String,
    ask: String,
    state: PetitionState,
    targets: Vec<Target>,
    confirmation: Confirmation,
    count: i64,
    url: String,
    opened_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
}

/// Every petition that was opened.
pub(crate) async fn list(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let states = [
        PetitionState::Open,
        PetitionState::Paused,
        PetitionState::Closed,
    ];
    let found = state
        .store()
        .petitions
        .list_petitions(None, &states, None, LIST)
        .await?;
    let mut petitions = Vec::with_capacity(found.len());
    for petition in found {
        petitions.push(public(&state, &petition).await?);
    }
    let told = serde_json::json!({ "petitions": petitions });
    Ok(tagged::json(&headers, &told)?)
}

/// One petition.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let petition = petitions::find(&state, &slug).await?;
    let told = public(&state, &petition).await?;
    Ok(tagged::json(&headers, &told)?)
}

async fn public(state: &AppState, petition: &Petition) -> Result<PublicPetition, Problem> {
    let total = state.store().tallies.find_total(petition.id).await?;
    Ok(PublicPetition {
        url: format!("{}/p/{}", state.public_url(), petition.slug),
        slug: petition.slug.clone(),
        title: petition.terms.title.clone(),
        ask: petition.terms.ask.clone(),
        state: petition.state,
        targets: petition.terms.targets.clone(),
        confirmation: petition.terms.confirmation,
        count: total.tally.counted,
        opened_at: petition.opened_at,
        closed_at: petition.closed_at,
    })
}
