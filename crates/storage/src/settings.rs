//! What the instance knows about itself, shared by its processes.

use crate::error::StorageResult;
use async_trait::async_trait;

/// The name under which the base of all links is kept, so that the mailer uses the site's.
pub const PUBLIC_URL: &str = "public_url";

/// Named values.
#[async_trait]
pub trait Settings: Send + Sync {
    /// A value.
    async fn find_setting(&self, name: &str) -> StorageResult<Option<String>>;
    /// Sets a value.
    async fn record_setting(&self, name: &str, value: &str) -> StorageResult<()>;
}
