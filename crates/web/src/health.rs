//! Whether the process lives, and whether it can serve.

use crate::pack_health::PackState;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use redress_storage::settings::PUBLIC_URL;
use serde::Serialize;

/// What a watcher learns.
#[derive(Serialize)]
pub(crate) struct Readiness {
    status: &'static str,
    /// The packs in use. One that is damaged takes nobody out of service: it answers what it can and says what it cannot.
    packs: Vec<PackState>,
    /// Whether a file that was put in a pack's place was refused, so that an older one is in use.
    has_refused_pack: bool,
}

/// It answers, so it lives.
pub(crate) async fn live() -> &'static str {
    "live\n"
}

/// It serves when the database answers and the intake has room.
pub(crate) async fn ready(State(state): State<AppState>) -> (StatusCode, Json<Readiness>) {
    let has_room = state.intake().room() > 0;
    let reads = state.store().settings.find_setting(PUBLIC_URL).await;
    let (code, status) = if has_room && reads.is_ok() {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready")
    };
    let readiness = Readiness {
        status,
        packs: state.pack_health().of(state.pack_ids()),
        has_refused_pack: state.pack_health().is_refused(),
    };
    (code, Json(readiness))
}
