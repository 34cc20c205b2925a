//! `/desk/{token}`: the seat's letters, what the office says and wishes, the counts as of now, comments, and the way to compare a list.

use super::answer::{self, AnswerForm, POSITIONS, Said};
use super::closed::Closed;
use super::comments::{self, Comment};
use super::seat::{self, Letter, Seat, heading};
use super::wishes::{self, PACES, WHITHER, WishView};
use super::{Frame, Ways, render};
use crate::failure::Failure;
use crate::ledger;
use crate::letters::signers_named;
use crate::site::grouped;
use crate::state::AppState;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use redress_model::home::{District, Home};
use redress_model::office_wish::{LetterPace, Whither};
use redress_model::response::Position;
use redress_model::tally::{DistrictTally, Tally};
use serde::Deserialize;

/// What led here.
#[derive(Deserialize, Default)]
pub(super) struct Noted {
    #[serde(default)]
    note: String,
}

/// What is said above the page, and what was typed into it.
#[derive(Default)]
pub(super) struct Told {
    pub note: Option<&'static str>,
    pub warning: Option<&'static str>,
    pub form: AnswerForm,
}

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
    told: Told,
    positions: [(Position, &'static str); 3],
    said: Vec<Said>,
    paces: [(LetterPace, &'static str); 3],
    ways_to_go: [(Whither, &'static str); 3],
    wish: WishView,
}

/// The page.
pub(super) async fn show(
    State(state): State<AppState>,
    Path(text): Path<String>,
    noted: Result<Query<Noted>, QueryRejection>,
) -> Result<Html<String>, Closed> {
    let seat = seat::open(&state, &text).await?;
    let note = match noted.unwrap_or_default().0.note.as_str() {
        "answered" => Some("Thank you. An organizer looks at your answer before it is published."),
        "wished" => Some("Noted. The next letter comes as you wish."),
        "closed" => Some("Noted. No more letters come to you about this petition."),
        "opened" => Some("Noted. The next letter comes to you again."),
        _ => None,
    };
    let told = Told {
        note,
        ..Told::default()
    };
    Ok(page(&state, &seat, told).await?)
}

/// The page, with what is to be said above it and what was typed.
pub(super) async fn page(
    state: &AppState,
    seat: &Seat,
    told: Told,
) -> Result<Html<String>, Failure> {
    let tallies = &state.store().tallies;
    let home = Home::Government(seat.geoid.clone());
    let tally = tallies.find_home(seat.petition.id, &home).await?.tally;
    let districts = tallies
        .list_districts(seat.petition.id, Some(&home))
        .await?;
    let own = Own {
        comments: comments::list(state, seat).await?,
        said: answer::list(state, seat).await?,
        wish: wishes::view(state, seat).await?,
        told,
    };
    render(&view(seat, tally, &districts, own))
}

/// What the page shows beside numbers and letters.
struct Own {
    comments: Vec<Comment>,
    said: Vec<Said>,
    wish: WishView,
    told: Told,
}

fn view(seat: &Seat, tally: Tally, districts: &[DistrictTally], page: Own) -> View {
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
        comments: page.comments,
        told: page.told,
        positions: POSITIONS,
        said: page.said,
        paces: PACES,
        ways_to_go: WHITHER,
        wish: page.wish,
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
