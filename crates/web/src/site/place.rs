//! `/p/{slug}/places/{geoid}`: one city: its status, its count, its districts, its officials, its letters.

use super::officials::{Card, card, is_target};
use super::{Frame, grouped, render};
use crate::answers::Answer;
use crate::city_status::StatusView;
use crate::failure::{Failure, Page};
use crate::letters::{self, LetterRow};
use crate::spoken::t;
use crate::state::AppState;
use crate::{answers, dates, petitions, places, silences};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use redress_model::geoid::Geoid;
use redress_model::home::{District, Home};
use redress_model::id::PetitionId;
use redress_model::petition::{Confirmation, Petition};
use redress_model::tally::DistrictTally;

struct DistrictRow {
    label: String,
    count: String,
}

#[derive(Template)]
#[template(path = "site/place.html")]
struct View {
    frame: Frame,
    slug: String,
    title: String,
    name: String,
    status: Option<StatusView>,
    is_confirmed_by_mail: bool,
    counted: String,
    self_asserted: String,
    paper: String,
    districts: Vec<DistrictRow>,
    cards: Vec<Card>,
    letters: Vec<LetterRow>,
    answers: Vec<Answer>,
    /// Offices that asked for no more letters.
    silent: Vec<String>,
}

/// The page.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path((slug, geoid)): Path<(String, String)>,
) -> Result<Html<String>, Page> {
    let petition = petitions::find(&state, &slug).await?;
    let geoid = Geoid::parse(&geoid).map_err(|_| Failure::NotFound)?;
    let tallies = &state.store().tallies;
    let home = Home::Government(geoid.clone());
    let tally = tallies.find_home(petition.id, &home).await?.tally;
    let name = places::find_name(&state, &home).await?;
    let is_known = name != geoid.as_str();
    if tally.is_zero() && !is_known {
        return Err(Failure::NotFound.into());
    }
    let districts = tallies.list_districts(petition.id, Some(&home)).await?;
    render(&View {
        frame: Frame::of(&name, &petition.slug),
        name,
        status: find_status(&state, petition.id, &geoid).await?,
        is_confirmed_by_mail: petition.terms.confirmation == Confirmation::Email,
        counted: grouped(tally.counted),
        self_asserted: grouped(tally.self_asserted),
        paper: grouped(tally.paper),
        districts: districts.iter().map(district).collect(),
        cards: cards(&state, &petition, &geoid),
        letters: list_letters(&state, &petition, &geoid).await?,
        answers: answers::list(&state, &petition, &geoid).await?,
        silent: silences::list(&state, &petition, Some(&geoid)).await?,
        title: petition.terms.title.clone(),
        slug,
    })
}

async fn find_status(
    state: &AppState,
    petition: PetitionId,
    geoid: &Geoid,
) -> Result<Option<StatusView>, Failure> {
    let statuses = state.store().batches.list_statuses(petition).await?;
    let mut statuses = statuses.into_iter();
    let found = statuses.find(|(place, _)| place == geoid);
    Ok(found.map(|(_, known)| StatusView::new(known)))
}

/// Letters to the city; those that were cancelled stand in the record alone.
async fn list_letters(
    state: &AppState,
    petition: &Petition,
    geoid: &Geoid,
) -> Result<Vec<LetterRow>, Failure> {
    let mut rows = letters::list(state, petition, Some(geoid), 0).await?;
    rows.retain(LetterRow::is_standing);
    Ok(rows)
}

fn cards(state: &AppState, petition: &Petition, geoid: &Geoid) -> Vec<Card> {
    let civics = state.civics();
    let posts = civics.directory().posts_of(geoid.as_str());
    let on = dates::date_of(state.now(), petition);
    let answers = posts.iter().flat_map(|post| post.answers(on));
    answers
        .filter(|post| is_target(&petition.terms.targets, post.role))
        .map(|post| card(&post))
        .collect()
}

fn district(row: &DistrictTally) -> DistrictRow {
    let label = row.district.as_ref().map(District::as_str);
    DistrictRow {
        label: label.unwrap_or(t("no district")).to_owned(),
        count: grouped(row.tally.counted),
    }
}
