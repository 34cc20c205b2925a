//! Wrapped petition keys, in the schema `keys`.

use crate::errors::from_sqlx;
use crate::open::Postgres;
use async_trait::async_trait;
use redress_model::id::PetitionId;
use redress_storage::StorageResult;
use redress_storage::keys::KeyStore;

#[async_trait]
impl KeyStore for Postgres {
    async fn record_key(&self, petition: PetitionId, wrapped: &[u8]) -> StorageResult<()> {
        sqlx::query!(
            "insert into keys.petition_key (petition_id, wrapped)
            values ($1, $2)
            on conflict (petition_id) do nothing",
            petition.0,
            wrapped
        )
        .execute(&self.pool)
        .await
        .map_err(from_sqlx)?;
        Ok(())
    }

    async fn find_key(&self, petition: PetitionId) -> StorageResult<Option<Vec<u8>>> {
        sqlx::query_scalar!(
            "select wrapped from keys.petition_key where petition_id = $1",
            petition.0
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(from_sqlx)
    }

    async fn list_keys(&self) -> StorageResult<Vec<(PetitionId, Vec<u8>)>> {
        let rows =
            sqlx::query!("select petition_id, wrapped from keys.petition_key order by petition_id")
                .fetch_all(&self.pool)
                .await
                .map_err(from_sqlx)?;
        Ok(rows
            .into_iter()
            .map(|row| (PetitionId(row.petition_id), row.wrapped))
            .collect())
    }

    async fn replace_keys(&self, keys: &[(PetitionId, Vec<u8>)]) -> StorageResult<()> {
        let mut tx = self.begin().await?;
        for (petition, wrapped) in keys {
            sqlx::query!(
                "update keys.petition_key set wrapped = $2 where petition_id = $1",
                petition.0,
                wrapped
            )
            .execute(&mut *tx)
            .await
            .map_err(from_sqlx)?;
        }
        tx.commit().await.map_err(from_sqlx)
    }

    async fn destroy_key(&self, petition: PetitionId) -> StorageResult<bool> {
        let gone = sqlx::query!(
            "delete from keys.petition_key where petition_id = $1",
            petition.0
        )
        .execute(&self.pool)
        .await
        .map_err(from_sqlx)?;
        Ok(gone.rows_affected() > 0)
    }
}
