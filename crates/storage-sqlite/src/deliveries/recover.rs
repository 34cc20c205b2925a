//! What time moves. SQLite takes a partial index only where its own condition is a word of the question: such words say nothing more here.

use crate::encoding::micros;
use crate::errors::from_sqlx;
use crate::events::follow_uncertain;
use crate::open::{Connection, Sqlite};
use chrono::{DateTime, Duration, Utc};
use redress_storage::StorageResult;
use redress_storage::deliveries::Recovered;

/// For how long a letter is tried.
const TRIED: Duration = Duration::days(5);

/// After what silence an accepted letter is presumed delivered.
const QUIET: Duration = Duration::hours(72);

pub(super) async fn recover(sqlite: &Sqlite, at: DateTime<Utc>) -> StorageResult<Recovered> {
    let mut tx = sqlite.begin().await?;
    let recovered = Recovered {
        requeued: requeue(&mut tx, at).await?,
        uncertain: give_up_waiting(&mut tx, at).await?,
        expired: expire(&mut tx, at).await?,
        due: wake(&mut tx, at).await?,
        presumed: presume(&mut tx, at).await?,
    };
    if recovered.uncertain > 0 {
        follow_uncertain(&mut tx).await?;
    }
    tx.commit().await.map_err(from_sqlx)?;
    Ok(recovered)
}

fn rows(changed: u64) -> u32 {
    u32::try_from(changed).unwrap_or(u32::MAX)
}

/// Whoever leased it is gone, and nothing had left.
async fn requeue(connection: &mut Connection, at: DateTime<Utc>) -> StorageResult<u32> {
    let at = micros(at);
    let changed = sqlx::query!(
        "update delivery
        set state = 'queued', lease_token = null, leased_until_at = null, changed_at = ?1
        where state = 'leased'
        and state in ('leased', 'data_sent')
        and leased_until_at <= ?1",
        at
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(rows(changed.rows_affected()))
}

/// Whoever sent it is gone, or heard nothing.
async fn give_up_waiting(connection: &mut Connection, at: DateTime<Utc>) -> StorageResult<u32> {
    let at = micros(at);
    let changed = sqlx::query!(
        "update delivery
        set state = 'uncertain', lease_token = null, leased_until_at = null, changed_at = ?1
        where state = 'data_sent'
        and state in ('leased', 'data_sent')
        and leased_until_at <= ?1",
        at
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(rows(changed.rows_affected()))
}

async fn expire(connection: &mut Connection, at: DateTime<Utc>) -> StorageResult<u32> {
    let (at, since_at) = (micros(at), micros(at - TRIED));
    let deferred = sqlx::query!(
        "update delivery
        set state = 'expired', changed_at = ?1
        where state = 'deferred'
        and tried_at is not null
        and tried_at <= ?2",
        at,
        since_at
    )
    .execute(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    let held = sqlx::query!(
        "update delivery
        set state = 'expired', changed_at = ?1
        where state = 'held'
        and changed_at <= ?2",
        at,
        since_at
    )
    .execute(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    let bounced = sqlx::query!(
        "update delivery
        set state = 'expired', changed_at = ?1
        where state = 'bounced_soft'
        and queued_at <= ?2",
        at,
        since_at
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    let changed = deferred.rows_affected() + held.rows_affected() + bounced.rows_affected();
    Ok(rows(changed))
}

async fn wake(connection: &mut Connection, at: DateTime<Utc>) -> StorageResult<u32> {
    let at = micros(at);
    let changed = sqlx::query!(
        "update delivery
        set state = 'queued', changed_at = ?1
        where state in ('deferred', 'bounced_soft')
        and due_at <= ?1",
        at
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(rows(changed.rows_affected()))
}

/// Nothing came back: such a letter arrived, and its address reaches somebody, unless a later one came back.
async fn presume(connection: &mut Connection, at: DateTime<Utc>) -> StorageResult<u32> {
    let (at, since_at) = (micros(at), micros(at - QUIET));
    sqlx::query!(
        "insert into contact (address, state, since_at)
        select lower(coalesce(recipient, email)), 'good', max(accepted_at)
        from delivery
        where state = 'accepted'
        and accepted_at <= ?1
        and coalesce(recipient, email) is not null
        group by lower(coalesce(recipient, email))
        on conflict (address) do update
        set
          state = excluded.state,
          note = null,
          since_at = excluded.since_at
        where excluded.since_at > contact.since_at
        and contact.state <> 'stopped'",
        since_at
    )
    .execute(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    let changed = sqlx::query!(
        "update delivery
        set state = 'presumed_delivered', changed_at = ?1
        where state = 'accepted'
        and accepted_at <= ?2",
        at,
        since_at
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(rows(changed.rows_affected()))
}
