//! `/console/p/new`: a petition is made, as a draft.

use super::permission::Permission;
use super::posted::Posted;
use super::refusal::Refusal;
use super::terms_form::TermsForm;
use super::visitor::Visitor;
use super::{Frame, render};
use crate::body::FormFields;
use crate::signing::form::FieldError;
use crate::state::AppState;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use redress_model::id::PetitionId;
use redress_model::petition::state::PetitionState;
use redress_model::petition::{Petition, PetitionTerms};
use redress_model::slug::Slug;
use redress_storage::accounts::Organization;
use redress_storage::{Constraint, StorageError};
use serde_json::json;

/// A petition of that name could not be reached: the address is this page's.
const TAKEN: &str = "new";

#[derive(Template)]
#[template(path = "console/new.html")]
struct View {
    frame: Frame,
    form: TermsForm,
    slug: String,
    organizations: Vec<Organization>,
    organization: String,
}

/// The form.
pub(crate) async fn show(visitor: Visitor) -> Result<Html<String>, Refusal> {
    let form = TermsForm::of(&PetitionTerms::with_title(""));
    page(&visitor, form, &FormFields(Vec::new()))
}

/// Makes it.
pub(crate) async fn make(
    State(state): State<AppState>,
    Posted { visitor, fields }: Posted,
) -> Result<Response, Refusal> {
    let organizations = visitor.organizations_with(Permission::EditPetition)?;
    let wanted = fields.text("organization");
    let organization = organizations
        .iter()
        .map(|membership| &membership.organization)
        .find(|organization| wanted.is_empty() || organization.slug.as_str() == wanted);
    let mut form = TermsForm::from_form(&fields);
    let terms = form.parse();
    let slug = read_slug(fields.text("slug"));
    let error = match (slug, organization, terms) {
        (Ok(slug), Some(organization), Some(terms)) => {
            let petition = draft(&state, organization, slug, terms);
            match record(&state, &visitor, &petition).await? {
                Ok(()) => {
                    let page = format!("/console/p/{}?note=made", petition.slug);
                    return Ok(Redirect::to(&page).into_response());
                }
                Err(taken) => Some(taken),
            }
        }
        (Err(error), _, _) => Some(error),
        (Ok(_), None, _) => Some(wrong("organization", "organization_unknown", "choose one")),
        (Ok(_), Some(_), None) => None,
    };
    form.refuse(error);
    let page = page(&visitor, form, &fields)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn read_slug(text: &str) -> Result<Slug, FieldError> {
    let slug = Slug::parse(text.trim());
    let slug = slug.map_err(|error| wrong("slug", error.code(), &error.to_string()))?;
    if slug.as_str() == TAKEN {
        return Err(wrong("slug", "slug_taken", "choose another word"));
    }
    Ok(slug)
}

fn wrong(field: &'static str, code: &'static str, message: &str) -> FieldError {
    FieldError {
        field,
        code,
        message: message.to_owned(),
    }
}

fn draft(
    state: &AppState,
    organization: &Organization,
    slug: Slug,
    terms: PetitionTerms,
) -> Petition {
    Petition {
        id: PetitionId::new(state.clock(), state.random().as_mut()),
        organization_id: organization.id,
        slug,
        state: PetitionState::Draft,
        terms,
        created_at: state.now(),
        opened_at: None,
        closed_at: None,
    }
}

/// Records it, or says that its word is taken.
async fn record(
    state: &AppState,
    visitor: &Visitor,
    petition: &Petition,
) -> Result<Result<(), FieldError>, Refusal> {
    let mut seed = [0; 32];
    state.random().fill_bytes(&mut seed);
    // The key first: a petition without one could not take a signature.
    let mut random = ChaCha20Rng::from_seed(seed);
    state.vault().create(petition.id, &mut random).await?;
    let deed = visitor.deed(state, "petition.create", &petition.slug, json!({}));
    let recorded = state.store().petitions.record_petition(petition, &deed);
    match recorded.await {
        Ok(()) => Ok(Ok(())),
        Err(error) => {
            state.vault().destroy(petition.id).await?;
            match error {
                StorageError::Refused(Constraint::PetitionSlug) => Ok(Err(wrong(
                    "slug",
                    "slug_taken",
                    "another petition has that word; choose another",
                ))),
                error => Err(error.into()),
            }
        }
    }
}

fn page(visitor: &Visitor, form: TermsForm, fields: &FormFields) -> Result<Html<String>, Refusal> {
    let memberships = visitor.organizations_with(Permission::EditPetition)?;
    let organizations = memberships.iter();
    render(&View {
        frame: Frame::new("A new petition", "new", visitor),
        form,
        slug: fields.text("slug").to_owned(),
        organizations: organizations.map(|it| it.organization.clone()).collect(),
        organization: fields.text("organization").to_owned(),
    })
}
