//! Where a provider's JSON comes from.

use super::{ProviderError, Query};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// Answers a query with JSON: a server, or something around another source.
pub trait Source: Send + Sync {
    /// The answer, within a time.
    fn ask(&self, query: &Query, within: Duration) -> Result<Arc<Value>, ProviderError>;
}

impl<S: Source + ?Sized> Source for Box<S> {
    fn ask(&self, query: &Query, within: Duration) -> Result<Arc<Value>, ProviderError> {
        (**self).ask(query, within)
    }
}
