//! The API for programs, under `/api/v1`.

mod challenge;
mod count;
mod districts;
mod history;
mod ledger;
mod lookup;
mod petitions;
mod places;
mod signatures;
mod tagged;

use crate::state::AppState;
use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, HeaderName};
use axum::routing::{get, post};

/// How long a count may be kept by whoever stands between.
pub(crate) const BRIEFLY: (HeaderName, HeaderValue) = (
    CACHE_CONTROL,
    HeaderValue::from_static("public, max-age=10"),
);

/// Every call.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/petitions", get(petitions::list))
        .route("/petitions/{slug}", get(petitions::show))
        .route("/petitions/{slug}/challenge", get(challenge::show))
        .route("/petitions/{slug}/signatures", post(signatures::sign))
        .route("/petitions/{slug}/count", get(count::show))
        .route("/petitions/{slug}/places", get(places::json))
        .route("/petitions/{slug}/places.json", get(places::json))
        .route("/petitions/{slug}/places.csv", get(places::csv))
        .route("/petitions/{slug}/places.geojson", get(places::geojson))
        .route("/petitions/{slug}/history", get(history::show))
        .route("/petitions/{slug}/districts", get(districts::json))
        .route("/petitions/{slug}/ledger", get(ledger::list))
        .route(
            "/petitions/{slug}/batches/{number}/manifest",
            get(ledger::manifest),
        )
        .route("/lookup", post(lookup::look_up))
        .route("/openapi.json", get(crate::openapi::show))
}
