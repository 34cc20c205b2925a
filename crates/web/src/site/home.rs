//! `/`: the open petitions.

use super::{Frame, grouped, render};
use crate::failure::Page;
use crate::petitions::LIST;
use crate::spoken::t;
use crate::state::AppState;
use crate::token;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Html;
use redress_model::petition::Confirmation;
use redress_model::petition::state::PetitionState;
use serde::Deserialize;

/// Why a link led here.
#[derive(Deserialize, Default)]
pub(crate) struct Noted {
    #[serde(default)]
    pub note: String,
}

struct Entry {
    slug: String,
    title: String,
    count: String,
    is_confirmed_by_mail: bool,
}

#[derive(Template)]
#[template(path = "site/home.html")]
struct View {
    frame: Frame,
    note: Option<&'static str>,
    petitions: Vec<Entry>,
}

/// The page.
pub(crate) async fn show(
    State(state): State<AppState>,
    noted: Result<Query<Noted>, QueryRejection>,
) -> Result<Html<String>, Page> {
    let store = state.store();
    let open = [PetitionState::Open];
    let found = store
        .petitions
        .list_petitions(None, &open, None, LIST)
        .await?;
    let mut petitions = Vec::with_capacity(found.len());
    for petition in found {
        let total = store.tallies.find_total(petition.id).await?;
        petitions.push(Entry {
            slug: petition.slug.to_string(),
            is_confirmed_by_mail: petition.terms.confirmation == Confirmation::Email,
            title: petition.terms.title,
            count: grouped(total.tally.counted),
        });
    }
    let frame = Frame::new(t("Open petitions"));
    let note = noted.ok().and_then(|noted| token::note(&noted.note));
    render(&View {
        frame,
        note,
        petitions,
    })
}
