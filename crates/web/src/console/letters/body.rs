//! `/console/p/{slug}/letters/{batch}/{delivery}/body`: a letter's HTML, for the frame on the letter's page.

use super::super::permission::Permission;
use super::super::refusal::Refusal;
use super::super::visitor::Visitor;
use super::opened;
use crate::failure::Failure;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{Html, IntoResponse, Response};

/// A letter's own styles, and nothing else: no script, no form, nothing loaded, an origin of its own.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox";

/// The HTML.
pub(crate) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    Path((slug, number, id)): Path<(String, String, String)>,
) -> Result<Response, Refusal> {
    let (petition, _) = visitor.open(&state, &slug, Permission::SeeLetters).await?;
    let delivery = opened::find(&state, &petition, (&number, &id)).await?;
    let letter = opened::open(&state, &delivery).await?;
    let letter = letter.ok_or(Failure::NotFound)?;
    Ok(([(CONTENT_SECURITY_POLICY, POLICY)], Html(letter.html)).into_response())
}
