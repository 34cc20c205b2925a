//! `GET /petitions/{slug}/challenge`: work to do before signing, while a petition asks for it.

use crate::failure::Problem;
use crate::petitions;
use crate::proof::{self, Challenge};
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};

/// A challenge as ALTCHA's widgets and libraries read it; each is another one.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(slug): Path<String>,
) -> Result<Json<Challenge>, Problem> {
    let petition = petitions::find(&state, &slug).await?;
    petitions::require_open(&petition)?;
    Ok(Json(proof::challenge(&state, petition.id)))
}
