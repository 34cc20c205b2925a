//! The API's own description, as programs read it.

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

/// OpenAPI 3.1, the same that `/api/v1/openapi.json` answers.
pub const OPENAPI: &str = include_str!("../openapi.json");

/// `GET /openapi.json`.
pub(crate) async fn show() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], OPENAPI)
}
