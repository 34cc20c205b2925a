//! `POST /p/{slug}/sign`. The page after it is the same for new, pending and signed.

use super::form::FormView;
use super::{Frame, petition, render};
use crate::body::FormFields;
use crate::failure::{Failure, Page};
use crate::layers::client::Client;
use crate::signing::doubts::Doubts;
use crate::signing::form::SignFields;
use crate::signing::handle::Handle;
use crate::signing::submission::Submission;
use crate::spoken::t;
use crate::state::AppState;
use crate::{petitions, proof, signing};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use redress_model::petition::{Confirmation, Petition};

#[derive(Template)]
#[template(path = "site/signed.html")]
pub(crate) struct View {
    pub frame: Frame,
    pub title: String,
    pub is_confirmed_by_mail: bool,
    pub handle: String,
    /// To where the mail goes.
    pub email: String,
    /// What is wrong with the e-mail that was to take its place.
    pub email_error: Option<String>,
    /// The e-mail that was probably meant.
    pub suggestion: Option<String>,
    /// Whether the code just entered is no good.
    pub is_wrong: bool,
    /// Whether the e-mail was just changed.
    pub is_changed: bool,
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
    let turn = signing::first_turn(&state);
    let resolution = signing::answer(&state, &petition, &submission, turn);
    let doubts = Doubts::of(&submission, &resolution, &fields.email_kept);
    if !doubts.is_empty() {
        let form = FormView::new(&state, &petition, fields).with_doubts(doubts);
        let page = render(&petition::view(&state, &petition, form, None).await?)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let spent = match proof::check(&state, &petition, &fields, turn.id).await? {
        Ok(spent) => spent,
        Err(refused) => {
            let form = FormView::new(&state, &petition, fields).refused(refused);
            let page = render(&petition::view(&state, &petition, form, None).await?)?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let saved = signing::sign(&state, &petition, (&submission, client), turn).await;
    let signed = spent.unless_saved(&state, saved).await?;
    let handle = Handle {
        petition: petition.id,
        id: signed.id,
        fields,
    };
    let page = View::new(&state, &petition, &handle).await?;
    Ok(render(&page)?.into_response())
}

impl View {
    /// The page for what a handle holds.
    pub(crate) async fn new(
        state: &AppState,
        petition: &Petition,
        handle: &Handle,
    ) -> Result<Self, Failure> {
        Ok(Self {
            frame: Frame::of(t("Thank you"), &petition.slug),
            title: petition.terms.title.clone(),
            is_confirmed_by_mail: petition.terms.confirmation == Confirmation::Email,
            handle: handle.seal(state).await?,
            email: handle.fields.email.clone(),
            email_error: None,
            suggestion: None,
            is_wrong: false,
            is_changed: false,
        })
    }
}
