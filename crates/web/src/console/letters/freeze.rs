//! `POST /console/p/{slug}/letters/freeze`: asks the mailer to freeze one place, or all that have something to freeze.

use super::super::permission::Permission;
use super::super::posted::Posted;
use super::super::refusal::Refusal;
use super::{Said, page};
use crate::failure::Failure;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use redress_model::geoid::Geoid;
use serde_json::json;

const NOTHING: &str = "Nothing was asked for: nothing waits there any more.";

/// Asks. What was asked for before and is not done yet is not asked for again.
pub(crate) async fn ask(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Posted { visitor, fields }: Posted,
) -> Result<Response, Refusal> {
    let (petition, role) = visitor
        .open(&state, &slug, Permission::ApproveDeliveries)
        .await?;
    let geoid = match fields.text("place") {
        "" => None,
        text => Some(Geoid::parse(text).map_err(|_| Failure::NotFound)?),
    };
    let batches = &state.store().batches;
    let unbatched = batches.count_unbatched(petition.id).await?;
    let waits = |(place, _): &(Geoid, u64)| geoid.as_ref().is_none_or(|geoid| geoid == place);
    if !unbatched.iter().any(waits) {
        let said = Said::warning(NOTHING);
        let page = page(&state, &visitor, (&petition, role), None, said).await?;
        return Ok((StatusCode::CONFLICT, page).into_response());
    }
    let asked = batches.list_freeze_requests().await?;
    let is_asked = |(_, of, place): &(i64, _, Option<Geoid>)| {
        *of == petition.id && (place.is_none() || *place == geoid)
    };
    if !asked.iter().any(is_asked) {
        let place = geoid.as_ref().map_or("all", |geoid| geoid.as_str());
        let details = json!({ "place": place });
        let deed = visitor.deed(&state, "delivery.freeze", &petition.slug, details);
        batches
            .request_freeze(petition.id, geoid.as_ref(), &deed)
            .await?;
    }
    let page = format!("/console/p/{}/letters?note=asked", petition.slug);
    Ok(Redirect::to(&page).into_response())
}
