//! `/privacy`: what is kept, for how long, and what is not.

use super::{Frame, render};
use crate::failure::Page;
use askama::Template;
use axum::response::Html;

#[derive(Template)]
#[template(path = "site/privacy.html")]
struct View {
    frame: Frame,
}

/// The page.
pub(crate) async fn show() -> Result<Html<String>, Page> {
    let frame = Frame::new("What we keep");
    render(&View { frame })
}
