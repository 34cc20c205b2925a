//! `/p/{slug}/places`: where people signed, as a table that sums to the total.

use super::{Frame, grouped, render};
use crate::city_status;
use crate::failure::Page;
use crate::petitions;
use crate::places::{self, PlaceRow};
use crate::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;

#[derive(Template)]
#[template(path = "site/places.html")]
struct View {
    frame: Frame,
    title: String,
    slug: String,
    total: String,
    has_statuses: bool,
    rows: Vec<PlaceRow>,
}

impl View {
    fn status(row: &PlaceRow) -> &'static str {
        row.status.map_or("", city_status::short)
    }
}

/// The page.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(slug): Path<String>,
) -> Result<Html<String>, Page> {
    let petition = petitions::find(&state, &slug).await?;
    let mut rows = places::list(&state, petition.id).await?;
    let total = rows.iter().map(|row| row.count).sum();
    // Largest first; those without a GEOID stay last.
    rows.sort_by_key(|row| (row.geoid.is_empty(), -row.count));
    render(&View {
        frame: Frame::of("Where people signed", &petition.slug),
        title: petition.terms.title,
        slug,
        total: grouped(total),
        has_statuses: rows.iter().any(|row| row.status.is_some()),
        rows,
    })
}
