//! `/unsubscribe/{token}`: GET shows one button, POST ends the mail about a petition. The POST of a
//! mail program (RFC 8058) is the same.

use super::{Frame, render};
use crate::spoken::t;
use crate::state::AppState;
use crate::token::{self, WayBack};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use redress_model::signature::state::SignatureState;
use redress_storage::secrets::TokenPurpose;
use redress_storage::signatures::Wishes;

#[derive(Template)]
#[template(path = "site/unsubscribe.html")]
struct View {
    frame: Frame,
    title: String,
    token: String,
    /// Whether the signature still waits for its click, and goes with the mail.
    is_pending: bool,
    is_done: bool,
}

impl View {
    fn of(opened: token::Opened, token: String, is_done: bool) -> Self {
        Self {
            frame: Frame::of(t("Mail about a petition"), &opened.petition.slug),
            title: opened.petition.terms.title,
            token,
            is_pending: opened.signature.state == SignatureState::Pending,
            is_done,
        }
    }
}

/// Asks.
pub(crate) async fn ask(
    State(state): State<AppState>,
    Path(text): Path<String>,
) -> Result<Html<String>, WayBack> {
    let opened = token::open(&state, &text, TokenPurpose::Unsubscribe).await?;
    Ok(render(&View::of(opened, text, false))?)
}

/// Ends it. A second time is harmless.
pub(crate) async fn unsubscribe(
    State(state): State<AppState>,
    Path(text): Path<String>,
) -> Result<Html<String>, WayBack> {
    let opened = token::open(&state, &text, TokenPurpose::Unsubscribe).await?;
    let (signatures, id) = (&state.store().signatures, opened.signature.id);
    if opened.signature.state == SignatureState::Pending {
        // Without mail it can never be confirmed: nothing of it is worth keeping.
        signatures.erase(id, state.now()).await?;
    } else {
        let wishes = Wishes {
            wants_updates: false,
            ..opened.signature.wishes
        };
        signatures.record_wishes(id, wishes).await?;
    }
    Ok(render(&View::of(opened, text, true))?)
}
