//! `/confirm/{token}`: GET shows who is about to confirm and one button; only POST confirms.

use super::{Frame, grouped, render};
use crate::spoken::t;
use crate::state::AppState;
use crate::token::{self, Opened, WayBack};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use redress_model::signature::state::SignatureState;
use redress_model::signature::{RejectedBy, RejectionReason};
use redress_storage::StorageError;
use redress_storage::secrets::{Token, TokenPurpose};
use redress_storage::signatures::{ConfirmOutcome, Confirmation};

#[derive(Template)]
#[template(path = "site/confirm.html")]
struct Asking {
    frame: Frame,
    title: String,
    name: String,
    token: String,
}

#[derive(Template)]
#[template(path = "site/confirmed.html")]
struct Confirmed {
    frame: Frame,
    title: String,
    number: String,
    link: String,
    receipt: String,
}

/// Who is about to confirm.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(text): Path<String>,
) -> Result<Html<String>, WayBack> {
    let opened = token::open(&state, &text, TokenPurpose::Confirm).await?;
    let (signature, petition) = (&opened.signature, &opened.petition);
    match signature.state {
        SignatureState::Pending if state.now() <= signature.confirm_by_at => {}
        SignatureState::Confirmed => {
            return confirmed(&state, &opened, signature.number.unwrap_or_default());
        }
        _ => return Err(ended(opened)),
    }
    let Some(sealed) = &signature.sealed else {
        return Err(ended(opened));
    };
    let secrets = state.vault().petition(petition.id).await?;
    let signer = secrets
        .open_signer(signature.id, &sealed.signer)
        .map_err(StorageError::from)?;
    let page = Asking {
        frame: Frame::of(t("Confirm your signature"), &petition.slug),
        title: petition.terms.title.clone(),
        name: signer.name,
        token: text,
    };
    Ok(super::render(&page)?)
}

/// Confirms.
pub(crate) async fn confirm(
    State(state): State<AppState>,
    Path(text): Path<String>,
) -> Result<Response, WayBack> {
    let opened = token::open(&state, &text, TokenPurpose::Confirm).await?;
    finish(&state, opened).await
}

/// Confirms what a link or a code opened, and says what became of it.
pub(crate) async fn finish(state: &AppState, opened: Opened) -> Result<Response, WayBack> {
    let confirmation = Confirmation {
        id: opened.signature.id,
        epoch: opened.signature.epoch,
        at: state.now(),
    };
    let note = match state.intake().confirm(confirmation).await? {
        ConfirmOutcome::Confirmed { number } | ConfirmOutcome::Already { number } => {
            return Ok(confirmed(state, &opened, number)?.into_response());
        }
        ConfirmOutcome::Replaced => "replaced",
        ConfirmOutcome::Late => "late",
        ConfirmOutcome::Closed => "closed",
        ConfirmOutcome::Ended(_) => "ended",
        ConfirmOutcome::Unknown => "link",
    };
    Err(WayBack::to(opened.petition, note))
}

/// "You are number N".
fn confirmed(state: &AppState, opened: &Opened, number: i64) -> Result<Html<String>, WayBack> {
    let (signature, petition) = (&opened.signature, &opened.petition);
    let key = state.vault().instance_key();
    let receipt = Token::issue(key, TokenPurpose::Receipt, signature.id.0, signature.epoch);
    let page = Confirmed {
        frame: Frame::of(t("Your signature counts"), &petition.slug),
        title: petition.terms.title.clone(),
        number: grouped(number),
        link: format!("{}/p/{}", state.public_url(), petition.slug),
        receipt: receipt.to_string(),
    };
    Ok(render(&page)?)
}

/// Why a good link confirms nothing any more.
fn ended(opened: Opened) -> WayBack {
    let note = match (opened.signature.state, opened.signature.rejection) {
        (SignatureState::Pending, _) => "late",
        (_, Some((RejectedBy::Rule, RejectionReason::Replaced))) => "replaced",
        _ => "ended",
    };
    WayBack::to(opened.petition, note)
}
