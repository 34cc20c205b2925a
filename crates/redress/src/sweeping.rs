//! What a server does about sweeps: takes up whatever has work, a new one within seconds and, after a restart, the old ones where they
//! were.

use crate::failure::Failure;
use redress_web::{AppState, work_off_sweep};
use std::convert::Infallible;
use std::time::Duration;

/// How often work is looked for.
const GLANCE: Duration = Duration::from_secs(1);

/// Works for as long as the server runs. What fails is told of and tried again.
pub async fn run(state: &AppState) -> Infallible {
    loop {
        match work_off_sweep(state).await {
            Ok(true) => {}
            Ok(false) => tokio::time::sleep(GLANCE).await,
            Err(error) => {
                eprintln!("redress: sweeping: {}", Failure::failed(error));
                tokio::time::sleep(GLANCE).await;
            }
        }
    }
}
