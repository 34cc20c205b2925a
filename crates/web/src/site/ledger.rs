//! `/p/{slug}/ledger`: every batch with its hashes, for whoever wants to check.
//!
//! Cancelled batches are named and marked: numbers run through the whole petition, so that a gap would look like a letter
//! that somebody hides.

use super::{Frame, render};
use crate::failure::Page;
use crate::letters::{self, LetterRow, PAGE};
use crate::spoken::t;
use crate::state::AppState;
use crate::{ledger, petitions, places, silences};
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use redress_letters::manifest::Manifest;
use redress_model::home::Home;
use serde::Deserialize;

/// After which batch; 0 for all.
#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    #[serde(default)]
    after: u32,
}

struct Entry {
    place: String,
    row: LetterRow,
    manifest: Manifest,
    is_cancelled: bool,
}

#[derive(Template)]
#[template(path = "site/ledger.html")]
struct View {
    frame: Frame,
    title: String,
    slug: String,
    entries: Vec<Entry>,
    is_continued: bool,
    next: Option<u32>,
    /// Offices that asked for no more letters.
    silent: Vec<String>,
}

/// The page.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Html<String>, Page> {
    let petition = petitions::find(&state, &slug).await?;
    let after = asked.map_or(0, |asked| asked.after);
    let rows = letters::list(&state, &petition, None, after).await?;
    let is_full = rows.len() == PAGE as usize;
    let next = rows.last().map(|row| row.batch.number).filter(|_| is_full);
    let homes: Vec<Home> = rows
        .iter()
        .map(|row| Home::Government(row.batch.geoid.clone()))
        .collect();
    let strangers = places::list_strangers(&state, homes.iter()).await?;
    let civics = state.civics();
    let entry = |(home, row): (&Home, LetterRow)| Entry {
        place: strangers
            .get(&row.batch.geoid)
            .map_or_else(|| places::name(&civics, home), |it| it.name.clone()),
        manifest: ledger::manifest(&petition.slug, &row.batch),
        is_cancelled: !row.is_standing(),
        row,
    };
    render(&View {
        frame: Frame::of(t("Letters on record"), &petition.slug),
        title: petition.terms.title.clone(),
        slug,
        entries: homes.iter().zip(rows).map(entry).collect(),
        is_continued: after > 0,
        next,
        silent: silences::list(&state, &petition, None).await?,
    })
}
