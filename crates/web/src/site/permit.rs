//! The way to sign without script while proof of work is asked for: `POST /p/{slug}/permit` sends a mail, `GET /permit/{token}` shows
//! its one button, `POST` brings the form back with a pass. What was typed before stands in the page that sent for the mail: once
//! the button was pressed, that page signs too.

use super::form::FormView;
use super::{Frame, petition, render};
use crate::body::FormFields;
use crate::failure::{Failure, Page};
use crate::layers::client::Client;
use crate::proof::permit;
use crate::signing::form::{FieldError, SignFields};
use crate::spoken::{say, t};
use crate::state::AppState;
use crate::token::WayBack;
use crate::{petitions, proof};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use redress_model::email::Email;
use redress_model::petition::Petition;
use redress_storage::proofs::Permit;
use redress_storage::secrets::TokenPurpose;

#[derive(Template)]
#[template(path = "site/permit.html")]
struct View {
    frame: Frame,
    title: String,
    token: String,
}

/// Sends the mail; everything that was typed stays.
pub(crate) async fn request(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Client(client): Client,
    form: Result<FormFields, Page>,
) -> Result<Response, Page> {
    let petition = petitions::find_open(&state, &slug).await?;
    let mut fields = SignFields::from_form(&form?);
    if !proof::is_needed(&state, petition.id).await? {
        return Ok(page(&state, &petition, fields, None).await?.into_response());
    }
    let email = match Email::parse(&fields.email) {
        Ok(email) => email,
        Err(error) => {
            let (code, message) = (error.code(), error.to_string());
            let errors = vec![FieldError {
                field: "email",
                code,
                message,
            }];
            let form = FormView::new(&state, &petition, fields).with_errors(errors);
            let page = render(&petition::view(&state, &petition, form, None).await?)?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    fields.permit = permit::request(&state, &petition, (&fields, &email), client).await?;
    let note = say(
        "We sent a mail to {}. Open its link and press the button there; then press “Sign the petition” here. Nothing is saved yet.",
        &[&email.as_str()],
    );
    let page = page(&state, &petition, fields, Some(note)).await?;
    Ok(page.into_response())
}

/// Asks.
pub(crate) async fn ask(
    State(state): State<AppState>,
    Path(text): Path<String>,
) -> Result<Html<String>, WayBack> {
    let (_, petition) = open(&state, &text).await?;
    Ok(render(&View {
        frame: Frame::of(t("Sign the petition"), &petition.slug),
        title: petition.terms.title,
        token: text,
    })?)
}

/// Brings the form back. Again is harmless: the pass is good once.
pub(crate) async fn grant(
    State(state): State<AppState>,
    Path(text): Path<String>,
) -> Result<Html<String>, WayBack> {
    let (found, petition) = open(&state, &text).await?;
    petitions::require_open(&petition)?;
    let proofs = &state.store().proofs;
    proofs.grant_permit(found.id, state.now()).await?;
    let fields = SignFields {
        email: permit::email(&state, &found).await?,
        permit: permit::pass(&state, found.id),
        ..SignFields::blank()
    };
    let note = t("You may sign now, here or on the page where you began.").to_owned();
    Ok(page(&state, &petition, fields, Some(note)).await?)
}

async fn open(state: &AppState, text: &str) -> Result<(Permit, Petition), WayBack> {
    let lost = WayBack::Note {
        petition: None,
        note: "permit",
    };
    let Some(found) = permit::find(state, text, TokenPurpose::Permit).await? else {
        return Err(lost);
    };
    let petition = state.store().petitions.find_petition(found.petition_id);
    let Some(petition) = petition.await? else {
        return Err(lost);
    };
    Ok((found, petition))
}

async fn page(
    state: &AppState,
    petition: &Petition,
    fields: SignFields,
    note: Option<String>,
) -> Result<Html<String>, Page> {
    let form = FormView::new(state, petition, fields).noting(note);
    let view = petition::view(state, petition, form, None).await;
    render(&view.map_err(|failure: Failure| Page(failure))?)
}
