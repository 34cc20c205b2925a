//! `/console/p/{slug}/abuse`: a petition's rules against abuse, edited while people sign, and who comes in crowds.

mod proof;
mod rehearse;
mod rules_form;
mod trending;

use super::permission::Permission;
use super::posted::Posted;
use super::refusal::Refusal;
use super::visitor::Visitor;
use super::{Frame, render};
use crate::abuse::{InForce, keep};
use crate::state::AppState;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
pub(crate) use proof::set_proof;
use redress_model::petition::Petition;
use redress_model::role::MemberRole;
use redress_storage::StorageError;
use rehearse::Told;
pub(crate) use rehearse::try_rules;
use rules_form::{BadRule, RulesForm};
use serde::Deserialize;
use serde_json::json;
pub(super) use trending::count_rising;
use trending::{Rising, list_rising};

/// What led here.
#[derive(Deserialize, Default)]
pub(crate) struct Noted {
    #[serde(default)]
    note: String,
}

#[derive(Template)]
#[template(path = "console/abuse.html")]
struct View {
    frame: Frame,
    slug: String,
    note: Option<&'static str>,
    is_overtaken: bool,
    bad: Vec<BadRule>,
    told: Option<Told>,
    lengths: [i64; 3],
    form: RulesForm,
    rising: Vec<Rising>,
    proof: proof::Shown,
    is_editor: bool,
}

/// The page.
pub(crate) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    noted: Result<Query<Noted>, QueryRejection>,
) -> Result<Html<String>, Refusal> {
    let (petition, role) = open(&state, &visitor, &slug).await?;
    let in_force = state.guards().find(&state, petition.id).await?;
    let is_saved = noted.unwrap_or_default().0.note == "saved";
    let said = Said {
        note: is_saved.then_some(
            "Saved. It holds for whoever signs from now on, within seconds at every server.",
        ),
        ..Said::default()
    };
    page(
        &state,
        &visitor,
        (&petition, role),
        (RulesForm::of(&in_force), said),
    )
    .await
}

async fn open(
    state: &AppState,
    visitor: &Visitor,
    slug: &str,
) -> Result<(Petition, MemberRole), Refusal> {
    visitor
        .open(state, slug, Permission::ReviewSignatures)
        .await
}

/// What is to be said above the form.
#[derive(Default)]
struct Said {
    note: Option<&'static str>,
    is_overtaken: bool,
    bad: Vec<BadRule>,
    told: Option<Told>,
}

async fn page(
    state: &AppState,
    visitor: &Visitor,
    (petition, role): (&Petition, MemberRole),
    (form, said): (RulesForm, Said),
) -> Result<Html<String>, Refusal> {
    render(&View {
        frame: Frame::of(petition, role, "abuse", visitor),
        slug: petition.slug.to_string(),
        note: said.note,
        is_overtaken: said.is_overtaken,
        bad: said.bad,
        told: said.told,
        lengths: rehearse::DAYS,
        form,
        rising: list_rising(state, petition).await?,
        proof: proof::shown(state, petition).await?,
        is_editor: Permission::EditPetition.is_given_to(role),
    })
}

/// Saves the rules, all or nothing.
pub(crate) async fn save(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Posted { visitor, fields }: Posted,
) -> Result<Response, Refusal> {
    let permission = Permission::EditPetition;
    let (petition, role) = visitor.open(&state, &slug, permission).await?;
    let form = RulesForm::sent(&fields);
    let rules = match form.read() {
        Ok(rules) => rules,
        Err(bad) => {
            let said = Said {
                bad,
                ..Said::default()
            };
            let page = page(&state, &visitor, (&petition, role), (form, said)).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let deed = visitor.deed(&state, "abuse.edit", &petition.slug, details(&rules));
    match keep(&state, petition.id, &rules, &deed).await {
        Ok(()) => {
            let page = format!("/console/p/{}/abuse?note=saved", petition.slug);
            Ok(Redirect::to(&page).into_response())
        }
        Err(StorageError::Stale(_)) => {
            let said = Said {
                is_overtaken: true,
                ..Said::default()
            };
            let stored = state.store().abuse.find_abuse_rules(petition.id).await?;
            let form = form.on_top_of(stored.map_or(0, |stored| stored.version));
            let page = page(&state, &visitor, (&petition, role), (form, said)).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// What the audit log keeps: numbers alone, for the lists name people and networks.
fn details(rules: &InForce) -> serde_json::Value {
    let lines = |text: &str| {
        let lines = text
            .lines()
            .map(|line| line.split('#').next().unwrap_or_default());
        lines.filter(|line| !line.trim().is_empty()).count()
    };
    let texts = &rules.texts;
    json!({
        "version": rules.version,
        "client_an_hour": rules.limits.client_an_hour,
        "domain_an_hour": rules.limits.domain_an_hour,
        "form_seconds": texts.form_seconds,
        "allowed": lines(&texts.allowed),
        "blocked": lines(&texts.blocked),
        "names": lines(&texts.names),
        "disposable": lines(&texts.disposable),
        "mailboxes": lines(&texts.mailboxes),
    })
}
