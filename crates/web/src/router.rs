//! Every route, and the layers around them.

use crate::body::LONGEST;
use crate::console::Refusal;
use crate::failure::{Failure, Page, Problem};
use crate::layers::{flood, headers, origin, trace};
use crate::state::AppState;
use crate::{api, console, desk, health, hooks, site, spoken};
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower::util::MapRequestLayer;
use tower::{Layer, ServiceBuilder};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;

/// The whole web of one process.
pub fn router(state: AppState) -> Router {
    let own = CsrfLayer::new();
    // A public URL that is no origin is the configuration's to refuse; same-origin posts still pass.
    let own = own
        .clone()
        .add_trusted_origin(state.public_url())
        .unwrap_or(own);
    // One stack, the outermost first: each layer laid on a router for itself would box every route once more, and
    // each request would clone all of these boxes.
    let layers = ServiceBuilder::new()
        .layer(from_fn(trace::write))
        .layer(from_fn(spoken::choose))
        .layer(from_fn_with_state(state.clone(), headers::add))
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(own, origin::guard))
        .layer(from_fn_with_state(state.clone(), flood::guard))
        .layer(DefaultBodyLimit::max(LONGEST));
    let inner = Router::new()
        .merge(site::routes())
        .merge(console::routes())
        .merge(desk::routes())
        .merge(hooks::routes())
        .nest("/api/v1", api::routes())
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .fallback(nothing)
        .layer(layers)
        .with_state(state);
    // A layer of the router itself would come after the routing.
    Router::new().fallback_service(MapRequestLayer::new(spoken::strip::<Body>).layer(inner))
}

async fn nothing(request: Request) -> Response {
    if request.uri().path().starts_with("/api/") {
        Problem(Failure::NotFound).into_response()
    } else if request.uri().path().starts_with("/console/") {
        Refusal::from(Failure::NotFound).into_response()
    } else {
        Page(Failure::NotFound).into_response()
    }
}
