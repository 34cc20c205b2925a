//! `/console/p/{slug}/letters`: what can be frozen, what was asked for, and the batches, newest first.
//!
//! The console reads letters and decides about them; composing and sending are the mailer's, which is asked through storage.

mod answers;
mod batch;
mod body;
mod decide;
mod decision;
mod fallback;
mod freeze;
mod letter;
pub(super) mod offices;
mod opened;
mod printed;
mod returned;
mod tasks;

use super::permission::Permission;
use super::refusal::Refusal;
use super::visitor::Visitor;
use super::{Frame, comments, days, render, words};
use crate::failure::Failure;
use crate::places;
use crate::site::grouped;
use crate::state::AppState;
use askama::Template;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use axum::routing::{get, post};
use chrono_tz::Tz;
use redress_model::geoid::Geoid;
use redress_model::home::Home;
use redress_model::id::{BatchId, DeliveryId, PetitionId};
use redress_model::petition::Petition;
use redress_model::role::MemberRole;
use redress_storage::batches::Batch;
use redress_storage::deliveries::{Delivery, DeliveryFilter};
use serde::Deserialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Batches on one page.
const PAGE: u32 = 20;
/// Places with a button of their own; the others are frozen with all.
const PLACES: usize = 100;
/// Deliveries read at once.
const STRIDE: u32 = 500;

/// Every page about letters.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/console/p/{slug}/letters", get(show))
        .route("/console/p/{slug}/letters/freeze", post(freeze::ask))
        .route("/console/p/{slug}/letters/{batch}", get(batch::show))
        .route(
            "/console/p/{slug}/letters/{batch}/approve",
            post(decide::approve),
        )
        .route(
            "/console/p/{slug}/letters/{batch}/cancel",
            post(decide::cancel),
        )
        .route(
            "/console/p/{slug}/letters/{batch}/{delivery}",
            get(letter::show),
        )
        .route(
            "/console/p/{slug}/letters/{batch}/{delivery}/body",
            get(body::show),
        )
        .route(
            "/console/p/{slug}/letters/{batch}/{delivery}/decide",
            post(decision::decide),
        )
        .route(
            "/console/p/{slug}/letters/{batch}/{delivery}/replies/{event}",
            post(answers::publish),
        )
        .route("/console/p/{slug}/responses/{id}", post(answers::decide))
        .route(
            "/console/p/{slug}/letters/{batch}/{delivery}/printed.pdf",
            get(printed::download),
        )
        .route("/console/p/{slug}/tasks/{id}/done", post(tasks::finish))
        .route("/console/p/{slug}/offices/open", post(offices::open))
}

/// What led here, and before which batch the list goes on.
#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    #[serde(default)]
    note: String,
    before: Option<u32>,
}

/// What is said above a page: something done, or something that was not.
#[derive(Clone, Copy, Default)]
struct Said {
    note: Option<&'static str>,
    warning: Option<&'static str>,
}

impl Said {
    fn warning(text: &'static str) -> Self {
        Self {
            warning: Some(text),
            ..Self::default()
        }
    }
}

struct Waiting {
    geoid: String,
    name: String,
    count: String,
}

struct Row {
    number: u32,
    place: String,
    letter: String,
    signers: String,
    state: &'static str,
    frozen_at: String,
    letters: String,
}

#[derive(Template)]
#[template(path = "console/letters.html")]
struct View {
    frame: Frame,
    slug: String,
    said: Said,
    waiting: Vec<Waiting>,
    places: usize,
    total: String,
    requests: Vec<String>,
    is_approver: bool,
    /// Comments that letters would go without.
    unreviewed: Option<String>,
    is_reviewer: bool,
    tasks: Vec<tasks::ToDo>,
    rows: Vec<Row>,
    next: Option<u32>,
}

/// The page.
pub(crate) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Html<String>, Refusal> {
    let (petition, role) = visitor.open(&state, &slug, Permission::SeeLetters).await?;
    let Query(asked) = asked.map_err(|_| Failure::NotFound)?;
    let note = match asked.note.as_str() {
        "asked" => Some("Asked for. The mailer freezes within seconds, if it is running."),
        "done" => Some("Done, and in the audit log."),
        "opened" => Some(offices::OPENED),
        _ => None,
    };
    let said = Said {
        note,
        ..Said::default()
    };
    page(&state, &visitor, (&petition, role), asked.before, said).await
}

