//! Mail to signers that waits to be sent.

use crate::encoding::{hex_id, instant, json_ids, micros};
use crate::errors::from_sqlx;
use crate::open::{Connection, Sqlite};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::id::{MailId, PetitionId, ResponseId, SignatureId};
use redress_storage::mails::{Mail, MailKind, Mails};
use redress_storage::{StorageError, StorageResult};
use serde_json::{Value, json};
use uuid::Uuid;

/// Queues mails within the transaction that causes them.
pub(crate) async fn queue(connection: &mut Connection, mails: &[Mail]) -> StorageResult<()> {
    if mails.is_empty() {
        return Ok(());
    }
    let mails = mails.iter().map(|mail| {
        json!([
            hex_id(mail.id.0),
            hex_id(mail.petition_id.0),
            hex_id(mail.signature_id.0),
            mail.kind.as_str(),
            mail.sealed_signer.as_deref().map(crate::encoding::hex),
            micros(mail.queued_at),
        ])
    });
    let mails = mails.collect::<Value>().to_string();
    sqlx::query!(
        "insert into mail (id, petition_id, signature_id, kind, sealed_signer, queued_at, due_at)
        select
          unhex(value ->> 0), unhex(value ->> 1), unhex(value ->> 2), value ->> 3,
          unhex(value ->> 4), value ->> 5, value ->> 5
        from json_each(?1)
        where true
        on conflict (id) do nothing",
        mails
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

#[async_trait]
impl Mails for Sqlite {
    async fn claim_mails(
        &self,
        at: DateTime<Utc>,
        until_at: DateTime<Utc>,
        limit: u32,
    ) -> StorageResult<Vec<Mail>> {
        let (at, until_at) = (micros(at), micros(until_at));
        let mut tx = self.begin().await?;
        let rows = sqlx::query!(
            r#"update mail
            set due_at = ?2, attempts = attempts + 1
            where id in (
              select id
              from mail
              where due_at <= ?1
              order by due_at, id
              limit ?3
            )
            returning
              id as "id: Uuid",
              petition_id as "petition_id: Uuid",
              signature_id as "signature_id: Uuid",
              kind,
              sealed_signer,
              response_id as "response_id: Uuid",
              queued_at,
              attempts"#,
            at,
            until_at,
            limit
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
                    queued_at: instant(row.queued_at)?,
                    attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
                })
            })
            .collect::<StorageResult<Vec<_>>>()?;
        mails.sort_by_key(|mail| (mail.queued_at, mail.id));
        Ok(mails)
    }

    async fn finish_mails(&self, ids: &[MailId]) -> StorageResult<()> {
        let ids = json_ids(ids.iter().map(|id| id.0));
        sqlx::query!(
            "delete from mail where id in (select unhex(value) from json_each(?1))",
            ids
        )
        .execute(&self.writer)
        .await
        .map_err(from_sqlx)?;
        Ok(())
    }

    async fn defer_mails(&self, ids: &[MailId], until_at: DateTime<Utc>) -> StorageResult<()> {
        let (ids, until_at) = (json_ids(ids.iter().map(|id| id.0)), micros(until_at));
        sqlx::query!(
            "update mail
            set due_at = ?2
            where id in (select unhex(value) from json_each(?1))",
            ids,
            until_at
        )
        .execute(&self.writer)
        .await
        .map_err(from_sqlx)?;
        Ok(())
    }

    async fn count_mails(&self) -> StorageResult<u64> {
        let count = sqlx::query_scalar!("select count(*) from mail")
            .fetch_one(&self.reader)
            .await
            .map_err(from_sqlx)?;
        Ok(u64::try_from(count).unwrap_or_default())
    }
}
