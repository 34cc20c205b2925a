//! `/console/p/{slug}/deliveries`: where every letter of a petition stands.

mod release;
mod rests;

pub(crate) use release::release;

use super::permission::Permission;
use super::refusal::Refusal;
use super::visitor::Visitor;
use super::{Frame, days, render, words};
use crate::failure::Failure;
use crate::places;
use crate::site::grouped;
use crate::state::AppState;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use chrono_tz::Tz;
use redress_model::delivery::state::DeliveryState;
use redress_model::home::Home;
use redress_model::id::DeliveryId;
use redress_storage::deliveries::{Delivery, DeliveryFilter};
use serde::Deserialize;

/// Deliveries on one page.
const PAGE: u32 = 50;

/// Which ones, and after which the list goes on.
#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    state: Option<String>,
    after: Option<DeliveryId>,
}

struct Bucket {
    word: &'static str,
    name: String,
    count: String,
    is_chosen: bool,
}

struct Row {
    batch: u32,
    id: String,
    place: String,
    title: String,
    person: String,
    state: String,
    tone: &'static str,
    reply: String,
    changed_at: String,
}

#[derive(Template)]
#[template(path = "console/deliveries.html")]
struct View {
    frame: Frame,
    slug: String,
    total: String,
    buckets: Vec<Bucket>,
    chosen: Option<(&'static str, String, &'static str)>,
    rows: Vec<Row>,
    rests: Vec<rests::Rest>,
    may_release: bool,
    next: Option<DeliveryId>,
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
    let word = asked.state.filter(|word| !word.is_empty());
    let chosen = word.map(|word| word.parse::<DeliveryState>());
    let chosen = chosen.transpose().map_err(|_| Failure::NotFound)?;
    let deliveries = &state.store().deliveries;
    let counted = deliveries.count_buckets(petition.id).await?.deliveries;
    let filter = DeliveryFilter {
        batch: None,
        state: chosen,
    };
    let list = deliveries
        .list_deliveries(petition.id, filter, asked.after, PAGE)
        .await?;
    let is_full = list.len() == PAGE as usize;
    let zone = days::zone(&petition);
    render(&View {
        frame: Frame::of(&petition, role, "deliveries", &visitor),
        slug: petition.slug.to_string(),
        total: figure(counted.iter().map(|(_, count)| count).sum()),
        buckets: buckets(&counted, chosen),
        chosen: chosen.map(|it| (it.as_str(), words::plain(it.as_str()), words::meaning(it))),
        next: list.last().filter(|_| is_full).map(|last| last.id),
        rests: rests::list(&state, &petition).await?,
        may_release: Permission::ApproveDeliveries.is_given_to(role),
        rows: list.iter().map(|it| row(&state, it, zone)).collect(),
    })
}

/// Those that hold something, and the one that was asked for.
fn buckets(counted: &[(DeliveryState, u64)], chosen: Option<DeliveryState>) -> Vec<Bucket> {
    let shown = counted
        .iter()
        .filter(|(state, count)| *count > 0 || Some(*state) == chosen);
    shown
        .map(|&(state, count)| Bucket {
            word: state.as_str(),
            name: words::plain(state.as_str()),
            count: figure(count),
            is_chosen: Some(state) == chosen,
        })
        .collect()
}

fn figure(count: u64) -> String {
    grouped(i64::try_from(count).unwrap_or(i64::MAX))
}

fn row(state: &AppState, delivery: &Delivery, zone: Tz) -> Row {
    let home = Home::Government(delivery.geoid.clone());
    let person = delivery.addressee.person.clone();
    Row {
        batch: delivery.batch_number,
        id: delivery.id.to_string(),
        place: places::name(&state.civics(), &home),
        title: delivery.addressee.title.clone(),
        person: person.unwrap_or_else(|| "the office".to_owned()),
        state: words::standing(delivery),
        tone: words::tone(delivery.state),
        reply: words::reply(delivery.reply.as_ref()),
        changed_at: words::instant(delivery.changed_at, zone),
    }
}
