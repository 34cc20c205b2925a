//! `/console/p/{slug}/counts.{csv,json,geojson,xlsx}?by=place|district`: the counts as a file. Each is a deed.

use super::counts::{self, Breakdown};
use super::permission::Permission;
use super::refusal::Refusal;
use super::visitor::Visitor;
use crate::failure::Failure;
use crate::state::AppState;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use redress_reports::counts::CountRow;
use redress_reports::format::Format;
use serde::Deserialize;
use serde_json::json;

/// By what.
#[derive(Deserialize)]
pub(crate) struct Asked {
    by: Option<String>,
}

/// The file. The deed is recorded first: nothing leaves that nobody knows of.
pub(crate) async fn serve(
    format: Format,
    State(state): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Refusal> {
    let (petition, _) = visitor.open(&state, &slug, Permission::Export).await?;
    let Query(asked) = asked.map_err(|_| Failure::NotFound)?;
    let by = Breakdown::named(asked.by.as_deref()).ok_or(Failure::NotFound)?;
    let rows = counts::rows(&state, petition.id, by).await?;
    let details = json!({ "report": "counts", "by": by.as_str(), "format": format.as_str() });
    let deed = visitor.deed(&state, "petition.export", &petition.slug, details);
    state.store().audit.record_deed(&deed).await?;
    let bytes = write(format, rows).await?;
    let name = format!("{}-by-{}.{}", petition.slug, by.as_str(), format.as_str());
    let headers = [
        (CONTENT_TYPE, format.media_type().to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    Ok((headers, bytes).into_response())
}

/// A spreadsheet of twenty thousand places takes a good part of a second: not on a thread that answers.
async fn write(format: Format, rows: Vec<CountRow>) -> Result<Vec<u8>, Failure> {
    let written = tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        format.write(rows, &mut bytes).map(|()| bytes)
    });
    let written = written.await.map_err(|_| Failure::Broken)?;
    written.map_err(|error| {
        tracing::error!(error = %error, "a report could not be written");
        Failure::Broken
    })
}
