//! `/privacy` and `/p/{slug}/privacy`: what is kept, for how long, and what is not; of every petition, and of one by its own settings.

mod of_petition;

pub(crate) use of_petition::in_short;

use super::{Frame, render};
use crate::failure::Page;
use crate::petitions;
use crate::spoken::t;
use crate::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use of_petition::{Chapter, chapters};

#[derive(Template)]
#[template(path = "site/privacy.html")]
struct View {
    frame: Frame,
    /// To whom an address is sent that is looked up; empty when to nobody.
    providers: String,
}

#[derive(Template)]
#[template(path = "site/petition_privacy.html")]
struct PetitionView {
    frame: Frame,
    title: String,
    chapters: Vec<Chapter>,
}

/// What holds of every petition.
pub(crate) async fn show(State(state): State<AppState>) -> Result<Html<String>, Page> {
    let frame = Frame::new(t("What we keep"));
    let providers = state.civics().provider_names();
    render(&View { frame, providers })
}

/// What holds of one.
pub(crate) async fn of_one(
    State(state): State<AppState>,
    Path(slug): Path<String>,
) -> Result<Html<String>, Page> {
    let petition = petitions::find(&state, &slug).await?;
    render(&PetitionView {
        frame: Frame::of(t("What we keep"), &petition.slug),
        title: petition.terms.title.clone(),
        chapters: chapters(&petition.terms, &state.civics().provider_names()),
    })
}
