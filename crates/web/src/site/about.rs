//! `/about`: what this is and how it counts.

use super::{Frame, render};
use crate::failure::Page;
use crate::spoken::t;
use askama::Template;
use axum::response::Html;

#[derive(Template)]
#[template(path = "site/about.html")]
struct View {
    frame: Frame,
}

/// The page.
pub(crate) async fn show() -> Result<Html<String>, Page> {
    let frame = Frame::new(t("About"));
    render(&View { frame })
}
