//! One stylesheet for each face, under a name that changes with it, so that it may be kept forever.

use crate::failure::{Failure, Page};
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::sync::LazyLock;

/// A face's stylesheet.
pub(crate) struct Stylesheet {
    text: &'static str,
    path: String,
}

/// The site's.
pub(crate) static SITE: LazyLock<Stylesheet> =
    LazyLock::new(|| Stylesheet::new("site", include_str!("../../../templates/site/site.css")));

/// The console's.
pub(crate) static CONSOLE: LazyLock<Stylesheet> = LazyLock::new(|| {
    let text = include_str!("../../../templates/console/console.css");
    Stylesheet::new("console", text)
});

/// The desk's: it goes on where the site's ends.
pub(crate) static DESK: LazyLock<Stylesheet> = LazyLock::new(|| {
    let text = concat!(
        include_str!("../../../templates/site/site.css"),
        include_str!("../../../templates/desk/desk.css")
    );
    Stylesheet::new("desk", text)
});

impl Stylesheet {
    fn new(face: &str, text: &'static str) -> Self {
        let mut path = format!("/assets/{face}-");
        for byte in Sha256::digest(text).iter().take(6) {
            let _ = write!(path, "{byte:02x}");
        }
        path.push_str(".css");
        Self { text, path }
    }

    /// Where it lies.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }
}

/// Serves one.
pub(crate) async fn serve(Path(name): Path<String>) -> Result<impl IntoResponse, Page> {
    let sheets: [&'static Stylesheet; 3] = [&SITE, &CONSOLE, &DESK];
    let mut sheets = sheets.into_iter();
    let named = sheets.find(|sheet| sheet.path.strip_prefix("/assets/") == Some(name.as_str()));
    let sheet = named.ok_or(Failure::NotFound)?;
    let headers = [
        (CONTENT_TYPE, "text/css; charset=utf-8"),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, sheet.text))
}
