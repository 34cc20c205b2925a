//! Approving and cancelling.

use crate::audit;
use crate::errors::from_sqlx;
use crate::open::{Connection, Postgres};
use chrono::{DateTime, Utc};
use redress_model::id::{BatchId, SignatureId};
use redress_storage::audit::Deed;
use redress_storage::{StorageError, StorageResult};

/// Takes the step from `frozen`, or says that somebody decided before.
async fn decide(
    connection: &mut Connection,
    id: BatchId,
    to: &str,
    at: DateTime<Utc>,
) -> StorageResult<()> {
    let changed = sqlx::query!(
        "update batch
        set state = $2, decided_at = $3
        where id = $1
        and state = 'frozen'",
        id.0,
        to,
        at
    )
    .execute(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    if changed.rows_affected() > 0 {
        return Ok(());
    }
    let exists = sqlx::query!("select number from batch where id = $1", id.0)
        .fetch_optional(connection)
        .await
        .map_err(from_sqlx)?;
    Err(exists.map_or(StorageError::Missing("batch"), |_| {
        StorageError::Stale("batch")
    }))
}

pub(super) async fn approve(postgres: &Postgres, id: BatchId, deed: &Deed) -> StorageResult<()> {
    let mut tx = postgres.begin().await?;
    decide(&mut tx, id, "approved", deed.at).await?;
    let at = deed.at;
    sqlx::query!(
        "update delivery
        set state = 'queued', queued_at = $2, due_at = $2, changed_at = $2
        where batch_id = $1
        and state = 'waiting'",
        id.0,
        at
    )
    .execute(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    audit::append(&mut tx, deed).await?;
    tx.commit().await.map_err(from_sqlx)
}

pub(super) async fn cancel(postgres: &Postgres, id: BatchId, deed: &Deed) -> StorageResult<()> {
    let mut tx = postgres.begin().await?;
    // Numbers follow one another: only the last letter of a jurisdiction can be taken back.
    let later = sqlx::query!(
        "select l.number
        from batch b
        join batch l on l.petition_id = b.petition_id and l.geoid = b.geoid
        where b.id = $1
        and l.number > b.number
        and l.state <> 'cancelled'
        limit 1",
        id.0
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    if later.is_some() {
        return Err(StorageError::Stale("batch"));
    }
    decide(&mut tx, id, "cancelled", deed.at).await?;
    let at = deed.at;
    sqlx::query!(
        "update delivery
        set state = 'cancelled', changed_at = $2
        where batch_id = $1
        and state in ('waiting', 'no_contact')",
        id.0,
        at
    )
    .execute(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    sqlx::query!(
        "update signature
        set frozen_at = null
        where frozen_at is not null
        and id in (select signature_id from batch_member where batch_id = $1)",
        id.0
    )
    .execute(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    sqlx::query!("delete from batch_member where batch_id = $1", id.0)
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
    // What this batch was the first to tell is untold again.
    sqlx::query!(
        "update batch_member
        set is_corrected = false
        where is_corrected
        and signature_id in (
          select signature_id
          from batch_row
          where batch_id = $1
          and is_correction
        )
        and (petition_id, geoid) in (select petition_id, geoid from batch where id = $1)",
        id.0
    )
    .execute(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    audit::append(&mut tx, deed).await?;
    tx.commit().await.map_err(from_sqlx)
}

pub(super) async fn drop_attachments(
    postgres: &Postgres,
    at: DateTime<Utc>,
    limit: u32,
) -> StorageResult<u32> {
    let limit = i64::from(limit);
    let changed = sqlx::query!(
        "update batch
        set sealed_csv = null
        where id in (
          select b.id
          from batch b
          where b.sealed_csv is not null
          and b.decided_at <= $1
          and not exists (
            select 1
            from delivery d
            where d.batch_id = b.id
            and d.state not in (
              'presumed_delivered', 'delivered_by_hand', 'expired', 'abandoned', 'cancelled',
              'suppressed', 'superseded'
            )
          )
          limit $2
        )",
        at,
        limit
    )
    .execute(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    Ok(u32::try_from(changed.rows_affected()).unwrap_or(u32::MAX))
}

pub(super) async fn list_past_retention(
    postgres: &Postgres,
    at: DateTime<Utc>,
    limit: u32,
) -> StorageResult<Vec<SignatureId>> {
    let limit = i64::from(limit);
    let ids = sqlx::query_scalar!(
        r#"select m.signature_id
        from batch_member m
        join batch b on b.id = m.batch_id
        join petition p on p.id = m.petition_id
        join signature s on s.id = m.signature_id
        where b.state = 'approved'
        and s.sealed_signer is not null
        and not exists (
          select 1
          from delivery d
          where d.batch_id = b.id
          and d.state in ('waiting', 'queued', 'leased', 'data_sent', 'deferred', 'held', 'uncertain')
        )
        and (
          select max(d.accepted_at) + make_interval(days => p.retention_days) <= $1
          from delivery d
          where d.batch_id = b.id
        )
        order by m.signature_id
        limit $2"#,
        at,
        limit
    )
    .fetch_all(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    Ok(ids.into_iter().map(SignatureId).collect())
}
