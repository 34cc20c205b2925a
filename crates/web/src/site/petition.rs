//! `/p/{slug}`: the petition, its form right after the ask.

use super::form::{FormView, addressees};
use super::home::Noted;
use super::{Frame, grouped, render};
use crate::failure::{Failure, Page};
use crate::signing::form::SignFields;
use crate::spoken::t;
use crate::state::AppState;
use crate::{answers, petitions, proof, token};
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use redress_model::petition::Petition;
use redress_model::petition::state::PetitionState;

#[derive(Template)]
#[template(path = "site/petition.html")]
pub(crate) struct View {
    frame: Frame,
    note: Option<&'static str>,
    addressees: String,
    title: String,
    lede: String,
    paragraphs: Vec<String>,
    closed: Option<&'static str>,
    counted: String,
    places: usize,
    /// How many offices say what; empty while none has answered.
    answered: String,
    pub form: FormView,
}

/// The page.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    noted: Result<Query<Noted>, QueryRejection>,
) -> Result<Html<String>, Page> {
    let petition = petitions::find(&state, &slug).await?;
    let form = FormView::new(&state, &petition, SignFields::blank());
    let note = noted.ok().and_then(|noted| token::note(&noted.note));
    render(&view(&state, &petition, form, note).await?)
}

/// The page with a form as it stands.
pub(crate) async fn view(
    state: &AppState,
    petition: &Petition,
    form: FormView,
    note: Option<&'static str>,
) -> Result<View, Failure> {
    let form = form.proving(proof::is_needed(state, petition.id).await?);
    let total = state.store().tallies.find_total(petition.id).await?;
    let homes = state.store().tallies.list_homes(petition.id).await?;
    let is_counted_place = |home: &&redress_model::tally::HomeTally| {
        home.home.geoid().is_some() && home.tally.counted > 0
    };
    let mut paragraphs = petition
        .terms
        .ask
        .split("\n\n")
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned);
    Ok(View {
        frame: Frame::of(&petition.terms.title, &petition.slug),
        note,
        addressees: addressees(&petition.terms.targets),
        title: petition.terms.title.clone(),
        lede: paragraphs.next().unwrap_or_default(),
        paragraphs: paragraphs.collect(),
        closed: why_closed(petition.state),
        counted: grouped(total.tally.counted),
        places: homes.iter().filter(is_counted_place).count(),
        answered: answers::count(state, petition).await?,
        form,
    })
}

fn why_closed(state: PetitionState) -> Option<&'static str> {
    match state {
        PetitionState::Open => None,
        PetitionState::Paused => Some(t("Signing is paused for now.")),
        _ => Some(t("This petition is closed.")),
    }
}
