//! Answers on their way to organizers.

use crate::encoding::{instant, micros};
use crate::errors::from_sqlx;
use crate::open::{Connection, Sqlite};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::id::DeliveryId;
use redress_storage::StorageResult;
use redress_storage::events::NewEvent;
use redress_storage::forwards::{Forward, Forwards};
use uuid::Uuid;

/// Queues an answer within the transaction that records it.
pub(crate) async fn queue(connection: &mut Connection, event: &NewEvent) -> StorageResult<()> {
    let queued_at = micros(event.received_at);
    sqlx::query!(
        "insert into forward (event_id, delivery_id, state, queued_at, due_at)
        values (?1, ?2, 'waiting', ?3, ?3)",
        event.id,
        event.delivery_id.0,
        queued_at
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

#[async_trait]
impl Forwards for Sqlite {
    async fn claim_forwards(
        &self,
        at: DateTime<Utc>,
        until_at: DateTime<Utc>,
        limit: u32,
    ) -> StorageResult<Vec<Forward>> {
        let (at, until_at) = (micros(at), micros(until_at));
        let mut tx = self.begin().await?;
        let rows = sqlx::query!(
            r#"update forward
            set due_at = ?2, attempts = attempts + 1
            where event_id in (
              select event_id
              from forward
              where state = 'waiting'
              and due_at <= ?1
              order by due_at, event_id
              limit ?3
            )
            returning
              event_id as "event_id: Uuid",
              delivery_id as "delivery_id: Uuid",
              queued_at,
              attempts,
              due_at"#,
            at,
            until_at,
            limit
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        tx.commit().await.map_err(from_sqlx)?;
        rows.into_iter()
            .map(|row| {
                Ok(Forward {
                    event_id: row.event_id,
                    delivery_id: DeliveryId(row.delivery_id),
                    queued_at: instant(row.queued_at)?,
                    attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
                    until_at: instant(row.due_at)?,
                })
            })
            .collect()
    }

    async fn pass_forward(&self, forward: &Forward, at: DateTime<Utc>) -> StorageResult<bool> {
        let (until_at, at) = (micros(forward.until_at), micros(at));
        let passed = sqlx::query!(
            "update forward
            set state = 'sent', settled_at = ?3
            where event_id = ?1
            and state = 'waiting'
            and due_at = ?2
            and due_at > ?3",
            forward.event_id,
            until_at,
            at
        )
        .execute(&self.writer)
        .await
        .map_err(from_sqlx)?;
        Ok(passed.rows_affected() > 0)
    }

    async fn defer_forward(&self, forward: &Forward, due_at: DateTime<Utc>) -> StorageResult<()> {
        let (due_at, until_at) = (micros(due_at), micros(forward.until_at));
        sqlx::query!(
            "update forward
            set state = 'waiting', settled_at = null, due_at = ?2
            where event_id = ?1
            and state <> 'dropped'
            and due_at = ?3",
            forward.event_id,
            due_at,
            until_at
        )
        .execute(&self.writer)
        .await
        .map_err(from_sqlx)?;
        Ok(())
    }

    async fn drop_forward(&self, forward: &Forward, at: DateTime<Utc>) -> StorageResult<()> {
        let (at, until_at) = (micros(at), micros(forward.until_at));
        sqlx::query!(
            "update forward
            set state = 'dropped', settled_at = ?2
            where event_id = ?1
            and due_at = ?3",
            forward.event_id,
            at,
            until_at
        )
        .execute(&self.writer)
        .await
        .map_err(from_sqlx)?;
        Ok(())
    }

    async fn count_forwards(&self) -> StorageResult<u64> {
        let count = sqlx::query_scalar!(
            r#"select count(*) as "count!: i64" from forward where state = 'waiting'"#
        )
        .fetch_one(&self.reader)
        .await
        .map_err(from_sqlx)?;
        Ok(u64::try_from(count).unwrap_or_default())
    }
}
