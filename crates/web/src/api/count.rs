//! `GET /petitions/{slug}/count`.

use super::tagged;
use crate::failure::Problem;
use crate::petitions;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::json;

/// The total and what it consists of.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let petition = petitions::find(&state, &slug).await?;
    let total = state.store().tallies.find_total(petition.id).await?;
    let count = json!({
        "count": total.tally.counted,
        "self_asserted": total.tally.self_asserted,
        "paper": total.tally.paper,
        "confirmation": petition.terms.confirmation,
        "state": petition.state,
    });
    Ok(tagged::json(&headers, &count)?)
}
