//! `/p/{slug}/places/{geoid}`: one city: its count, its districts, its officials.

use super::officials::{Card, card, is_target};
use super::{Frame, grouped, render};
use crate::failure::{Failure, Page};
use crate::state::AppState;
use crate::{petitions, places};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use redress_model::geoid::Geoid;
use redress_model::home::{District, Home};
use redress_model::tally::DistrictTally;

struct DistrictRow {
    label: String,
    count: String,
}

#[derive(Template)]
#[template(path = "site/place.html")]
struct View {
    frame: Frame,
    title: String,
    name: String,
    counted: String,
    self_asserted: String,
    paper: String,
    districts: Vec<DistrictRow>,
    cards: Vec<Card>,
}

/// The page.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path((slug, geoid)): Path<(String, String)>,
) -> Result<Html<String>, Page> {
    let petition = petitions::find(&state, &slug).await?;
    let geoid = Geoid::parse(&geoid).map_err(|_| Failure::NotFound)?;
    let civics = state.civics();
    let home = Home::Government(geoid.clone());
    let tally = state
        .store()
        .tallies
        .find_home(petition.id, &home)
        .await?
        .tally;
    if tally.is_zero() && civics.place(geoid.as_str()).is_none() {
        return Err(Failure::NotFound.into());
    }
    let tallies = &state.store().tallies;
    let districts = tallies.list_districts(petition.id, Some(&home)).await?;
    let posts = civics.directory().posts_of(geoid.as_str());
    let answers = posts.iter().flat_map(|post| post.answers(state.today()));
    let cards = answers
        .filter(|post| is_target(&petition.terms.targets, post.role))
        .map(|post| card(&post))
        .collect();
    let name = places::name(&civics, &home);
    render(&View {
        frame: Frame::of(&name, &petition.slug),
        title: petition.terms.title,
        name,
        counted: grouped(tally.counted),
        self_asserted: grouped(tally.self_asserted),
        paper: grouped(tally.paper),
        districts: districts.iter().map(district).collect(),
        cards,
    })
}

fn district(row: &DistrictTally) -> DistrictRow {
    let label = row.district.as_ref().map(District::as_str);
    DistrictRow {
        label: label.unwrap_or("no district").to_owned(),
        count: grouped(row.tally.counted),
    }
}
