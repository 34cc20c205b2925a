//! Leases: who may write, and until when.

use super::read::find_all;
use crate::errors::from_sqlx;
use crate::open::{Connection, Postgres};
use chrono::{DateTime, Duration, Utc};
use redress_model::id::DeliveryId;
use redress_storage::StorageResult;
use redress_storage::breakers::Heed;
use redress_storage::deliveries::{Claimed, Envelope};
use std::collections::HashMap;
use uuid::Uuid;

/// For how long the owner of an intent waits for its answer: 10 minutes (RFC 5321, section
/// 4.5.3.2.6) and something for writing it down. Whoever finds it silent after that calls it
/// uncertain.
const PATIENCE: Duration = Duration::minutes(15);

pub(super) async fn claim(
    postgres: &Postgres,
    (at, until_at): (DateTime<Utc>, DateTime<Utc>),
    token: Uuid,
    limit: u32,
    heed: Heed,
) -> StorageResult<Vec<Claimed>> {
    let heeds_all = heed == Heed::All;
    let limit = i64::from(limit);
    let mut tx = postgres.begin().await?;
    let mut letters: HashMap<Uuid, Vec<u8>> = HashMap::new();
    if heeds_all {
        probe(&mut tx, at, until_at, token, &mut letters).await?;
    }
    let claimed = sqlx::query!(
        r#"update delivery
        set
          state = 'leased',
          lease_token = $3,
          leased_until_at = $2,
          attempts = attempts + 1,
          changed_at = $1
        where id in (
          select d.id
          from delivery d
          where d.state = 'queued'
          and d.due_at <= $1
          and d.id = (
            select first.id
            from delivery first
            where first.state = 'queued'
            and first.post_id = d.post_id
            order by first.due_at, first.id
            limit 1
          )
          and not exists (
            select 1
            from delivery other
            where other.post_id = d.post_id
            and other.state in ('leased', 'data_sent')
          )
          and not exists (
            select 1
            from breaker b
            where b.name in ('*', lower(split_part(d.email, '@', 2)))
            and (b.state = 'blocked' or $5::boolean)
          )
          order by d.due_at, d.id
          limit $4
          for update of d skip locked
        )
        returning id, sealed_letter"#,
        at,
        until_at,
        token,
        limit,
        heeds_all
    )
    .fetch_all(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    letters.extend(claimed.into_iter().map(|row| (row.id, row.sealed_letter)));
    let ids: Vec<Uuid> = letters.keys().copied().collect();
    let deliveries = find_all(&mut tx, &ids).await?;
    tx.commit().await.map_err(from_sqlx)?;
    Ok(deliveries
        .into_iter()
        .filter_map(|delivery| {
            let sealed_letter = letters.remove(&delivery.id.0)?;
            Some(Claimed {
                delivery,
                token,
                sealed_letter,
            })
        })
        .collect())
}

/// Of each breaker whose time has come, takes one letter to try.
async fn probe(
    connection: &mut Connection,
    at: DateTime<Utc>,
    until_at: DateTime<Utc>,
    token: Uuid,
    letters: &mut HashMap<Uuid, Vec<u8>>,
) -> StorageResult<()> {
    let due = sqlx::query_scalar!(
        "select name
        from breaker
        where state in ('open', 'half_open')
        and until_at <= $1
        order by name
        limit 20
        for update skip locked",
        at
    )
    .fetch_all(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    for name in due {
        let probed = sqlx::query!(
            r#"update delivery
            set
              state = 'leased',
              lease_token = $3,
              leased_until_at = $2,
              attempts = attempts + 1,
              changed_at = $1
            where id in (
              select d.id
              from delivery d
              where d.state = 'queued'
              and d.due_at <= $1
              and ($4 = '*' or $4 = lower(split_part(d.email, '@', 2)))
              and not exists (
                select 1
                from delivery other
                where other.post_id = d.post_id
                and other.state in ('leased', 'data_sent')
              )
              and not exists (
                select 1
                from breaker b
                where b.name in ('*', lower(split_part(d.email, '@', 2)))
                and b.name <> $4
              )
              order by d.due_at, d.id
              limit 1
              for update of d skip locked
            )
            returning id, sealed_letter"#,
            at,
            until_at,
            token,
            name
        )
        .fetch_optional(&mut *connection)
        .await
        .map_err(from_sqlx)?;
        let Some(row) = probed else { continue };
        letters.insert(row.id, row.sealed_letter);
        sqlx::query!(
            "update breaker
            set state = 'half_open', until_at = $2, changed_at = $1
            where name = $3",
            at,
            until_at,
            name
        )
        .execute(&mut *connection)
        .await
        .map_err(from_sqlx)?;
    }
    Ok(())
}

pub(super) async fn settle(
    postgres: &Postgres,
    id: DeliveryId,
    token: Uuid,
    envelope: &Envelope,
    at: DateTime<Utc>,
) -> StorageResult<bool> {
    let dated_at = envelope.dated_at;
    let sha256 = envelope.sha256.as_slice();
    let changed = sqlx::query!(
        "update delivery
        set recipient = $3, message_id = $4, dated_at = $5, wire_sha256 = $6, signatures = $7
        where id = $1
        and lease_token = $2
        and state = 'leased'
        and leased_until_at > $8
        and message_id is null",
        id.0,
        token,
        envelope.recipient,
        envelope.message_id,
        dated_at,
        sha256,
        envelope.signatures,
        at
    )
    .execute(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    Ok(changed.rows_affected() > 0)
}

pub(super) async fn record_intent(
    postgres: &Postgres,
    id: DeliveryId,
    token: Uuid,
    at: DateTime<Utc>,
) -> StorageResult<bool> {
    let until_at = at + PATIENCE;
    let changed = sqlx::query!(
        "update delivery
        set state = 'data_sent', leased_until_at = $4, changed_at = $3
        where id = $1
        and lease_token = $2
        and state = 'leased'
        and leased_until_at > $3
        and message_id is not null",
        id.0,
        token,
        at,
        until_at
    )
    .execute(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    Ok(changed.rows_affected() > 0)
}

pub(super) async fn give_back(
    postgres: &Postgres,
    id: DeliveryId,
    token: Uuid,
    at: DateTime<Utc>,
) -> StorageResult<bool> {
    let changed = sqlx::query!(
        "update delivery
        set
          state = 'queued',
          lease_token = null,
          leased_until_at = null,
          attempts = attempts - 1,
          changed_at = $3
        where id = $1
        and lease_token = $2
        and state = 'leased'",
        id.0,
        token,
        at
    )
    .execute(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    Ok(changed.rows_affected() > 0)
}

pub(super) async fn postpone(
    postgres: &Postgres,
    id: DeliveryId,
    token: Uuid,
    due_at: DateTime<Utc>,
    at: DateTime<Utc>,
) -> StorageResult<bool> {
    let changed = sqlx::query!(
        "update delivery
        set
          state = 'deferred',
          lease_token = null,
          leased_until_at = null,
          attempts = attempts - 1,
          due_at = $4,
          changed_at = $3
        where id = $1
        and lease_token = $2
        and state = 'leased'",
        id.0,
        token,
        at,
        due_at
    )
    .execute(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    Ok(changed.rows_affected() > 0)
}
