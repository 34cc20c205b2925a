//! One stylesheet for each face, and the site's two scripts, under names that change with them, so that they may be kept forever.

use crate::failure::{Failure, Page};
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::sync::LazyLock;

/// A file that pages refer to.
pub(crate) struct Asset {
    text: &'static str,
    kind: &'static str,
    path: String,
}

/// The site's stylesheet.
pub(crate) static SITE: LazyLock<Asset> =
    LazyLock::new(|| Asset::style("site", include_str!("../../../templates/site/site.css")));

/// The console's.
pub(crate) static CONSOLE: LazyLock<Asset> = LazyLock::new(|| {
    let text = include_str!("../../../templates/console/console.css");
    Asset::style("console", text)
});

/// The desk's: it goes on where the site's ends.
pub(crate) static DESK: LazyLock<Asset> = LazyLock::new(|| {
    let text = concat!(
        include_str!("../../../templates/site/site.css"),
        include_str!("../../../templates/desk/desk.css")
    );
    Asset::style("desk", text)
});

/// The script that shows officials while an address is typed. Every page does without it.
pub(crate) static WHO: LazyLock<Asset> = LazyLock::new(|| {
    let text = include_str!("../../../templates/site/who.js");
    Asset::new("who", "js", "text/javascript; charset=utf-8", text)
});

/// The script that works out proof of work. Without it a mail does instead.
pub(crate) static PROOF: LazyLock<Asset> = LazyLock::new(|| {
    let text = include_str!("../../../templates/site/proof.js");
    Asset::new("proof", "js", "text/javascript; charset=utf-8", text)
});

impl Asset {
    fn style(face: &str, text: &'static str) -> Self {
        Self::new(face, "css", "text/css; charset=utf-8", text)
    }

    fn new(name: &str, ending: &str, kind: &'static str, text: &'static str) -> Self {
        let mut path = format!("/assets/{name}-");
        for byte in Sha256::digest(text).iter().take(6) {
            let _ = write!(path, "{byte:02x}");
        }
        let _ = write!(path, ".{ending}");
        Self { text, kind, path }
    }

    /// Where it lies.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }
}

/// Serves one.
pub(crate) async fn serve(Path(name): Path<String>) -> Result<impl IntoResponse, Page> {
    let assets: [&'static Asset; 5] = [&SITE, &CONSOLE, &DESK, &WHO, &PROOF];
    let mut assets = assets.into_iter();
    let named = assets.find(|asset| asset.path.strip_prefix("/assets/") == Some(name.as_str()));
    let asset = named.ok_or(Failure::NotFound)?;
    let headers = [
        (CONTENT_TYPE, asset.kind),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, asset.text))
}
