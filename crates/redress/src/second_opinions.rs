//! The providers that the configuration names, set up.

use crate::failure::Failure;
use crate::machine::SystemClock;
use redress_civics::providers::{Panel, ProvidersSettings, Workshop};
use std::sync::Arc;

/// The panel of those that are enabled; `None` when nobody is.
pub fn panel(settings: &ProvidersSettings) -> Result<Option<Panel>, Failure> {
    let workshop = Workshop {
        clock: Arc::new(SystemClock),
        pause: Arc::new(std::thread::sleep),
        variable: &|name| std::env::var(name).ok(),
    };
    Panel::new(settings, &workshop).map_err(Failure::input)
}
