//! What providers tell over the web.

use crate::encoding::micros;
use crate::errors::from_sqlx;
use crate::open::Sqlite;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::id::DeliveryId;
use redress_storage::StorageResult;
use redress_storage::hooks::{HookToken, Hooks};
use uuid::Uuid;

#[async_trait]
impl Hooks for Sqlite {
    async fn remember_hook_token(
        &self,
        token: &HookToken,
        at: DateTime<Utc>,
    ) -> StorageResult<bool> {
        let (word, digest) = (token.token.as_slice(), token.digest.as_slice());
        let (expires_at, at) = (micros(token.expires_at), micros(at));
        let mut tx = self.begin().await?;
        sqlx::query!("delete from hook_token where expires_at < ?1", at)
            .execute(&mut *tx)
            .await
            .map_err(from_sqlx)?;
        sqlx::query!(
            "insert into hook_token (provider, token, digest, expires_at)
            values (?1, ?2, ?3, ?4)
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
            "select digest from hook_token where provider = ?1 and token = ?2",
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
        let queue_ids = serde_json::json!(queue_ids).to_string();
        let found = sqlx::query_scalar!(
            r#"select id as "id: Uuid"
            from delivery
            where queue_id is not null
            and queue_id in (select value from json_each(?1))
            limit 2"#,
            queue_ids
        )
        .fetch_all(&self.reader)
        .await
        .map_err(from_sqlx)?;
        Ok(match found.as_slice() {
            [id] => Some(DeliveryId(*id)),
            _ => None,
        })
    }
}
