//! `/desk/{token}`: the seat's letters, the counts as of now, comments, and the way to compare a list.

use super::closed::Closed;
use super::comments::{self, Comment};
use super::seat::{self, Letter, Seat, heading};
use super::{Frame, Ways, render};
use crate::ledger;
use crate::letters::signers_named;
use crate::site::grouped;
use crate::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use redress_model::home::{District, Home};
use redress_model::tally::{DistrictTally, Tally};

struct LetterView {
    heading: String,
    /// `letter 3`.
    name: String,
    batch: u32,
    frozen_on: String,
    signers: String,
    total: String,
    said: String,
}

struct DistrictRow {
    label: String,
    count: String,
    is_own: bool,
}

#[derive(Template)]
#[template(path = "desk/home.html")]
struct View {
    frame: Frame,
    ways: Ways,
    title: String,
    place: String,
    counted: String,
    self_asserted: String,
    paper: String,
    /// In the seat's own district.
    own_counted: Option<String>,
    letters: Vec<LetterView>,
    districts: Vec<DistrictRow>,
    comments: Vec<Comment>,
}

/// The page.
pub(super) async fn show(
    State(state): State<AppState>,
    Path(text): Path<String>,
) -> Result<Html<String>, Closed> {
    let seat = seat::open(&state, &text).await?;
    let tallies = &state.store().tallies;
    let home = Home::Government(seat.geoid.clone());
    let tally = tallies.find_home(seat.petition.id, &home).await?.tally;
    let districts = tallies
        .list_districts(seat.petition.id, Some(&home))
        .await?;
    let comments = comments::list(&state, &seat).await?;
    Ok(render(&view(&seat, tally, &districts, comments))?)
}

fn view(seat: &Seat, tally: Tally, districts: &[DistrictTally], comments: Vec<Comment>) -> View {
    let own = seat.addressee.district.as_deref();
    let rows: Vec<DistrictRow> = districts.iter().map(|row| district(row, own)).collect();
    let in_own = rows.iter().find(|row| row.is_own);
    View {
        frame: Frame::new(&seat.petition.terms.title, Some(&seat.ways)),
        ways: seat.ways.clone(),
        title: seat.petition.terms.title.clone(),
        place: seat.place.clone(),
        counted: grouped(tally.counted),
        self_asserted: grouped(tally.self_asserted),
        paper: grouped(tally.paper),
        own_counted: own.map(|_| in_own.map_or("none".to_owned(), |row| row.count.clone())),
        letters: seat.letters.iter().map(|it| letter(seat, it)).collect(),
        districts: rows,
        comments,
    }
}

fn letter(seat: &Seat, letter: &Letter) -> LetterView {
    let batch = &letter.batch;
    LetterView {
        heading: heading(batch),
        name: ledger::letter(batch),
        batch: batch.number,
        frozen_on: seat.frozen_on(batch),
        signers: signers_named(batch),
        total: grouped(batch.total.into()),
        said: seat.said(letter),
    }
}

fn district(row: &DistrictTally, own: Option<&str>) -> DistrictRow {
    let label = row.district.as_ref().map(District::as_str);
    DistrictRow {
        label: label.unwrap_or("no district known").to_owned(),
        count: grouped(row.tally.counted),
        is_own: label.is_some() && label == own,
    }
}
