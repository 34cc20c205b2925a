//! Mail to signers that waits to be sent.

use crate::errors::from_sqlx;
use crate::open::{Connection, Postgres};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::id::{MailId, PetitionId, ResponseId, SignatureId};
use redress_storage::mails::{Mail, MailKind, Mails};
use redress_storage::{StorageError, StorageResult};
use uuid::Uuid;

/// Queues mails within the transaction that causes them.
pub(crate) async fn queue(connection: &mut Connection, mails: &[Mail]) -> StorageResult<()> {
    if mails.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = mails.iter().map(|mail| mail.id.0).collect();
    let petitions: Vec<Uuid> = mails.iter().map(|mail| mail.petition_id.0).collect();
    let signatures: Vec<Uuid> = mails.iter().map(|mail| mail.signature_id.0).collect();
    let kinds: Vec<String> = mails
        .iter()
        .map(|mail| mail.kind.as_str().to_owned())
        .collect();
    let sealed: Vec<Option<Vec<u8>>> = mails
        .iter()
        .map(|mail| mail.sealed_signer.clone())
        .collect();
    let queued: Vec<DateTime<Utc>> = mails.iter().map(|mail| mail.queued_at).collect();
    sqlx::query!(
        "insert into mail (id, petition_id, signature_id, kind, sealed_signer, queued_at, due_at)
        select c.id, c.petition_id, c.signature_id, c.kind, c.sealed_signer, c.queued_at, c.queued_at
        from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bytea[], $6::timestamptz[])
          as c (id, petition_id, signature_id, kind, sealed_signer, queued_at)
        on conflict (id) do nothing",
        &ids,
        &petitions,
        &signatures,
        &kinds,
        &sealed as &[Option<Vec<u8>>],
        &queued
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

#[async_trait]
impl Mails for Postgres {
    async fn claim_mails(
        &self,
        at: DateTime<Utc>,
        until_at: DateTime<Utc>,
        limit: u32,
    ) -> StorageResult<Vec<Mail>> {
        let mut tx = self.begin().await?;
        let rows = sqlx::query!(
            r#"update mail
            set due_at = $2, attempts = attempts + 1
            where id in (
              select id
              from mail
              where due_at <= $1
              order by due_at, id
              limit $3
              for update skip locked
            )
            returning
              id,
              petition_id,
              signature_id,
              kind,
              sealed_signer,
              response_id,
              queued_at,
              attempts"#,
            at,
            until_at,
            i64::from(limit)
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        tx.commit().await.map_err(from_sqlx)?;
        let mut mails = rows
            .into_iter()
            .map(|row| {
                Ok(Mail {
                    id: MailId(row.id),
                    petition_id: PetitionId(row.petition_id),
                    signature_id: SignatureId(row.signature_id),
                    kind: MailKind::parse(&row.kind)
                        .ok_or_else(|| StorageError::unreadable("mail kind", &row.kind))?,
                    sealed_signer: row.sealed_signer,
                    response_id: row.response_id.map(ResponseId),
                    queued_at: row.queued_at,
                    attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
                })
            })
            .collect::<StorageResult<Vec<_>>>()?;
        mails.sort_by_key(|mail| (mail.queued_at, mail.id));
        Ok(mails)
    }

    async fn finish_mails(&self, ids: &[MailId]) -> StorageResult<()> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        sqlx::query!("delete from mail where id = any($1)", &ids)
            .execute(&self.pool)
            .await
            .map_err(from_sqlx)?;
        Ok(())
    }

    async fn defer_mails(&self, ids: &[MailId], until_at: DateTime<Utc>) -> StorageResult<()> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        sqlx::query!(
            "update mail
            set due_at = $2
            where id = any($1)",
            &ids,
            until_at
        )
        .execute(&self.pool)
        .await
        .map_err(from_sqlx)?;
        Ok(())
    }

    async fn count_mails(&self) -> StorageResult<u64> {
        let count = sqlx::query_scalar!(r#"select count(*) as "count!" from mail"#)
            .fetch_one(&self.pool)
            .await
            .map_err(from_sqlx)?;
        Ok(u64::try_from(count).unwrap_or_default())
    }
}
