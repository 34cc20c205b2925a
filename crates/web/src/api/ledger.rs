//! `GET /petitions/{slug}/ledger` and `GET /petitions/{slug}/batches/{n}/manifest`.
//!
//! A cancelled batch has no manifest: its letters never left, its signers come with another batch, and whoever adds up the
//! record must not count them twice. The page of the record names it and says so.

use super::tagged;
use crate::failure::{Failure, Problem};
use crate::letters::PAGE;
use crate::state::AppState;
use crate::{ledger, petitions};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use redress_letters::manifest::Manifest;
use redress_model::batch::BatchState;
use redress_storage::batches::Batch;
use serde::{Deserialize, Serialize};

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
    Ok(tagged::json(&headers, &published)?)
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
    let manifest = ledger::manifest(&petition.slug, &batch);
    Ok(tagged::json(&headers, &manifest)?)
}

fn is_published(batch: &Batch) -> bool {
    batch.state != BatchState::Cancelled
}
