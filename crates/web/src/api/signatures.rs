//! `POST /petitions/{slug}/signatures`.

use crate::body::JsonFields;
use crate::failure::{Failure, Problem};
use crate::layers::client::Client;
use crate::signing::form::SignFields;
use crate::signing::submission::Submission;
use crate::state::AppState;
use crate::{petitions, signing};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use redress_model::resolution::Resolution;
use serde::Serialize;

/// The same for new, pending and signed.
#[derive(Serialize)]
pub(crate) struct Received {
    status: &'static str,
    resolution: Resolution,
}

/// Saves a signature.
pub(crate) async fn sign(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Client(client): Client,
    json: Result<JsonFields, Problem>,
) -> Result<(StatusCode, Json<Received>), Problem> {
    let petition = petitions::find_open(&state, &slug).await?;
    let fields = SignFields::from_json(&json?);
    let submission = Submission::parse(&fields).map_err(Failure::Fields)?;
    let signed = signing::sign(&state, &petition, (&submission, client)).await?;
    let received = Received {
        status: "received",
        resolution: without_point(signed.resolution),
    };
    Ok((StatusCode::ACCEPTED, Json(received)))
}

/// The answer to a signature says not where the house stands.
fn without_point(mut resolution: Resolution) -> Resolution {
    resolution.point = None;
    resolution.border_distance = None;
    resolution
}
