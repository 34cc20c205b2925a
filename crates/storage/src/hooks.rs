//! What providers of mail tell over the web, and that nobody tells it again.

use crate::error::StorageResult;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::id::DeliveryId;

/// What a provider signed once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookToken {
    /// Whose: `mailgun`.
    pub provider: &'static str,
    /// SHA-256 of the token.
    pub token: [u8; 32],
    /// SHA-256 of what came with it: the same once more is a repetition.
    pub digest: [u8; 32],
    /// Until when it is remembered: later the signature itself is too old.
    pub expires_at: DateTime<Utc>,
}

/// Hooks.
#[async_trait]
pub trait Hooks: Send + Sync {
    /// Remembers a token with what came under it, and forgets those that are over. `false` when it came with something else
    /// before: somebody has taken the signature from another message.
    async fn remember_hook_token(
        &self,
        token: &HookToken,
        at: DateTime<Utc>,
    ) -> StorageResult<bool>;
    /// The letter that a server's own word for it names, among letters that it took; `None` when none or several are so named.
    async fn find_queued_as(&self, queue_ids: &[String]) -> StorageResult<Option<DeliveryId>>;
}
