//! `POST /console/p/{slug}/deliveries/release`: servers that blocked us are tried again, because a person says so.

use super::super::permission::Permission;
use super::super::posted::Posted;
use super::super::refusal::Refusal;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::response::Redirect;
use serde_json::json;

/// Does it. One that was released before, or never was, changes nothing.
pub(crate) async fn release(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Posted { visitor, fields }: Posted,
) -> Result<Redirect, Refusal> {
    let permission = Permission::ApproveDeliveries;
    let (petition, _) = visitor.open(&state, &slug, permission).await?;
    let breakers = &state.store().breakers;
    let name = fields.text("name");
    // Only what this petition's letters wait for is its organizers' to decide.
    let all = breakers.list_breakers_of(petition.id).await?;
    if all.iter().any(|breaker| breaker.name == name) {
        let details = json!({ "servers": name });
        let deed = visitor.deed(&state, "delivery.release", &petition.slug, details);
        breakers.release_breaker(name, petition.id, &deed).await?;
    }
    let page = format!("/console/p/{}/deliveries", petition.slug);
    Ok(Redirect::to(&page))
}
