//! What programs sent under an `Idempotency-Key`.

use crate::encoding::{fingerprint, instant, micros};
use crate::errors::from_sqlx;
use crate::open::Sqlite;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::fingerprint::Fingerprint;
use redress_model::id::{PetitionId, SignatureId};
use redress_storage::StorageResult;
use redress_storage::submission_keys::{Claimed, KEPT, SubmissionKey, SubmissionKeys};
use uuid::Uuid;

#[async_trait]
impl SubmissionKeys for Sqlite {
    async fn find_submission_key(
        &self,
        petition: PetitionId,
        key_hash: Fingerprint,
        at: DateTime<Utc>,
    ) -> StorageResult<Option<Claimed>> {
        let (key_hash, since_at) = (key_hash.0.as_slice(), micros(at - KEPT));
        let row = sqlx::query!(
            r#"select
              body_hash,
              signature_id as "signature_id: Uuid",
              is_done as "is_done: bool",
              claimed_at
            from submission_key
            where petition_id = ?1
            and key_hash = ?2
            and claimed_at > ?3"#,
            petition.0,
            key_hash,
            since_at
        )
        .fetch_optional(&self.reader)
        .await
        .map_err(from_sqlx)?;
        row.map(|row| {
            Ok(Claimed {
                body_hash: fingerprint(&row.body_hash)?,
                signature_id: SignatureId(row.signature_id),
                is_done: row.is_done,
                claimed_at: instant(row.claimed_at)?,
            })
        })
        .transpose()
    }

    async fn claim_submission_key(&self, key: &SubmissionKey) -> StorageResult<Claimed> {
        let (key_hash, body_hash) = (key.key_hash.0.as_slice(), key.body_hash.0.as_slice());
        let claimed_at = micros(key.claimed_at);
        let since_at = micros(key.claimed_at - KEPT);
        let mut tx = self.begin().await?;
        let row = sqlx::query!(
            r#"insert into submission_key (
              petition_id, key_hash, body_hash, signature_id, claimed_at
            )
            values (?1, ?2, ?3, ?4, ?5)
            on conflict (petition_id, key_hash) do update
            set
              body_hash = iif(claimed_at > ?6, body_hash, excluded.body_hash),
              signature_id = iif(claimed_at > ?6, signature_id, excluded.signature_id),
              is_done = iif(claimed_at > ?6, is_done, 0),
              claimed_at = iif(claimed_at > ?6, claimed_at, excluded.claimed_at)
            returning
              body_hash as "body_hash!: Vec<u8>",
              signature_id as "signature_id!: Uuid",
              is_done as "is_done!: bool",
              claimed_at as "claimed_at!: i64""#,
            key.petition_id.0,
            key_hash,
            body_hash,
            key.signature_id.0,
            claimed_at,
            since_at
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        tx.commit().await.map_err(from_sqlx)?;
        Ok(Claimed {
            body_hash: fingerprint(&row.body_hash)?,
            signature_id: SignatureId(row.signature_id),
            is_done: row.is_done,
            claimed_at: instant(row.claimed_at)?,
        })
    }

    async fn finish_submission_key(
        &self,
        petition: PetitionId,
        key_hash: Fingerprint,
    ) -> StorageResult<()> {
        let key_hash = key_hash.0.as_slice();
        sqlx::query!(
            "update submission_key
            set is_done = 1
            where petition_id = ?1
            and key_hash = ?2",
            petition.0,
            key_hash
        )
        .execute(&self.writer)
        .await
        .map_err(from_sqlx)?;
        Ok(())
    }

    async fn erase_submission_keys(&self, at: DateTime<Utc>, limit: u32) -> StorageResult<u32> {
        let since_at = micros(at - KEPT);
        let erased = sqlx::query!(
            "delete from submission_key
            where (petition_id, key_hash) in (
              select petition_id, key_hash
              from submission_key
              where claimed_at <= ?1
              order by claimed_at
              limit ?2
            )",
            since_at,
            limit
        )
        .execute(&self.writer)
        .await
        .map_err(from_sqlx)?;
        Ok(u32::try_from(erased.rows_affected()).unwrap_or(u32::MAX))
    }
}
