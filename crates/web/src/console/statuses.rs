//! `/console/p/{slug}/statuses`: what cities have done about the ask; it chooses the ask of their letters.

mod lines;

use super::permission::Permission;
use super::posted::Posted;
use super::refusal::Refusal;
use super::visitor::Visitor;
use super::{Frame, render, words};
use crate::places;
use crate::state::AppState;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use lines::BadLine;
use redress_model::batch::PlaceStatus;
use redress_model::geoid::Geoid;
use redress_model::home::Home;
use redress_model::petition::Petition;
use redress_model::role::MemberRole;
use serde::Deserialize;
use serde_json::json;

/// What led here.
#[derive(Deserialize, Default)]
pub(crate) struct Noted {
    #[serde(default)]
    note: String,
}

/// A form as it was sent, with what is wrong with it.
#[derive(Default)]
struct Sent {
    text: String,
    bad: Vec<BadLine>,
}

struct Row {
    name: String,
    geoid: String,
    status: String,
    since_on: String,
    source: Option<String>,
}

#[derive(Template)]
#[template(path = "console/statuses.html")]
struct View {
    frame: Frame,
    slug: String,
    note: Option<&'static str>,
    rows: Vec<Row>,
    sent: Sent,
    is_editor: bool,
}

/// The page.
pub(crate) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    noted: Result<Query<Noted>, QueryRejection>,
) -> Result<Html<String>, Refusal> {
    let (petition, role) = visitor.open(&state, &slug, Permission::SeeLetters).await?;
    let is_saved = noted.unwrap_or_default().0.note == "saved";
    let note =
        is_saved.then_some("Saved. Letters that are frozen from now on carry the ask that fits.");
    page(&state, &visitor, (&petition, role), (note, Sent::default())).await
}

async fn page(
    state: &AppState,
    visitor: &Visitor,
    (petition, role): (&Petition, MemberRole),
    (note, sent): (Option<&'static str>, Sent),
) -> Result<Html<String>, Refusal> {
    let known = state.store().batches.list_statuses(petition.id).await?;
    let mut rows: Vec<Row> = known.into_iter().map(|it| row(state, it)).collect();
    rows.sort_by(|one, other| one.name.cmp(&other.name));
    render(&View {
        frame: Frame::of(petition, role, "statuses", visitor),
        slug: petition.slug.to_string(),
        note,
        rows,
        sent,
        is_editor: Permission::EditPetition.is_given_to(role),
    })
}

fn row(state: &AppState, (geoid, place): (Geoid, PlaceStatus)) -> Row {
    Row {
        geoid: geoid.to_string(),
        name: places::name(&state.civics(), &Home::Government(geoid)),
        status: words::plain(place.status.as_str()),
        since_on: place
            .since_on
            .map_or_else(String::new, |on| on.format("%-d %B %Y").to_string()),
        source: place.source,
    }
}

/// Records the lines, all or none.
pub(crate) async fn record(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Posted { visitor, fields }: Posted,
) -> Result<Response, Refusal> {
    let permission = Permission::EditPetition;
    let (petition, role) = visitor.open(&state, &slug, permission).await?;
    let text = fields.text("lines").to_owned();
    let civics = state.civics();
    let is_known = |geoid: &Geoid| {
        let name = places::name(&civics, &Home::Government(geoid.clone()));
        name != geoid.as_str()
    };
    let statuses = match lines::read(&text, is_known) {
        Ok(statuses) => statuses,
        Err(bad) => {
            let said = (None, Sent { text, bad });
            let page = page(&state, &visitor, (&petition, role), said).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let details = json!({ "places": statuses.len() });
    let deed = visitor.deed(&state, "petition.statuses", &petition.slug, details);
    let batches = &state.store().batches;
    batches
        .record_statuses(petition.id, &statuses, &deed)
        .await?;
    let page = format!("/console/p/{}/statuses?note=saved", petition.slug);
    Ok(Redirect::to(&page).into_response())
}
