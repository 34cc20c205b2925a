//! Signers are told of what an office said, a stretch of a petition's signatures at a time.

use crate::encoding::micros;
use crate::errors::from_sqlx;
use crate::open::{Connection, Sqlite};
use chrono::{DateTime, Utc};
use redress_storage::StorageResult;
use uuid::Uuid;

/// What of a published response the next mails depend on.
struct Untold {
    id: Uuid,
    petition: Uuid,
    geoid: String,
    after: Option<Uuid>,
    published_at: i64,
}

async fn find_untold(connection: &mut Connection) -> StorageResult<Option<Untold>> {
    let row = sqlx::query!(
        r#"select
          id as "id: Uuid",
          petition_id as "petition_id: Uuid",
          geoid,
          told_after as "told_after: Uuid",
          published_at as "published_at!"
        from response
        where state = 'published'
        and told_at is null
        order by published_at, id
        limit 1"#
    )
    .fetch_optional(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(row.map(|row| Untold {
        id: row.id,
        petition: row.petition_id,
        geoid: row.geoid,
        after: row.told_after,
        published_at: row.published_at,
    }))
}

/// The last of the next signatures of a petition, and how many they are.
async fn stretch(
    connection: &mut Connection,
    untold: &Untold,
    limit: u32,
) -> StorageResult<(Option<Uuid>, u32)> {
    let (after, limit) = (untold.after.unwrap_or(Uuid::nil()), i64::from(limit));
    let row = sqlx::query!(
        r#"select max(id) as "last?: Uuid", count(*) as "count!: i64"
        from (
          select id
          from signature
          where petition_id = ?1
          and id > ?2
          order by id
          limit ?3
        ) as next"#,
        untold.petition,
        after,
        limit
    )
    .fetch_one(connection)
    .await
    .map_err(from_sqlx)?;
    Ok((row.last, u32::try_from(row.count).unwrap_or(u32::MAX)))
}

/// Queues mails to those of a stretch who are counted in the place and wish for news.
async fn queue_mails(
    connection: &mut Connection,
    untold: &Untold,
    last: Uuid,
    at: DateTime<Utc>,
) -> StorageResult<u64> {
    let (after, at) = (untold.after.unwrap_or(Uuid::nil()), micros(at));
    let queued = sqlx::query!(
        "insert into mail (id, petition_id, signature_id, kind, response_id, queued_at, due_at)
        select randomblob(16), petition_id, id, 'response', ?5, ?6, ?6
        from signature
        where petition_id = ?1
        and id > ?2
        and id <= ?3
        and home = ?4
        and state = 'confirmed'
        and wants_updates = 1
        and sealed_signer is not null
        and confirmed_at <= ?7
        on conflict (signature_id, response_id) where response_id is not null do nothing",
        untold.petition,
        after,
        last,
        untold.geoid,
        untold.id,
        at,
        untold.published_at
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(queued.rows_affected())
}

/// Goes on with the oldest response of which somebody may still be told.
pub(super) async fn tell(
    sqlite: &Sqlite,
    at: DateTime<Utc>,
    limit: u32,
) -> StorageResult<Option<u64>> {
    if !is_anything_untold(sqlite).await? {
        return Ok(None);
    }
    let mut tx = sqlite.begin().await?;
    let Some(untold) = find_untold(&mut tx).await? else {
        return Ok(None);
    };
    let (last, count) = stretch(&mut tx, &untold, limit).await?;
    let queued = match last {
        Some(last) => queue_mails(&mut tx, &untold, last, at).await?,
        None => 0,
    };
    let told_at = (count < limit).then_some(micros(at));
    sqlx::query!(
        "update response
        set told_after = coalesce(?2, told_after), told_at = ?3
        where id = ?1",
        untold.id,
        last,
        told_at
    )
    .execute(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    tx.commit().await.map_err(from_sqlx)?;
    Ok(Some(queued))
}

/// Looked at before a lock is taken: mostly there is nothing.
async fn is_anything_untold(sqlite: &Sqlite) -> StorageResult<bool> {
    let found = sqlx::query_scalar!(
        r#"select count(*) as "count!: i64"
        from response
        where state = 'published'
        and told_at is null"#
    )
    .fetch_one(&sqlite.reader)
    .await
    .map_err(from_sqlx)?;
    Ok(found > 0)
}
