//! `/r/{token}/erase`: GET asks once, POST erases for good.

use super::{Frame, render};
use crate::spoken;
use crate::spoken::t;
use crate::state::AppState;
use crate::token::{self, WayBack};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use redress_model::signature::state::SignatureState;
use redress_storage::secrets::TokenPurpose;
use redress_storage::signatures::EraseOutcome;

#[derive(Template)]
#[template(path = "site/erase.html")]
struct Asking {
    frame: Frame,
    title: String,
    token: String,
    /// Whether a frozen batch holds it, so that it stays counted.
    is_frozen: bool,
}

/// Asks.
pub(crate) async fn ask(
    State(state): State<AppState>,
    Path(text): Path<String>,
) -> Result<Response, WayBack> {
    let opened = token::open(&state, &text, TokenPurpose::Receipt).await?;
    if opened.signature.state == SignatureState::Erased {
        return Ok(Redirect::to(&format!("{}/r/{text}", spoken::base())).into_response());
    }
    let page: Html<String> = render(&Asking {
        frame: Frame::of(t("Erase your signature"), &opened.petition.slug),
        title: opened.petition.terms.title,
        token: text,
        is_frozen: opened.signature.is_counted && opened.signature.frozen_at.is_some(),
    })?;
    Ok(page.into_response())
}

/// Erases, and shows what is left of the receipt. A second time is harmless.
pub(crate) async fn erase(
    State(state): State<AppState>,
    Path(text): Path<String>,
) -> Result<Redirect, WayBack> {
    let opened = token::open(&state, &text, TokenPurpose::Receipt).await?;
    let signatures = &state.store().signatures;
    match signatures.erase(opened.signature.id, state.now()).await? {
        EraseOutcome::Unknown => Err(WayBack::to(opened.petition, "link")),
        EraseOutcome::Erased { .. } | EraseOutcome::Already => {
            Ok(Redirect::to(&format!("{}/r/{text}", spoken::base())))
        }
    }
}
