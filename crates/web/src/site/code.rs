//! `POST /confirm`: the six digits of the mail, entered on the page after signing.

use super::{Frame, confirm, render, sign};
use crate::body::FormFields;
use crate::failure::{Failure, Page};
use crate::signing::handle::Handle;
use crate::spoken::t;
use crate::state::AppState;
use crate::token::{self, Opened, WayBack};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use redress_model::signature::state::SignatureState;
use redress_storage::secrets::is_confirmation_code;

/// Wrong codes after which a signature's code is over; its link goes on.
const TRIES: u32 = 5;

/// Somebody who came to `/confirm` without a link.
pub(crate) async fn nothing() -> WayBack {
    let (petition, note) = (None, "link");
    WayBack::Note { petition, note }
}

/// Confirms by code.
pub(crate) async fn confirm(
    State(state): State<AppState>,
    form: Result<FormFields, Page>,
) -> Result<Response, WayBack> {
    let form = form.map_err(|page| WayBack::Failed(page.0))?;
    let Some(handle) = Handle::open(&state, form.text("handle")).await? else {
        return Ok(nothing().await.into_response());
    };
    if let Some(opened) = token::find(&state, Some(handle.id)).await?
        && is_right(&state, &opened, form.text("code")).await?
    {
        return confirm::finish(&state, opened).await;
    }
    again(&state, &handle).await
}

async fn is_right(state: &AppState, opened: &Opened, code: &str) -> Result<bool, Failure> {
    let signature = &opened.signature;
    let may_try = signature.state == SignatureState::Pending && signature.wrong_codes < TRIES;
    if !may_try {
        return Ok(false);
    }
    let key = state.vault().instance_key();
    if is_confirmation_code(key, signature.id.0, signature.epoch, code) {
        return Ok(true);
    }
    let signatures = &state.store().signatures;
    signatures.record_wrong_code(signature.id).await?;
    Ok(false)
}

/// The same page again, whatever was wrong.
async fn again(state: &AppState, handle: &Handle) -> Result<Response, WayBack> {
    let petition = state.store().petitions.find_petition(handle.petition);
    let Some(petition) = petition.await? else {
        return Ok(nothing().await.into_response());
    };
    let page = sign::View {
        frame: Frame::of(t("Enter the code again"), &petition.slug),
        is_wrong: true,
        ..sign::View::new(state, &petition, handle).await?
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response())
}
