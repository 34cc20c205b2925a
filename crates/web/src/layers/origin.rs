//! Whether a browser may send this from the page that it shows.
//!
//! The library that decides writes the path into its traces, and paths hold secrets: it is asked about a request that has none.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{HOST, HeaderName, ORIGIN};
use axum::http::uri::PathAndQuery;
use axum::http::{StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::convert::Infallible;
use std::future::{Ready, ready};
use tower::{Layer, ServiceExt, service_fn};
use tower_http::csrf::{CsrfLayer, ProtectionError};

/// Lets a request in, or refuses it as foreign. Three headers decide.
pub(crate) async fn guard(State(rule): State<CsrfLayer>, request: Request, next: Next) -> Response {
    let mut asked = Request::new(Body::empty());
    asked.method_mut().clone_from(request.method());
    for name in [HOST, ORIGIN, HeaderName::from_static("sec-fetch-site")] {
        if let Some(value) = request.headers().get(&name) {
            asked.headers_mut().insert(name, value.clone());
        }
    }
    *asked.uri_mut() = without_path(request.uri());
    let Ok(answer) = rule.layer(service_fn(pass)).oneshot(asked).await;
    if answer.extensions().get::<ProtectionError>().is_some() {
        return answer;
    }
    next.run(request).await
}

/// What stands behind the rule: whoever reaches it has passed.
fn pass(_: Request) -> Ready<Result<Response, Infallible>> {
    ready(Ok(StatusCode::NO_CONTENT.into_response()))
}

/// The host may stand in the target itself (RFC 9112, section 3.2.2): it stays.
fn without_path(uri: &Uri) -> Uri {
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::from_static("/"));
    Uri::from_parts(parts).unwrap_or_default()
}
