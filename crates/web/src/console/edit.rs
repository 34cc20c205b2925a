//! `/console/p/{slug}/edit`: what organizers decide about a petition.

use super::permission::Permission;
use super::posted::Posted;
use super::refusal::Refusal;
use super::terms_form::TermsForm;
use super::visitor::Visitor;
use super::{Frame, render};
use crate::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use redress_model::petition::{Petition, PetitionTerms};
use redress_model::role::MemberRole;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::fmt::Write;

#[derive(Template)]
#[template(path = "console/edit.html")]
struct View {
    frame: Frame,
    slug: String,
    form: TermsForm,
    /// What the form was filled from.
    seen: String,
    is_overtaken: bool,
}

/// The form.
pub(crate) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Html<String>, Refusal> {
    let (petition, role) = visitor
        .open(&state, &slug, Permission::EditPetition)
        .await?;
    let form = TermsForm::of(&petition.terms);
    page(&visitor, &petition, role, form, false)
}

/// Saves it, unless somebody else has done so since the form was opened.
pub(crate) async fn save(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Posted { visitor, fields }: Posted,
) -> Result<Response, Refusal> {
    let (petition, role) = visitor
        .open(&state, &slug, Permission::EditPetition)
        .await?;
    let mut form = TermsForm::from_form(&fields);
    let Some(terms) = form.parse() else {
        let page = page(&visitor, &petition, role, form, false)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    if fields.text("seen") != mark(&petition.terms) {
        let page = page(&visitor, &petition, role, form, true)?;
        return Ok((StatusCode::CONFLICT, page).into_response());
    }
    let details = json!({ "changed": changed(&petition.terms, &terms) });
    let deed = visitor.deed(&state, "petition.edit", &petition.slug, details);
    let petitions = &state.store().petitions;
    petitions.record_terms(petition.id, &terms, &deed).await?;
    let page = format!("/console/p/{}?note=saved", petition.slug);
    Ok(Redirect::to(&page).into_response())
}

fn page(
    visitor: &Visitor,
    petition: &Petition,
    role: MemberRole,
    form: TermsForm,
    is_overtaken: bool,
) -> Result<Html<String>, Refusal> {
    render(&View {
        frame: Frame::of(petition, role, "edit", visitor),
        slug: petition.slug.to_string(),
        form,
        seen: mark(&petition.terms),
        is_overtaken,
    })
}

/// Tells one version of the terms from another.
fn mark(terms: &PetitionTerms) -> String {
    let mut mark = String::new();
    for byte in Sha256::digest(format!("{terms:?}")).iter().take(16) {
        let _ = write!(mark, "{byte:02x}");
    }
    mark
}

/// The names of the fields that differ, for the audit log; a sender is no person, and still its values stay out.
fn changed(old: &PetitionTerms, new: &PetitionTerms) -> Vec<&'static str> {
    let fields = [
        ("title", old.title != new.title),
        ("ask", old.ask != new.ask),
        ("targets", old.targets != new.targets),
        ("places", old.places != new.places),
        ("confirmation", old.confirmation != new.confirmation),
        ("threshold", old.threshold != new.threshold),
        ("autopilot", old.is_on_autopilot != new.is_on_autopilot),
        ("time_zone", old.time_zone != new.time_zone),
        ("sender", old.sender != new.sender),
        ("retention_days", old.retention_days != new.retention_days),
        ("keeps_address", old.keeps_address != new.keeps_address),
    ];
    let differing = fields.into_iter().filter(|(_, differs)| *differs);
    differing.map(|(name, _)| name).collect()
}
