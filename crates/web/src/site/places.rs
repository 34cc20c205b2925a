//! `/p/{slug}/places`: where people signed, as a table that sums to the total.

use super::{Frame, grouped, render};
use crate::city_status;
use crate::failure::Page;
use crate::petitions;
use crate::places::{self, PlaceRow};
use crate::spoken::t;
use crate::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use redress_model::petition::Confirmation;

#[derive(Template)]
#[template(path = "site/places.html")]
struct View {
    frame: Frame,
    title: String,
    slug: String,
    total: String,
    is_confirmed_by_mail: bool,
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
        frame: Frame::of(t("Where people signed"), &petition.slug),
        title: petition.terms.title.clone(),
        slug,
        total: grouped(total),
        is_confirmed_by_mail: petition.terms.confirmation == Confirmation::Email,
        has_statuses: rows.iter().any(|row| row.status.is_some()),
        rows,
    })
}
