//! The letter to the whole body: put in the place of several when it is frozen, and taken apart when one of its offices closes before it
//! was tried.

use super::letters;
use crate::encoding::{json_ids, micros};
use crate::errors::from_sqlx;
use crate::open::{Connection, Sqlite};
use chrono::{DateTime, Utc};
use redress_model::id::{BatchId, DeliveryId, PetitionId};
use redress_storage::batches::FrozenBatch;
use redress_storage::{StorageError, StorageResult};
use uuid::Uuid;

/// Puts one letter in the place of several, within the transaction that makes them.
pub(crate) async fn join(connection: &mut Connection, frozen: &FrozenBatch) -> StorageResult<()> {
    let Some(joint) = &frozen.joint else {
        return Ok(());
    };
    let carried = sqlx::query!(
        "update delivery
        set sealed_own = (select sealed from delivery_letter where delivery_id = delivery.id)
        where id = ?1
        and batch_id = ?2
        and state = 'waiting'",
        joint.carrier.0,
        frozen.batch.id.0
    )
    .execute(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    letters::write(connection, joint.carrier, &joint.sealed_letter).await?;
    let ids = json_ids(joint.joined.iter().map(|id| id.0));
    let joined = sqlx::query!(
        "update delivery
        set state = 'suppressed', joined_id = ?1
        where id in (select unhex(value) from json_each(?3))
        and batch_id = ?2
        and state = 'waiting'",
        joint.carrier.0,
        frozen.batch.id.0,
        ids
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    if carried.rows_affected() == 1 && joined.rows_affected() == joint.joined.len() as u64 {
        Ok(())
    } else {
        Err(StorageError::Missing("delivery"))
    }
}

/// Takes apart the letters of a petition that name an office which has closed, as long as they were never tried: each office has its own
/// letter from here on, that of the closed one included. What becomes of that is the caller's.
pub(crate) async fn part(
    connection: &mut Connection,
    petition: PetitionId,
    at: DateTime<Utc>,
) -> StorageResult<()> {
    let parted = sqlx::query_scalar!(
        r#"select id as "id!: Uuid"
        from delivery
        where petition_id = ?1
        and sealed_own is not null
        and message_id is null
        and state in ('waiting', 'queued', 'deferred', 'held')
        and exists (
          select 1
          from delivery d
          join office_wish w on w.petition_id = d.petition_id and w.post_id = d.post_id
          where (d.id = delivery.id or d.joined_id = delivery.id)
          and w.closure is not null
          and (
            (w.closed_person is null and w.closed_email is null)
            or lower(w.closed_person) = lower(d.person)
            or lower(w.closed_email) = lower(d.email)
          )
        )"#,
        petition.0
    )
    .fetch_all(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    release(connection, &parted, at).await
}

/// Takes one apart, because its mailer says so.
pub(crate) async fn part_one(
    connection: &mut Connection,
    id: DeliveryId,
    at: DateTime<Utc>,
) -> StorageResult<()> {
    let parted = sqlx::query_scalar!(
        r#"select id as "id!: Uuid"
        from delivery
        where id = ?1
        and sealed_own is not null
        and message_id is null"#,
        id.0
    )
    .fetch_all(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    release(connection, &parted, at).await
}

/// Those who were joined to some letters that are taken apart go by themselves.
async fn release(
    connection: &mut Connection,
    parted: &[Uuid],
    at: DateTime<Utc>,
) -> StorageResult<()> {
    if parted.is_empty() {
        return Ok(());
    }
    let (ids, at) = (json_ids(parted.iter().copied()), micros(at));
    sqlx::query!(
        "insert or replace into delivery_letter (delivery_id, sealed)
        select id, sealed_own
        from delivery
        where id in (select unhex(value) from json_each(?1))",
        ids
    )
    .execute(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    sqlx::query!(
        "update delivery
        set sealed_own = null
        where id in (select unhex(value) from json_each(?1))",
        ids
    )
    .execute(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    sqlx::query!(
        "update delivery
        set
          state = case
            when (select state from batch where id = delivery.batch_id) = 'approved' then 'queued'
            else 'waiting'
          end,
          queued_at = case
            when (select state from batch where id = delivery.batch_id) = 'approved' then ?2
          end,
          due_at = ?2,
          joined_id = null,
          changed_at = ?2
        where joined_id in (select unhex(value) from json_each(?1))
        and state = 'suppressed'",
        ids,
        at
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

pub(super) async fn count(
    sqlite: &Sqlite,
    batches: &[BatchId],
) -> StorageResult<Vec<(BatchId, u64)>> {
    let ids = json_ids(batches.iter().map(|id| id.0));
    let rows = sqlx::query!(
        r#"select
          j.batch_id as "batch_id!: Uuid",
          count(*) + count(distinct j.joined_id) as "count!: i64"
        from delivery j
        join delivery c on c.id = j.joined_id
        where j.batch_id in (select unhex(value) from json_each(?1))
        and c.state not in ('cancelled', 'suppressed')
        group by j.batch_id
        order by j.batch_id"#,
        ids
    )
    .fetch_all(&sqlite.reader)
    .await
    .map_err(from_sqlx)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let count = u64::try_from(row.count).unwrap_or_default();
            (BatchId(row.batch_id), count)
        })
        .collect())
}
