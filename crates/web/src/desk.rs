//! The officials' desk: what one seat has been sent about one petition, by a secret link in each letter. No account.
//!
//! Reading changes nothing, since scanners visit links, and comparing a list keeps nothing of it. What an office says and wishes
//! comes by POST alone.

mod answer;
mod closed;
mod comments;
mod compare;
mod home;
mod letter;
mod list;
mod numbers;
mod pages;
pub(crate) mod printed;
mod seat;
mod upload;
mod verify;
mod wishes;

use crate::assets::DESK;
use crate::failure::{Failure, Page};
use crate::state::AppState;
use askama::Template;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::Html;
use axum::routing::{get, post};

/// Every page.
pub(crate) fn routes() -> Router<AppState> {
    // What a form puts around the file needs some room.
    let longest = DefaultBodyLimit::max(upload::LARGEST + 64 * 1024);
    Router::new()
        .route("/desk/{token}", get(home::show))
        .route("/desk/{token}/response", post(answer::answer))
        .route("/desk/{token}/wishes", post(wishes::change))
        .route("/desk/{token}/closure", post(wishes::close))
        .route("/desk/{token}/letters/{batch}", get(letter::show))
        .route("/desk/{token}/lists/{file}", get(list::download))
        .route("/desk/{token}/printed/{file}", get(printed::download))
        .route("/desk/{token}/verify", post(verify::verify).layer(longest))
}

/// What the layout of every page needs.
struct Frame {
    title: String,
    stylesheet: &'static str,
    /// Ways from here; none where a link opened nothing.
    ways: Option<Ways>,
}

/// Where a page of a seat leads to.
#[derive(Clone)]
struct Ways {
    /// The seat's first page.
    desk: String,
    /// `Council Member, district 3, Alder city`.
    office: String,
    /// The petition's word.
    slug: String,
}

impl Frame {
    fn new(title: &str, ways: Option<&Ways>) -> Self {
        Self {
            title: title.to_owned(),
            stylesheet: DESK.path(),
            ways: ways.cloned(),
        }
    }
}

/// Renders a page.
fn render(page: &impl Template) -> Result<Html<String>, Failure> {
    crate::site::render(page).map_err(|Page(failure)| failure)
}
