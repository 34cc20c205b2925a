//! `/console/p/{slug}/letters/{batch}/{delivery}/printed.pdf`: a letter as one page, to be printed and carried or posted. It holds no
//! secret of the office, whose link is in the message alone.

use super::super::permission::Permission;
use super::super::refusal::Refusal;
use super::super::visitor::Visitor;
use super::opened;
use crate::desk::printed::as_file;
use crate::failure::Failure;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::response::Response;

/// The file.
pub(crate) async fn download(
    State(state): State<AppState>,
    visitor: Visitor,
    Path((slug, number, id)): Path<(String, String, String)>,
) -> Result<Response, Refusal> {
    let (petition, _) = visitor.open(&state, &slug, Permission::SeeLetters).await?;
    let delivery = opened::find(&state, &petition, (&number, &id)).await?;
    let page = opened::page(&state, &delivery).await?;
    let page = page.ok_or(Failure::NotFound)?;
    let pdf = page.pdf().ok_or(Failure::Broken)?;
    Ok(as_file(&page.filename, pdf))
}
