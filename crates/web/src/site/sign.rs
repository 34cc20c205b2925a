//! `POST /p/{slug}/sign`. The page after it is the same for new, pending and signed.

use super::form::FormView;
use super::{Frame, petition, render};
use crate::body::FormFields;
use crate::failure::Page;
use crate::layers::client::Client;
use crate::signing::form::SignFields;
use crate::signing::submission::Submission;
use crate::state::AppState;
use crate::{petitions, signing, token};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use redress_model::petition::Confirmation;

#[derive(Template)]
#[template(path = "site/signed.html")]
pub(crate) struct View {
    pub frame: Frame,
    pub title: String,
    pub is_confirmed_by_mail: bool,
    pub handle: String,
    /// Whether the code just entered is no good.
    pub is_wrong: bool,
}

/// Saves a signature.
pub(crate) async fn sign(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Client(client): Client,
    form: Result<FormFields, Page>,
) -> Result<Response, Page> {
    let petition = petitions::find_open(&state, &slug).await?;
    let fields = SignFields::from_form(&form?);
    let submission = match Submission::parse(&fields) {
        Ok(submission) => submission,
        Err(errors) => {
            let form = FormView::new(&state, &petition, fields).with_errors(errors);
            let page = render(&petition::view(&state, &petition, form, None).await?)?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let signed = signing::sign(&state, &petition, (&submission, client)).await?;
    let handle = token::seal_handle(&state, petition.id, signed.id).await?;
    let page = View {
        frame: Frame::of("Thank you", &petition.slug),
        is_confirmed_by_mail: petition.terms.confirmation == Confirmation::Email,
        title: petition.terms.title,
        handle,
        is_wrong: false,
    };
    Ok(render(&page)?.into_response())
}
