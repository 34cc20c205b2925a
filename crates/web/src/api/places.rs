//! `GET /petitions/{slug}/places`, as JSON, CSV or GeoJSON. Rows sum to the total.

use super::tagged;
use crate::failure::{Failure, Problem};
use crate::petitions;
use crate::places::{self, PlaceRow};
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use redress_model::batch::CityStatus;
use redress_model::petition::{Confirmation, Petition};
use serde_json::{Value, json};
use std::sync::Arc;

/// The columns of the table.
const HEADER: [&str; 11] = [
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
    "confirmation",
];

/// As JSON.
pub(crate) async fn json(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (petition, rows) = rows(&state, &slug).await?;
    let told = json!({
        "petition": slug,
        "confirmation": petition.terms.confirmation,
        "places": rows,
    });
    Ok(tagged::json(&headers, &told)?)
}

/// As CSV.
pub(crate) async fn csv(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (petition, rows) = rows(&state, &slug).await?;
    let confirmation = petition.terms.confirmation;
    let table = table(rows, confirmation).map_err(|_| Failure::Broken)?;
    Ok(tagged::bytes(&headers, "text/csv; charset=utf-8", table)?)
}

/// As GeoJSON (RFC 7946): a feature a row, without a geometry where nobody knows where it is.
pub(crate) async fn geojson(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (petition, rows) = rows(&state, &slug).await?;
    let told = json!({
        "type": "FeatureCollection",
        "petition": slug,
        "confirmation": petition.terms.confirmation,
        "features": rows.iter().map(feature).collect::<Vec<_>>(),
    });
    let bytes = serde_json::to_vec(&told).map_err(|_| Failure::Broken)?;
    Ok(tagged::bytes(&headers, "application/geo+json", bytes)?)
}

fn table(rows: Vec<PlaceRow>, confirmation: Confirmation) -> Result<Vec<u8>, csv::Error> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(HEADER)?;
    let degrees = |degrees: Option<f64>| degrees.map_or_else(String::new, |it| it.to_string());
    for row in rows {
        table.write_record([
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
            confirmation.as_str().to_owned(),
        ])?;
    }
    table
        .into_inner()
        .map_err(|error| error.into_error().into())
}

fn feature(row: &PlaceRow) -> Value {
    let geometry = match (row.lon, row.lat) {
        (Some(lon), Some(lat)) => json!({ "type": "Point", "coordinates": [lon, lat] }),
        _ => Value::Null,
    };
    json!({ "type": "Feature", "geometry": geometry, "properties": row })
}

async fn rows(state: &AppState, slug: &str) -> Result<(Arc<Petition>, Vec<PlaceRow>), Failure> {
    let petition = petitions::find(state, slug).await?;
    let rows = places::list(state, petition.id).await?;
    Ok((petition, rows))
}
