//! The life of a process: who tells it to stop.

use tokio::signal::unix::{SignalKind, signal};

/// Ready on Ctrl-C, or on the order that service managers give. A machine that cannot say so is
/// stopped by its power switch.
pub async fn told_to_stop() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
