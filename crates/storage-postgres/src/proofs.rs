//! Proof of work, and permits in its place.

use crate::encoding::word;
use crate::errors::from_sqlx;
use crate::open::Postgres;
use crate::{audit, mails};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use redress_model::abuse::proof::ProofMode;
use redress_model::fingerprint::Fingerprint;
use redress_model::id::{PermitId, PetitionId, SignatureId};
use redress_storage::StorageResult;
use redress_storage::audit::Deed;
use redress_storage::proofs::{MAILS_A_DAY, NewPermit, PERMITTED, Permit, ProofRule, Proofs};

#[async_trait]
impl Proofs for Postgres {
    async fn find_proof_rule(&self, petition: PetitionId) -> StorageResult<ProofRule> {
        let row = sqlx::query!(
            "select mode, until_at from proof_rule where petition_id = $1",
            petition.0
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(from_sqlx)?;
        row.map_or(Ok(ProofRule::default()), |row| {
            Ok(ProofRule {
                mode: word("proof mode", &row.mode)?,
                until_at: row.until_at,
            })
        })
    }

    async fn record_proof_mode(
        &self,
        petition: PetitionId,
        mode: ProofMode,
        deed: &Deed,
    ) -> StorageResult<()> {
        let mode = mode.as_str();
        let mut tx = self.begin().await?;
        sqlx::query!(
            "insert into proof_rule as r (petition_id, mode)
            values ($1, $2)
            on conflict (petition_id) do update
            set mode = excluded.mode, until_at = null",
            petition.0,
            mode
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        audit::append(&mut tx, deed).await?;
        tx.commit().await.map_err(from_sqlx)
    }

    async fn extend_attack(
        &self,
        petition: PetitionId,
        until_at: DateTime<Utc>,
    ) -> StorageResult<()> {
        sqlx::query!(
            "insert into proof_rule as r (petition_id, mode, until_at)
            values ($1, 'automatic', $2)
            on conflict (petition_id) do update
            set until_at = greatest(r.until_at, excluded.until_at)",
            petition.0,
            until_at
        )
        .execute(&self.pool)
        .await
        .map_err(from_sqlx)?;
        Ok(())
    }

    async fn count_arrivals(
        &self,
        petition: PetitionId,
        after_at: DateTime<Utc>,
        until_at: DateTime<Utc>,
    ) -> StorageResult<u64> {
        let came = sqlx::query_scalar!(
            r#"select coalesce(sum(arrived), 0)::bigint as "came!"
            from arrival
            where begun_at > $2
            and begun_at <= $3
            and petition_id = $1
            and kind = 'domain'"#,
            petition.0,
            after_at,
            until_at
        )
        .fetch_one(&self.pool)
        .await
        .map_err(from_sqlx)?;
        Ok(u64::try_from(came).unwrap_or_default())
    }

    async fn spend_proof(
        &self,
        petition: PetitionId,
        proof: Fingerprint,
        signature: SignatureId,
        expires_at: DateTime<Utc>,
    ) -> StorageResult<bool> {
        let proof = proof.0.as_slice();
        let spent = sqlx::query!(
            "insert into spent_proof as s (petition_id, proof, signature_id, expires_at)
            values ($1, $2, $3, $4)
            on conflict (petition_id, proof) do update
            set expires_at = excluded.expires_at
            where s.signature_id = excluded.signature_id",
            petition.0,
            proof,
            signature.0,
            expires_at
        )
        .execute(&self.pool)
        .await
        .map_err(from_sqlx)?;
        Ok(spent.rows_affected() > 0)
    }

    async fn return_proof(
        &self,
        petition: PetitionId,
        proof: Fingerprint,
        signature: SignatureId,
    ) -> StorageResult<()> {
        let proof = proof.0.as_slice();
        sqlx::query!(
            "delete from spent_proof
            where petition_id = $1
            and proof = $2
            and signature_id = $3",
            petition.0,
            proof,
            signature.0
        )
        .execute(&self.pool)
        .await
        .map_err(from_sqlx)?;
        Ok(())
    }

    async fn request_permit(
        &self,
        permit: &NewPermit,
        client_an_hour: Option<u32>,
    ) -> StorageResult<bool> {
        let email_key = permit.email_key.0.as_slice();
        let client_key = permit.client_key.as_ref().map(|key| key.0.as_slice());
        let (asked_at, expires_at) = (permit.asked_at, permit.asked_at + PERMITTED);
        let hour_ago = permit.asked_at - Duration::hours(1);
        let day_ago = permit.asked_at - Duration::hours(24);
        let client_most = client_an_hour.map_or(i64::MAX, i64::from);
        let mut tx = self.begin().await?;
        let kept = sqlx::query!(
            "insert into permit (
              id, petition_id, email_key, client_key, sealed_email, language, asked_at, expires_at
            )
            select $1::uuid, $2::uuid, $3::bytea, $4::bytea, $5::bytea, $6::text, $7::timestamptz, $8::timestamptz
            where $11::bigint > (
              select count(*)
              from permit
              where petition_id = $2
              and email_key = $3
              and asked_at > $9
            ) + coalesce((
              select coalesce((mail_1_at > $9)::int, 0) + coalesce((mail_2_at > $9)::int, 0)
                + coalesce((mail_3_at > $9)::int, 0) + coalesce((mail_4_at > $9)::int, 0)
                + coalesce((mail_5_at > $9)::int, 0)
              from household
              where petition_id = $2
              and email_key = $3
            ), 0)
            and $12::bigint > (
              select count(*)
              from permit
              where petition_id = $2
              and client_key = $4
              and asked_at > $10
            )",
            permit.id.0,
            permit.petition_id.0,
            email_key,
            client_key,
            permit.sealed_email,
            permit.language,
            asked_at,
            expires_at,
            day_ago,
            hour_ago,
            MAILS_A_DAY,
            client_most
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        let is_kept = kept.rows_affected() > 0;
        if is_kept {
            mails::queue(&mut tx, &[permit.mail()]).await?;
        }
        tx.commit().await.map_err(from_sqlx)?;
        Ok(is_kept)
    }

    async fn find_permit(&self, id: PermitId) -> StorageResult<Option<Permit>> {
        let row = sqlx::query!(
            r#"select
              petition_id,
              sealed_email,
              language,
              expires_at,
              granted_at is not null as "is_granted!"
            from permit
            where id = $1"#,
            id.0
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(from_sqlx)?;
        row.map(|row| {
            Ok(Permit {
                id,
                petition_id: PetitionId(row.petition_id),
                sealed_email: row.sealed_email,
                language: row.language,
                expires_at: row.expires_at,
                is_granted: row.is_granted,
            })
        })
        .transpose()
    }

    async fn grant_permit(&self, id: PermitId, at: DateTime<Utc>) -> StorageResult<()> {
        sqlx::query!(
            "update permit
            set granted_at = coalesce(granted_at, $2)
            where id = $1",
            id.0,
            at
        )
        .execute(&self.pool)
        .await
        .map_err(from_sqlx)?;
        Ok(())
    }

    async fn erase_proofs(&self, at: DateTime<Utc>) -> StorageResult<u64> {
        let spent = sqlx::query!("delete from spent_proof where expires_at <= $1", at)
            .execute(&self.pool)
            .await
            .map_err(from_sqlx)?;
        let permits = sqlx::query!("delete from permit where expires_at <= $1", at)
            .execute(&self.pool)
            .await
            .map_err(from_sqlx)?;
        Ok(spent.rows_affected() + permits.rows_affected())
    }
}
