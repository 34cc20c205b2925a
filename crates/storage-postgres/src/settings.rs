//! Named values.

use crate::errors::from_sqlx;
use crate::open::Postgres;
use async_trait::async_trait;
use redress_storage::StorageResult;
use redress_storage::settings::Settings;

#[async_trait]
impl Settings for Postgres {
    async fn find_setting(&self, name: &str) -> StorageResult<Option<String>> {
        sqlx::query_scalar!("select value from setting where name = $1", name)
            .fetch_optional(&self.pool)
            .await
            .map_err(from_sqlx)
    }

    async fn record_setting(&self, name: &str, value: &str) -> StorageResult<()> {
        sqlx::query!(
            "insert into setting (name, value)
            values ($1, $2)
            on conflict (name) do update
            set value = excluded.value",
            name,
            value
        )
        .execute(&self.pool)
        .await
        .map_err(from_sqlx)?;
        Ok(())
    }
}
