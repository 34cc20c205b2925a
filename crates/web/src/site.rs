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
mod permit;
mod petition;
mod place;
mod places;
mod privacy;
mod receipt;
mod sign;
mod unsubscribe;
mod withdraw;

use crate::assets::{self, SITE};
use crate::failure::{Failure, Page};
use crate::spoken;
use crate::state::AppState;
use askama::Template;
use axum::Router;
use axum::response::Html;
use axum::routing::{get, post};
use std::fmt::Display;

/// Every page.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/", get(home::show))
        .route("/about", get(about::show))
        .route("/privacy", get(privacy::show))
        .route("/assets/{name}", get(assets::serve))
        .route("/p/{slug}", get(petition::show))
        .route("/p/{slug}/officials", post(officials::show))
        .route("/p/{slug}/officials/preview", post(officials::preview))
        .route("/p/{slug}/sign", post(sign::sign))
        .route("/p/{slug}/permit", post(permit::request))
        .route("/permit/{token}", get(permit::ask).post(permit::grant))
        .route("/p/{slug}/privacy", get(privacy::of_one))
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
    /// The page's language.
    pub language: &'static str,
    /// What links begin with, so that they stay in that language.
    pub base: &'static str,
    /// The other language.
    pub other_code: &'static str,
    /// Its name in itself.
    pub other_name: &'static str,
    /// The page in it.
    pub other_page: String,
}

impl Frame {
    pub(crate) fn new(title: &str) -> Self {
        Self::at(title, None)
    }

    fn at(title: &str, petition: Option<String>) -> Self {
        let fallback = petition
            .as_ref()
            .map_or_else(|| "/".to_owned(), |slug| format!("/p/{slug}"));
        let (other_code, other_name, other_page) = spoken::other(&fallback);
        Self {
            title: title.to_owned(),
            stylesheet: SITE.path(),
            petition,
            language: spoken::language().code(),
            base: spoken::base(),
            other_code,
            other_name,
            other_page,
        }
    }

    pub(crate) fn of(title: &str, slug: &redress_model::slug::Slug) -> Self {
        Self::at(title, Some(slug.to_string()))
    }

    /// A text of ours in the page's language.
    #[expect(clippy::unused_self, reason = "templates say it of their frame")]
    pub(crate) fn t(&self, english: &'static str) -> &'static str {
        spoken::t(english)
    }

    /// A text with one blank.
    #[expect(clippy::unused_self, reason = "templates say it of their frame")]
    pub(crate) fn say1(&self, english: &'static str, part: impl Display) -> String {
        spoken::say(english, &[&part])
    }

    /// A text with two blanks.
    #[expect(clippy::unused_self, reason = "templates say it of their frame")]
    pub(crate) fn say2(
        &self,
        english: &'static str,
        first: impl Display,
        second: impl Display,
    ) -> String {
        spoken::say(english, &[&first, &second])
    }

    /// A text with three blanks.
    #[expect(clippy::unused_self, reason = "templates say it of their frame")]
    pub(crate) fn say3(
        &self,
        english: &'static str,
        first: impl Display,
        second: impl Display,
        third: impl Display,
    ) -> String {
        spoken::say(english, &[&first, &second, &third])
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
