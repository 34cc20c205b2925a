//! `POST /petitions/{slug}/signatures`.

use crate::body::JsonFields;
use crate::failure::{Failure, Problem};
use crate::layers::client::Client;
use crate::signing::doubts;
use crate::signing::form::SignFields;
use crate::signing::repeat::Repeat;
use crate::signing::submission::Submission;
use crate::state::AppState;
use crate::{petitions, proof, signing};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use redress_model::resolution::Resolution;
use serde::Serialize;

/// The same for new, pending and signed.
#[derive(Serialize)]
pub(crate) struct Received {
    status: &'static str,
    resolution: Resolution,
    /// The e-mail that was probably meant, where the one that came looks like a slip.
    #[serde(skip_serializing_if = "Option::is_none")]
    did_you_mean: Option<Suggested>,
}

#[derive(Serialize)]
struct Suggested {
    email: String,
}

/// Saves a signature; what was sent before under the same `Idempotency-Key` is answered again.
pub(crate) async fn sign(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Client(client): Client,
    headers: HeaderMap,
    json: Result<JsonFields, Problem>,
) -> Result<(StatusCode, Json<Received>), Problem> {
    let petition = petitions::find(&state, &slug).await?;
    let Ok(json) = json else {
        petitions::require_open(&petition)?;
        return Err(json.err().unwrap_or(Problem(Failure::Broken)));
    };
    let repeat = Repeat::of(&state, &petition, &headers, &json).await?;
    let before = match &repeat {
        Some(repeat) => repeat.find(&state).await?,
        None => None,
    };
    if before.is_none() {
        petitions::require_open(&petition)?;
    }
    let fields = SignFields::from_json(&json);
    let submission = Submission::parse(&fields).map_err(Failure::Fields)?;
    let turn = match (before, &repeat) {
        (Some(turn), _) => turn,
        (None, Some(repeat)) => {
            let first = signing::first_turn(&state);
            repeat.claim(&state, first.id).await?
        }
        (None, None) => signing::first_turn(&state),
    };
    let resolution = if turn.is_done {
        signing::answer(&state, &petition, &submission, turn)
    } else {
        let proved = proof::check(&state, &petition, &fields, turn.id).await?;
        let spent = proved.map_err(|refused| Failure::Fields(vec![refused.error()]))?;
        let saved = signing::sign(&state, &petition, (&submission, client), turn).await;
        let signed = spent.unless_saved(&state, saved).await?;
        if let Some(repeat) = &repeat {
            repeat.finish(&state).await?;
        }
        signed.resolution
    };
    let received = Received {
        status: "received",
        resolution: without_point(resolution),
        did_you_mean: doubts::did_you_mean(&submission, "").map(|email| Suggested { email }),
    };
    Ok((StatusCode::ACCEPTED, Json(received)))
}

/// The answer to a signature says not where the house stands.
fn without_point(mut resolution: Resolution) -> Resolution {
    resolution.point = None;
    resolution.border_distance = None;
    resolution
}
