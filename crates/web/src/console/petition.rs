//! `/console/p/{slug}`: one petition: its numbers, its days, and the steps that it may take.

use super::permission::Permission;
use super::refusal::Refusal;
use super::step::{self, Step};
use super::visitor::Visitor;
use super::{Frame, abuse, comments, days, render};
use crate::failure::Failure;
use crate::site::grouped;
use crate::state::AppState;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use chrono::NaiveDate;
use redress_model::home::Home;
use redress_model::petition::state::PetitionState;
use redress_model::petition::{Confirmation, Petition};
use redress_model::role::MemberRole;
use redress_model::tally::Tally;
use serde::Deserialize;

/// Days of history on the page.
const DAYS: u64 = 30;

/// What led here.
#[derive(Deserialize, Default)]
pub(crate) struct Noted {
    #[serde(default)]
    note: String,
}

struct Figures {
    counted: String,
    today: String,
    waiting: String,
    self_asserted: String,
    paper: String,
    not_located: String,
}

struct Day {
    on: String,
    counted: String,
    self_asserted: String,
    paper: String,
}

#[derive(Template)]
#[template(path = "console/petition.html")]
struct View {
    frame: Frame,
    slug: String,
    note: Option<&'static str>,
    warning: Option<&'static str>,
    /// Networks and domains of which many come, for those who may look.
    rising: usize,
    /// Comments that wait for a review, for those who may.
    unreviewed: Option<String>,
    state: &'static str,
    meaning: &'static str,
    figures: Figures,
    days: Vec<Day>,
    zone: String,
    steps: Vec<Step>,
    is_confirmed_by_mail: bool,
    is_public: bool,
    public_url: String,
}

/// The page.
pub(crate) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    noted: Result<Query<Noted>, QueryRejection>,
) -> Result<Html<String>, Refusal> {
    let (petition, role) = visitor.open(&state, &slug, Permission::SeeCounts).await?;
    let note = match noted.unwrap_or_default().0.note.as_str() {
        "saved" => Some("Saved."),
        "made" => Some("Made, as a draft. Nobody else sees it until you open it."),
        "state" => Some("Done."),
        _ => None,
    };
    page(&state, &visitor, &petition, role, (note, None)).await
}

/// The page, with what is to be said above it: something done, or something that was not.
pub(crate) async fn page(
    state: &AppState,
    visitor: &Visitor,
    petition: &Petition,
    role: MemberRole,
    (note, warning): (Option<&'static str>, Option<&'static str>),
) -> Result<Html<String>, Refusal> {
    let history = days::list(state, petition, DAYS).await?;
    let steps = if Permission::ChangeState.is_given_to(role) {
        step::from(petition.state)
    } else {
        Vec::new()
    };
    let is_reviewer = Permission::ReviewSignatures.is_given_to(role);
    let unreviewed = if is_reviewer {
        comments::waiting_told(comments::count_waiting(state, petition.id).await?)
    } else {
        None
    };
    let terms = &petition.terms;
    render(&View {
        frame: Frame::of(petition, role, "overview", visitor),
        slug: petition.slug.to_string(),
        note,
        warning,
        unreviewed,
        rising: if is_reviewer {
            abuse::count_rising(state, petition).await?
        } else {
            0
        },
        state: petition.state.as_str(),
        meaning: step::meaning(petition.state),
        figures: figures(state, petition).await?,
        days: history.into_iter().map(day).collect(),
        zone: terms.time_zone.clone(),
        steps,
        is_confirmed_by_mail: terms.confirmation == Confirmation::Email,
        is_public: petition.state != PetitionState::Draft,
        public_url: format!("{}/p/{}", state.public_url(), petition.slug),
    })
}

async fn figures(state: &AppState, petition: &Petition) -> Result<Figures, Failure> {
    let tallies = &state.store().tallies;
    let total = tallies.find_total(petition.id).await?;
    let lost = tallies.find_home(petition.id, &Home::NotLocated).await?;
    Ok(Figures {
        counted: grouped(total.tally.counted),
        today: grouped(days::find_today(state, petition).await?),
        waiting: grouped(total.waiting),
        self_asserted: grouped(total.tally.self_asserted),
        paper: grouped(total.tally.paper),
        not_located: grouped(lost.tally.counted),
    })
}

fn day((on, tally): (NaiveDate, Tally)) -> Day {
    Day {
        on: on.format("%-d %B %Y").to_string(),
        counted: grouped(tally.counted),
        self_asserted: grouped(tally.self_asserted),
        paper: grouped(tally.paper),
    }
}
