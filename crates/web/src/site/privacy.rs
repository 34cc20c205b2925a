//! `/privacy`: what is kept, for how long, and what is not.

use super::{Frame, render};
use crate::failure::Page;
use crate::spoken::t;
use crate::state::AppState;
use askama::Template;
use axum::extract::State;
use axum::response::Html;

#[derive(Template)]
#[template(path = "site/privacy.html")]
struct View {
    frame: Frame,
    /// To whom an address is sent that is looked up; empty when to nobody.
    providers: String,
}

/// The page.
pub(crate) async fn show(State(state): State<AppState>) -> Result<Html<String>, Page> {
    let frame = Frame::new(t("What we keep"));
    let providers = state.civics().provider_names();
    render(&View { frame, providers })
}
