//! The site for signers. It works without script, on a phone, in one column.

mod about;
mod code;
mod confirm;
mod district;
mod email;
mod erase;
pub(crate) mod error_page;
mod form;
mod home;
mod ledger;
mod list_name;
mod officials;
mod petition;
mod place;
mod places;
mod privacy;
mod receipt;
mod sign;
mod unsubscribe;
mod withdraw;

use crate::failure::{Failure, Page};
use crate::state::AppState;
use crate::stylesheet::{self, SITE};
use askama::Template;
use axum::Router;
use axum::response::Html;
use axum::routing::{get, post};

/// Every page.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/", get(home::show))
        .route("/about", get(about::show))
        .route("/privacy", get(privacy::show))
        .route("/assets/{name}", get(stylesheet::serve))
        .route("/p/{slug}", get(petition::show))
        .route("/p/{slug}/officials", post(officials::show))
        .route("/p/{slug}/sign", post(sign::sign))
        .route("/p/{slug}/places", get(places::show))
        .route("/p/{slug}/places/{geoid}", get(place::show))
        .route("/confirm", get(code::nothing).post(code::confirm))
        .route("/confirm/email", post(email::change))
        .route(
            "/confirm/{token}",
            get(confirm::show).post(confirm::confirm),
        )
        .route("/r/{token}", get(receipt::show))
        .route("/p/{slug}/ledger", get(ledger::show))
        .route(
            "/unsubscribe/{token}",
            get(unsubscribe::ask).post(unsubscribe::unsubscribe),
        )
        .route("/r/{token}/withdraw", post(withdraw::withdraw))
        .route("/r/{token}/district", post(district::correct))
        .route("/r/{token}/name", post(list_name::change))
        .route("/r/{token}/erase", get(erase::ask).post(erase::erase))
}

/// What the layout of every page needs.
pub(crate) struct Frame {
    /// The page's title.
    pub title: String,
    /// Where the stylesheet lies.
    pub stylesheet: &'static str,
    /// The petition that the page is about, for the way to it.
    pub petition: Option<String>,
}

impl Frame {
    pub(crate) fn new(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            stylesheet: SITE.path(),
            petition: None,
        }
    }

    pub(crate) fn of(title: &str, slug: &redress_model::slug::Slug) -> Self {
        Self {
            petition: Some(slug.to_string()),
            ..Self::new(title)
        }
    }
}

/// Renders a page.
pub(crate) fn render(page: &impl Template) -> Result<Html<String>, Page> {
    page.render().map(Html).map_err(|error| {
        tracing::error!(error = %error, "a page does not render");
        Page(Failure::Broken)
    })
}

/// A number with its thousands apart: 18,402.
pub(crate) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + 4);
    if number < 0 {
        text.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_stand_apart() {
        let shown = [0, 7, 999, 1_000, 18_402, 1_234_567].map(grouped);
        assert_eq!(shown, ["0", "7", "999", "1,000", "18,402", "1,234,567"]);
    }
}
