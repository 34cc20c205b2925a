//! Leases: who may write, and until when.

use super::read::find_all;
use crate::encoding::{json_ids, micros};
use crate::errors::from_sqlx;
use crate::open::Sqlite;
use chrono::{DateTime, Duration, Utc};
use redress_model::id::DeliveryId;
use redress_storage::StorageResult;
use redress_storage::deliveries::{Claimed, Envelope};
use std::collections::HashMap;
use uuid::Uuid;

/// For how long the owner of an intent waits for its answer: 10 minutes (RFC 5321, section
/// 4.5.3.2.6) and something for writing it down. Whoever finds it silent after that calls it
/// uncertain.
const PATIENCE: Duration = Duration::minutes(15);

pub(super) async fn claim(
    sqlite: &Sqlite,
    at: DateTime<Utc>,
    until_at: DateTime<Utc>,
    token: Uuid,
    limit: u32,
) -> StorageResult<Vec<Claimed>> {
    let (at, until_at, limit) = (micros(at), micros(until_at), i64::from(limit));
    let mut tx = sqlite.begin().await?;
    let claimed = sqlx::query!(
        r#"update delivery
        set
          state = 'leased',
          lease_token = ?3,
          leased_until_at = ?2,
          attempts = attempts + 1,
          changed_at = ?1
        where id in (
          select id
          from delivery
          where state = 'queued'
          and due_at <= ?1
          order by due_at, id
          limit ?4
        )
        returning id as "id: Uuid", sealed_letter"#,
        at,
        until_at,
        token,
        limit
    )
    .fetch_all(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    let ids = json_ids(claimed.iter().map(|row| row.id));
    let mut letters: HashMap<Uuid, Vec<u8>> = claimed
        .into_iter()
        .map(|row| (row.id, row.sealed_letter))
        .collect();
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

pub(super) async fn settle(
    sqlite: &Sqlite,
    id: DeliveryId,
    token: Uuid,
    envelope: &Envelope,
    at: DateTime<Utc>,
) -> StorageResult<bool> {
    let (dated_at, at) = (micros(envelope.dated_at), micros(at));
    let sha256 = envelope.sha256.as_slice();
    let changed = sqlx::query!(
        "update delivery
        set recipient = ?3, message_id = ?4, dated_at = ?5, wire_sha256 = ?6, signatures = ?7
        where id = ?1
        and lease_token = ?2
        and state = 'leased'
        and leased_until_at > ?8
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
    .execute(&sqlite.writer)
    .await
    .map_err(from_sqlx)?;
    Ok(changed.rows_affected() > 0)
}

pub(super) async fn record_intent(
    sqlite: &Sqlite,
    id: DeliveryId,
    token: Uuid,
    at: DateTime<Utc>,
) -> StorageResult<bool> {
    let (at, until_at) = (micros(at), micros(at + PATIENCE));
    let changed = sqlx::query!(
        "update delivery
        set state = 'data_sent', leased_until_at = ?4, changed_at = ?3
        where id = ?1
        and lease_token = ?2
        and state = 'leased'
        and leased_until_at > ?3
        and message_id is not null",
        id.0,
        token,
        at,
        until_at
    )
    .execute(&sqlite.writer)
    .await
    .map_err(from_sqlx)?;
    Ok(changed.rows_affected() > 0)
}

pub(super) async fn give_back(
    sqlite: &Sqlite,
    id: DeliveryId,
    token: Uuid,
    at: DateTime<Utc>,
) -> StorageResult<bool> {
    let at = micros(at);
    let changed = sqlx::query!(
        "update delivery
        set
          state = 'queued',
          lease_token = null,
          leased_until_at = null,
          attempts = attempts - 1,
          changed_at = ?3
        where id = ?1
        and lease_token = ?2
        and state = 'leased'",
        id.0,
        token,
        at
    )
    .execute(&sqlite.writer)
    .await
    .map_err(from_sqlx)?;
    Ok(changed.rows_affected() > 0)
}