async fn page(
    state: &AppState,
    visitor: &Visitor,
    (petition, role): (&Petition, MemberRole),
    before: Option<u32>,
    said: Said,
) -> Result<Html<String>, Refusal> {
    let mut unbatched = state.store().batches.count_unbatched(petition.id).await?;
    let total = unbatched.iter().map(|(_, count)| count).sum::<u64>();
    let places = unbatched.len();
    unbatched.sort_by_key(|(_, count)| Reverse(*count));
    unbatched.truncate(PLACES);
    let (rows, next) = rows(state, petition, before).await?;
    render(&View {
        frame: Frame::of(petition, role, "letters", visitor),
        slug: petition.slug.to_string(),
        said,
        waiting: unbatched
            .into_iter()
            .map(|(geoid, count)| waiting(state, geoid, count))
            .collect(),
        places,
        total: figure(total),
        requests: requests(state, petition.id).await?,
        is_approver: Permission::ApproveDeliveries.is_given_to(role),
        unreviewed: comments::waiting_told(comments::count_waiting(state, petition.id).await?),
        is_reviewer: Permission::ReviewSignatures.is_given_to(role),
        tasks: tasks::list(state, petition).await?,
        rows,
        next,
    })
}

fn waiting(state: &AppState, geoid: Geoid, count: u64) -> Waiting {
    Waiting {
        geoid: geoid.to_string(),
        name: place_name(state, geoid),
        count: figure(count),
    }
}

fn figure(count: u64) -> String {
    grouped(i64::try_from(count).unwrap_or(i64::MAX))
}

/// What a jurisdiction is called.
fn place_name(state: &AppState, geoid: Geoid) -> String {
    places::name(&state.civics(), &Home::Government(geoid))
}

/// What was asked for and is not done yet, by name.
async fn requests(state: &AppState, petition: PetitionId) -> Result<Vec<String>, Failure> {
    let all = state.store().batches.list_freeze_requests().await?;
    let ours = all.into_iter().filter(|(_, of, _)| *of == petition);
    Ok(ours
        .map(|(_, _, geoid)| {
            geoid.map_or_else(
                || "every place".to_owned(),
                |geoid| place_name(state, geoid),
            )
        })
        .collect())
}

/// A page of batches before a number, newest first, and from where the next goes on. Numbers of a petition have no gaps, so
/// that the last one is their count.
async fn rows(
    state: &AppState,
    petition: &Petition,
    before: Option<u32>,
) -> Result<(Vec<Row>, Option<u32>), Failure> {
    let store = state.store();
    let buckets = store.deliveries.count_buckets(petition.id).await?;
    let count: u64 = buckets.batches.iter().map(|(_, count)| count).sum();
    let end = u32::try_from(count).unwrap_or(u32::MAX).saturating_add(1);
    let before = before.map_or(end, |before| before.min(end));
    let after = before.saturating_sub(PAGE + 1);
    let limit = before.saturating_sub(1) - after;
    if limit == 0 {
        return Ok((Vec::new(), None));
    }
    let batches = store
        .batches
        .list_batches(petition.id, None, None, after, limit)
        .await?;
    let zone = days::zone(petition);
    let mut rows = Vec::with_capacity(batches.len());
    for batch in batches.into_iter().rev() {
        let letters = deliveries_of(state, petition.id, batch.id).await?;
        rows.push(row(state, &batch, &letters, zone));
    }
    Ok((rows, (after > 0).then_some(after + 1)))
}

fn row(state: &AppState, batch: &Batch, letters: &[Delivery], zone: Tz) -> Row {
    Row {
        number: batch.number,
        place: place_name(state, batch.geoid.clone()),
        letter: letter_of(batch),
        signers: grouped(i64::from(batch.count)),
        state: batch.state.as_str(),
        frozen_at: words::instant(batch.frozen_at, zone),
        letters: by_state(letters),
    }
}

/// `3`, or `3, part 1 of 2`.
fn letter_of(batch: &Batch) -> String {
    if batch.parts > 1 {
        format!("{}, part {} of {}", batch.letter, batch.part, batch.parts)
    } else {
        batch.letter.to_string()
    }
}

/// `5 waiting, 1 no contact`.
fn by_state(letters: &[Delivery]) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for letter in letters {
        *counts.entry(words::standing(letter)).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    let told = counts
        .into_iter()
        .map(|(state, count)| format!("{count} {state}"));
    told.collect::<Vec<_>>().join(", ")
}

/// A batch's letters, by id.
async fn deliveries_of(
    state: &AppState,
    petition: PetitionId,
    batch: BatchId,
) -> Result<Vec<Delivery>, Failure> {
    let filter = DeliveryFilter {
        batch: Some(batch),
        state: None,
    };
    let (mut all, mut after): (Vec<Delivery>, Option<DeliveryId>) = (Vec::new(), None);
    loop {
        let page = state
            .store()
            .deliveries
            .list_deliveries(petition, filter, after, STRIDE)
            .await?;
        let is_last = page.len() < STRIDE as usize;
        after = page.last().map(|delivery| delivery.id);
        all.extend(page);
        if is_last {
            return Ok(all);
        }
    }
}
