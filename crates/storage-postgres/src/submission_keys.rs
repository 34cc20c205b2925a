//! What programs sent under an `Idempotency-Key`.

use crate::encoding::fingerprint;
use crate::errors::from_sqlx;
use crate::open::Postgres;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::fingerprint::Fingerprint;
use redress_model::id::{PetitionId, SignatureId};
use redress_storage::StorageResult;
use redress_storage::submission_keys::{Claimed, KEPT, SubmissionKey, SubmissionKeys};

#[async_trait]
impl SubmissionKeys for Postgres {
    async fn find_submission_key(
        &self,
        petition: PetitionId,
        key_hash: Fingerprint,
        at: DateTime<Utc>,
    ) -> StorageResult<Option<Claimed>> {
        let row = sqlx::query!(
            "select body_hash, signature_id, is_done, claimed_at
            from submission_key
            where petition_id = $1
            and key_hash = $2
            and claimed_at > $3",
            petition.0,
            key_hash.0.as_slice(),
            at - KEPT
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(from_sqlx)?;
        row.map(|row| {
            Ok(Claimed {
                body_hash: fingerprint(&row.body_hash)?,
                signature_id: SignatureId(row.signature_id),
                is_done: row.is_done,
                claimed_at: row.claimed_at,
            })
        })
        .transpose()
    }

    async fn claim_submission_key(&self, key: &SubmissionKey) -> StorageResult<Claimed> {
        let row = sqlx::query!(
            "insert into submission_key as s (
              petition_id, key_hash, body_hash, signature_id, claimed_at
            )
            values ($1, $2, $3, $4, $5)
            on conflict (petition_id, key_hash) do update
            set
              body_hash = case when s.claimed_at > $6 then s.body_hash else excluded.body_hash end,
              signature_id = case
                when s.claimed_at > $6 then s.signature_id
                else excluded.signature_id
              end,
              is_done = s.claimed_at > $6 and s.is_done,
              claimed_at = case when s.claimed_at > $6 then s.claimed_at else excluded.claimed_at end
            returning body_hash, signature_id, is_done, claimed_at",
            key.petition_id.0,
            key.key_hash.0.as_slice(),
            key.body_hash.0.as_slice(),
            key.signature_id.0,
            key.claimed_at,
            key.claimed_at - KEPT
        )
        .fetch_one(&self.pool)
        .await
        .map_err(from_sqlx)?;
        Ok(Claimed {
            body_hash: fingerprint(&row.body_hash)?,
            signature_id: SignatureId(row.signature_id),
            is_done: row.is_done,
            claimed_at: row.claimed_at,
        })
    }

    async fn finish_submission_key(
        &self,
        petition: PetitionId,
        key_hash: Fingerprint,
    ) -> StorageResult<()> {
        sqlx::query!(
            "update submission_key
            set is_done = true
            where petition_id = $1
            and key_hash = $2",
            petition.0,
            key_hash.0.as_slice()
        )
        .execute(&self.pool)
        .await
        .map_err(from_sqlx)?;
        Ok(())
    }

    async fn erase_submission_keys(&self, at: DateTime<Utc>, limit: u32) -> StorageResult<u32> {
        let erased = sqlx::query!(
            "delete from submission_key
            where (petition_id, key_hash) in (
              select petition_id, key_hash
              from submission_key
              where claimed_at <= $1
              order by claimed_at
              limit $2
              for update skip locked
            )",
            at - KEPT,
            i64::from(limit)
        )
        .execute(&self.pool)
        .await
        .map_err(from_sqlx)?;
        Ok(u32::try_from(erased.rows_affected()).unwrap_or(u32::MAX))
    }
}
