//! `/console/officials`: the directory, by name or GEOID of a place.

mod closures;
pub(crate) mod import;
pub(crate) mod place;

use super::permission::Permission;
use super::refusal::Refusal;
use super::visitor::Visitor;
use super::{Frame, render};
use crate::failure::Failure;
use crate::places;
use crate::site::grouped;
use crate::state::AppState;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Html;
use redress_model::geoid::Geoid;
use redress_model::home::Home;
use serde::Deserialize;

/// Places on one page.
const PAGE: usize = 50;
/// The longest question, in characters.
const LONGEST: usize = 100;

/// What is looked for.
#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    after: String,
    #[serde(default)]
    note: String,
}

struct Row {
    geoid: String,
    name: String,
    state: String,
    posts: usize,
}

#[derive(Template)]
#[template(path = "console/officials.html")]
struct View {
    frame: Frame,
    q: String,
    encoded: String,
    governments: String,
    seats: String,
    version: String,
    rows: Vec<Row>,
    next: Option<String>,
    note: Option<&'static str>,
    may_import: bool,
}

/// The page.
pub(crate) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Html<String>, Refusal> {
    visitor.organizations_with(Permission::SeeLetters)?;
    let Query(asked) = asked.map_err(|_| Failure::NotFound)?;
    let q: String = asked.q.trim().chars().take(LONGEST).collect();
    let (rows, next) = find(&state, &q, &asked.after);
    let civics = state.civics();
    let directory = civics.directory();
    let counts = directory.counts(state.today());
    let figure = |count: u64| grouped(i64::try_from(count).unwrap_or(i64::MAX));
    render(&View {
        frame: Frame::new("Officials", "officials", &visitor),
        encoded: form_urlencoded::byte_serialize(q.as_bytes()).collect(),
        q,
        governments: figure(counts.jurisdictions),
        seats: figure(counts.posts),
        version: directory.version().to_string(),
        rows,
        next,
        note: (asked.note == "imported")
            .then_some("The list is taken. Pages and letters follow within a minute."),
        may_import: visitor
            .organizations_with(Permission::ChangeOfficials)
            .is_ok(),
    })
}

/// Governments whose name holds the words, or whose GEOID begins so, by GEOID after one.
fn find(state: &AppState, q: &str, after: &str) -> (Vec<Row>, Option<String>) {
    let civics = state.civics();
    let wanted = q.to_lowercase();
    let mut rows = Vec::new();
    for (geoid, jurisdiction) in civics.directory().jurisdictions() {
        if geoid <= after {
            continue;
        }
        let name = name_of(state, geoid);
        if !geoid.starts_with(&wanted) && !name.to_lowercase().contains(&wanted) {
            continue;
        }
        if rows.len() == PAGE {
            let last: Option<&Row> = rows.last();
            let next = last.map(|row| row.geoid.clone());
            return (rows, next);
        }
        let place = civics.place(geoid);
        rows.push(Row {
            geoid: geoid.to_owned(),
            name,
            state: place.map_or_else(
                || jurisdiction.state.clone().unwrap_or_default(),
                |place| place.state.to_owned(),
            ),
            posts: jurisdiction.posts.len(),
        });
    }
    (rows, None)
}

/// What a government is called.
fn name_of(state: &AppState, geoid: &str) -> String {
    Geoid::parse(geoid).map_or_else(
        |_| geoid.to_owned(),
        |geoid| places::name(&state.civics(), &Home::Government(geoid)),
    )
}
