//! `/console`: the petitions of one's organizations, and how they stand.

use super::permission::Permission;
use super::refusal::Refusal;
use super::visitor::Visitor;
use super::{Frame, days, render};
use crate::failure::Failure;
use crate::petitions::LIST;
use crate::site::grouped;
use crate::state::AppState;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Html;
use redress_model::id::PetitionId;
use redress_model::petition::Petition;
use redress_model::petition::state::PetitionState;
use serde::Deserialize;
use std::cmp::Reverse;

/// After which petition the list goes on.
#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    after: Option<PetitionId>,
}

struct Row {
    slug: String,
    title: String,
    organization: String,
    state: &'static str,
    counted: String,
    waiting: String,
    today: String,
}

#[derive(Template)]
#[template(path = "console/dashboard.html")]
struct View {
    frame: Frame,
    rows: Vec<Row>,
    next: Option<PetitionId>,
    has_organizations: bool,
    is_maker: bool,
}

/// The page.
pub(crate) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Html<String>, Refusal> {
    let Query(asked) = asked.map_err(|_| Failure::NotFound)?;
    let mut petitions = list(&state, &visitor, asked.after).await?;
    let is_full = petitions.len() == LIST as usize;
    let next = petitions.last().filter(|_| is_full).map(|last| last.id);
    petitions.sort_by_key(|petition| (rank(petition.state), Reverse(petition.id)));
    let mut rows = Vec::with_capacity(petitions.len());
    for petition in &petitions {
        rows.push(row(&state, &visitor, petition).await?);
    }
    render(&View {
        frame: Frame::new("Petitions", "petitions", &visitor),
        rows,
        next,
        has_organizations: visitor.memberships.len() > 1,
        is_maker: visitor.organizations_with(Permission::EditPetition).is_ok(),
    })
}

/// The petitions of all organizations of somebody, the oldest first.
async fn list(
    state: &AppState,
    visitor: &Visitor,
    after: Option<PetitionId>,
) -> Result<Vec<Petition>, Failure> {
    let mut all = Vec::new();
    for membership in &visitor.memberships {
        let organization = Some(membership.organization.id);
        let petitions = &state.store().petitions;
        let found = petitions
            .list_petitions(organization, &[], after, LIST)
            .await?;
        all.extend(found);
    }
    all.sort_by_key(|petition| petition.id);
    all.truncate(LIST as usize);
    Ok(all)
}

/// Those that can be signed come first, those put away last.
fn rank(state: PetitionState) -> u8 {
    match state {
        PetitionState::Open => 0,
        PetitionState::Paused => 1,
        PetitionState::Draft => 2,
        PetitionState::Closed => 3,
        PetitionState::Archived => 4,
    }
}

async fn row(state: &AppState, visitor: &Visitor, petition: &Petition) -> Result<Row, Failure> {
    let total = state.store().tallies.find_total(petition.id).await?;
    let mut memberships = visitor.memberships.iter();
    let organization = memberships
        .find(|membership| membership.organization.id == petition.organization_id)
        .map(|membership| membership.organization.name.clone());
    Ok(Row {
        slug: petition.slug.to_string(),
        title: petition.terms.title.clone(),
        organization: organization.unwrap_or_default(),
        state: petition.state.as_str(),
        counted: grouped(total.tally.counted),
        waiting: grouped(total.waiting),
        today: grouped(days::find_today(state, petition).await?),
    })
}
