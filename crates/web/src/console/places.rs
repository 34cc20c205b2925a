//! `/console/p/{slug}/places`: where people signed, by place, as a table that sums to the total.

use super::counts::{self, Breakdown};
use super::refusal::Refusal;
use super::visitor::Visitor;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::response::Html;

/// The page.
pub(crate) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Html<String>, Refusal> {
    counts::page(&state, &visitor, &slug, Breakdown::Place).await
}
