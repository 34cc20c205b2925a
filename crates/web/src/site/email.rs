//! `POST /confirm/email`: another e-mail in the place of one that was mistyped.
//!
//! It is a submission like any other, within the limits of mail to an address. Once it is saved, the link of the one that
//! waited under the old address ends; a day later that one is erased. What was confirmed meanwhile stays as it is.

use super::{Frame, code, render, sign};
use crate::body::FormFields;
use crate::failure::{Failure, Page};
use crate::layers::client::Client;
use crate::signing::doubts;
use crate::signing::handle::Handle;
use crate::signing::submission::Submission;
use crate::spoken::t;
use crate::state::AppState;
use crate::token::WayBack;
use crate::{petitions, proof, signing};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::Duration;
use redress_model::id::SignatureId;
use redress_model::petition::Petition;
use redress_model::signature::state::SignatureState;
use std::net::IpAddr;

/// For how long the limit of mail to the old address holds.
const KEPT: Duration = Duration::hours(24);

/// Changes the e-mail.
pub(crate) async fn change(
    State(state): State<AppState>,
    Client(client): Client,
    form: Result<FormFields, Page>,
) -> Result<Response, WayBack> {
    let form = form.map_err(|page| WayBack::Failed(page.0))?;
    let Some(mut handle) = Handle::open(&state, form.text("handle")).await? else {
        return Ok(code::nothing().await.into_response());
    };
    let petition = state.store().petitions.find_petition(handle.petition);
    let Some(petition) = petition.await? else {
        return Ok(code::nothing().await.into_response());
    };
    petitions::require_open(&petition)?;
    if proof::is_needed(&state, petition.id).await? {
        // One proof lets one signature in, not as many as there are e-mails.
        return Err(WayBack::to(petition, "again"));
    }
    let suggested = form.text("email_suggested");
    let email = if suggested.is_empty() {
        form.text("email")
    } else {
        suggested
    };
    let mut fields = handle.fields.clone();
    email.clone_into(&mut fields.email);
    let submission = match Submission::parse(&fields) {
        Ok(submission) => submission,
        Err(errors) => {
            let error = errors.into_iter().find(|error| error.field == "email");
            let error = error.ok_or(Failure::Broken)?.message;
            return asked(&state, &petition, &handle, email, Err(error)).await;
        }
    };
    if let Some(meant) = doubts::did_you_mean(&submission, form.text("email_kept")) {
        return asked(&state, &petition, &handle, email, Ok(meant)).await;
    }
    handle.fields = fields;
    let is_changed = replace(&state, &petition, (&submission, client), &mut handle).await?;
    let page = sign::View {
        is_changed,
        ..sign::View::new(&state, &petition, &handle).await?
    };
    Ok(render(&page)?.into_response())
}

/// Saves it under the new e-mail and ends the old one. `false` where nothing waits that could be changed.
async fn replace(
    state: &AppState,
    petition: &Petition,
    (submission, client): (&Submission, Option<IpAddr>),
    handle: &mut Handle,
) -> Result<bool, Failure> {
    let signatures = &state.store().signatures;
    let old = signatures.find_signature(handle.id).await?;
    let waits = old.is_none_or(|old| old.state == SignatureState::Pending);
    if !waits {
        return Ok(false);
    }
    let turn = signing::first_turn(state);
    let signed = signing::sign(state, petition, (submission, client), turn).await?;
    let old: SignatureId = std::mem::replace(&mut handle.id, signed.id);
    if old != signed.id {
        signatures.retire(old, state.now() + KEPT).await?;
    }
    Ok(true)
}

/// The same page, with what is wrong with the new e-mail, or with what was probably meant.
async fn asked(
    state: &AppState,
    petition: &Petition,
    handle: &Handle,
    email: &str,
    doubt: Result<String, String>,
) -> Result<Response, WayBack> {
    let (suggestion, email_error) = match doubt {
        Ok(meant) => (Some(meant), None),
        Err(error) => (None, Some(error)),
    };
    let page = sign::View {
        frame: Frame::of(t("Another e-mail"), &petition.slug),
        email: email.to_owned(),
        email_error,
        suggestion,
        ..sign::View::new(state, petition, handle).await?
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response())
}
