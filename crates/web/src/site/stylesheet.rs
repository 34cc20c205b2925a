//! The one stylesheet, under a name that changes with it, so that it may be kept forever.

use crate::failure::{Failure, Page};
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::sync::LazyLock;

const STYLE: &str = include_str!("../../../../templates/site/site.css");

static PATH: LazyLock<String> = LazyLock::new(|| {
    let mut path = "/assets/site-".to_owned();
    for byte in Sha256::digest(STYLE).iter().take(6) {
        let _ = write!(path, "{byte:02x}");
    }
    path + ".css"
});

/// Where it lies.
pub(crate) fn path() -> &'static str {
    &PATH
}

/// Serves it.
pub(crate) async fn serve(Path(name): Path<String>) -> Result<impl IntoResponse, Page> {
    if path().strip_prefix("/assets/") != Some(name.as_str()) {
        return Err(Failure::NotFound.into());
    }
    let headers = [
        (CONTENT_TYPE, "text/css; charset=utf-8"),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, STYLE))
}
