//! `GET /petitions/{slug}/places`, as JSON or CSV. Rows sum to the total.

use super::BRIEFLY;
use crate::failure::{Failure, Problem};
use crate::petitions;
use crate::places::{self, PlaceRow};
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use redress_model::batch::CityStatus;
use serde_json::json;

/// As JSON.
pub(crate) async fn json(
    State(state): State<AppState>,
    Path(slug): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let rows = rows(&state, &slug).await?;
    Ok(([BRIEFLY], Json(json!({ "petition": slug, "places": rows }))))
}

/// As CSV.
pub(crate) async fn csv(
    State(state): State<AppState>,
    Path(slug): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let header = [
        "geoid",
        "name",
        "state",
        "count",
        "self_asserted",
        "paper",
        "status",
        "officials",
        "lat",
        "lon",
    ];
    let broken = |_| Failure::Broken;
    table.write_record(header).map_err(broken)?;
    let degrees = |degrees: Option<f64>| degrees.map_or_else(String::new, |it| it.to_string());
    for row in rows(&state, &slug).await? {
        let record = [
            row.geoid,
            row.name,
            row.state.to_owned(),
            row.count.to_string(),
            row.self_asserted.to_string(),
            row.paper.to_string(),
            row.status.map_or("", CityStatus::as_str).to_owned(),
            row.officials.to_string(),
            degrees(row.lat),
            degrees(row.lon),
        ];
        table.write_record(record).map_err(broken)?;
    }
    let bytes = table.into_inner().map_err(|_| Failure::Broken)?;
    let kind = axum::http::HeaderValue::from_static("text/csv; charset=utf-8");
    Ok(([BRIEFLY, (CONTENT_TYPE, kind)], bytes))
}

async fn rows(state: &AppState, slug: &str) -> Result<Vec<PlaceRow>, Failure> {
    let petition = petitions::find(state, slug).await?;
    places::list(state, petition.id).await
}
