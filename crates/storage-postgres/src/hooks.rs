//! What providers tell over the web.

use crate::errors::from_sqlx;
use crate::open::Postgres;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::id::DeliveryId;
use redress_storage::StorageResult;
use redress_storage::hooks::{HookToken, Hooks};

#[async_trait]
impl Hooks for Postgres {
    async fn remember_hook_token(
        &self,
        token: &HookToken,
        at: DateTime<Utc>,
    ) -> StorageResult<bool> {
        let (word, digest) = (token.token.as_slice(), token.digest.as_slice());
        let expires_at = token.expires_at;
        let mut tx = self.begin().await?;
        sqlx::query!("delete from hook_token where expires_at < $1", at)
            .execute(&mut *tx)
            .await
            .map_err(from_sqlx)?;
        sqlx::query!(
            "insert into hook_token (provider, token, digest, expires_at)
            values ($1, $2, $3, $4)
            on conflict (provider, token) do nothing",
            token.provider,
            word,
            digest,
            expires_at
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        let known = sqlx::query_scalar!(
            "select digest from hook_token where provider = $1 and token = $2",
            token.provider,
            word
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        tx.commit().await.map_err(from_sqlx)?;
        Ok(known == token.digest)
    }

    async fn find_queued_as(&self, queue_ids: &[String]) -> StorageResult<Option<DeliveryId>> {
        let found = sqlx::query_scalar!(
            r#"select id
            from delivery
            where queue_id is not null
            and queue_id = any($1)
            limit 2"#,
            queue_ids
        )
        .fetch_all(&self.pool)
        .await
        .map_err(from_sqlx)?;
        Ok(match found.as_slice() {
            [id] => Some(DeliveryId(*id)),
            _ => None,
        })
    }
}
