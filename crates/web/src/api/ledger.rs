//! `GET /petitions/{slug}/ledger` and `GET /petitions/{slug}/batches/{n}/manifest`.
//!
//! A cancelled batch has no manifest: its letters never left, its signers come with another batch, and whoever adds up the
//! record must not count them twice. The page of the record names it and says so.

use super::BRIEFLY;
use crate::failure::{Failure, Problem};
use crate::letters::PAGE;
use crate::state::AppState;
use crate::{ledger, petitions};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header::{ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use redress_letters::manifest::Manifest;
use redress_model::batch::BatchState;
use redress_storage::batches::Batch;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// After which batch; 0 for all.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    after: u32,
}

#[derive(Serialize)]
struct Ledger {
    petition: String,
    batches: Vec<Manifest>,
    /// What to ask for as `after` to go on; null at the end.
    next: Option<u32>,
}

/// The manifests by number, a page of them.
pub(crate) async fn list(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let petition = petitions::find(&state, &slug).await?;
    let batches = &state.store().batches;
    let found = batches
        .list_batches(petition.id, None, None, asked.after, PAGE)
        .await?;
    let is_full = found.len() == PAGE as usize;
    let last = found.last().map(|batch| batch.number);
    let manifests = found.iter().filter(|batch| is_published(batch));
    let published = Ledger {
        batches: manifests
            .map(|batch| ledger::manifest(&petition.slug, batch))
            .collect(),
        petition: slug,
        next: last.filter(|_| is_full),
    };
    answer(&headers, &published)
}

/// One manifest.
pub(crate) async fn manifest(
    State(state): State<AppState>,
    Path((slug, number)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let petition = petitions::find(&state, &slug).await?;
    let number = number.parse().map_err(|_| Failure::NotFound)?;
    let batches = &state.store().batches;
    let batch = batches
        .find_batch(petition.id, number)
        .await?
        .filter(is_published)
        .ok_or(Failure::NotFound)?;
    answer(&headers, &ledger::manifest(&petition.slug, &batch))
}

fn is_published(batch: &Batch) -> bool {
    batch.state != BatchState::Cancelled
}

/// JSON under a tag of its bytes (RFC 9110, section 8.8.3); nothing when the asker holds the same. The tag is weak, since the
/// answer may be compressed on its way.
fn answer(asked: &HeaderMap, value: &impl Serialize) -> Result<Response, Problem> {
    let body = serde_json::to_vec(value).map_err(|_| Failure::Broken)?;
    let tag = format!(
        "W/\"{}\"",
        ledger::hexadecimal(&Sha256::digest(&body)[..16])
    );
    let known = asked.get(IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    let is_known = known.is_some_and(|tags| tags.split(',').any(|known| known.trim() == tag));
    let tag = HeaderValue::from_str(&tag).map_err(|_| Failure::Broken)?;
    let headers = [BRIEFLY, (ETAG, tag)];
    Ok(if is_known {
        (StatusCode::NOT_MODIFIED, headers, Body::empty()).into_response()
    } else {
        (headers, Json(value)).into_response()
    })
}
