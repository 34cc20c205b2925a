//! Whether the process lives, and whether it can serve.

use crate::state::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use redress_storage::settings::PUBLIC_URL;

/// It answers, so it lives.
pub(crate) async fn live() -> &'static str {
    "live\n"
}

/// It serves when the database answers and the intake has room.
pub(crate) async fn ready(State(state): State<AppState>) -> (StatusCode, &'static str) {
    let has_room = state.intake().room() > 0;
    let reads = state.store().settings.find_setting(PUBLIC_URL).await;
    if has_room && reads.is_ok() {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
    }
}
