//! Reading deliveries.

use crate::encoding::micros;
use crate::errors::from_sqlx;
use crate::open::{Connection, Sqlite};
use chrono::{DateTime, Utc};
use redress_model::batch::BatchState;
use redress_model::delivery::state::DeliveryState;
use redress_model::id::{DeliveryId, PetitionId};
use redress_storage::StorageResult;
use redress_storage::deliveries::{Attempt, Buckets, Delivery, DeliveryFilter};
use redress_storage::rows::StoredInstant;
use redress_storage::rows::delivery::{AttemptColumns, DeliveryColumns};
use std::collections::HashMap;
use uuid::Uuid;

/// Selects whole deliveries; the rest of the statement follows.
macro_rules! delivery_rows {
    ($rest:literal $(, $argument:expr)*) => {
        sqlx::query_as!(
            DeliveryColumns::<i64>,
            r#"select
              d.id as "id: Uuid",
              d.batch_id as "batch_id: Uuid",
              b.number as batch_number,
              d.petition_id as "petition_id: Uuid",
              d.geoid,
              d.variant,
              d.post_id,
              d.role,
              d.title,
              d.district,
              d.person,
              d.email,
              d.no_contact,
              d.state,
              d.epoch,
              d.attempts,
              d.due_at,
              d.recipient,
              d.message_id,
              d.dated_at,
              d.wire_sha256,
              d.signatures,
              d.reply_code,
              d.reply_text,
              d.queue_id,
              d.note,
              d.created_at,
              d.changed_at,
              d.accepted_at,
              d.joined_id as "joined_id: Uuid",
              (
                select count(*)
                from delivery j
                where j.joined_id = d.id
              ) as "carries!: i64",
              (d.sealed_own is not null and d.message_id is null) as "is_partable!: bool"
            from delivery d
            join batch b on b.id = d.batch_id "# + $rest
            $(, $argument)*
        )
    };
}

/// The deliveries of some ids, those that waited longest first.
pub(super) async fn find_all(
    connection: &mut Connection,
    ids: &str,
) -> StorageResult<Vec<Delivery>> {
    let rows = delivery_rows!(
        "where d.id in (select unhex(value) from json_each(?1))
        order by d.due_at, d.id",
        ids
    )
    .fetch_all(connection)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter().map(DeliveryColumns::read).collect()
}

pub(super) async fn find(sqlite: &Sqlite, id: DeliveryId) -> StorageResult<Option<Delivery>> {
    let row = delivery_rows!("where d.id = ?1", id.0)
        .fetch_optional(&sqlite.reader)
        .await
        .map_err(from_sqlx)?;
    row.map(DeliveryColumns::read).transpose()
}

pub(super) async fn find_letter(sqlite: &Sqlite, id: DeliveryId) -> StorageResult<Option<Vec<u8>>> {
    sqlx::query_scalar!(
        "select sealed from delivery_letter where delivery_id = ?1",
        id.0
    )
    .fetch_optional(&sqlite.reader)
    .await
    .map_err(from_sqlx)
}

pub(super) async fn list(
    sqlite: &Sqlite,
    petition: PetitionId,
    filter: DeliveryFilter,
    after: Option<DeliveryId>,
    limit: u32,
) -> StorageResult<Vec<Delivery>> {
    let after = after.map_or(Uuid::nil(), |id| id.0);
    let batch = filter.batch.map(|id| id.0);
    let (state, limit) = (filter.state.map(DeliveryState::as_str), i64::from(limit));
    let rows = delivery_rows!(
        "where d.petition_id = ?1
        and d.id > ?2
        and (?3 is null or d.batch_id = ?3)
        and (?4 is null or d.state = ?4)
        order by d.id
        limit ?5",
        petition.0,
        after,
        batch,
        state,
        limit
    )
    .fetch_all(&sqlite.reader)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter().map(DeliveryColumns::read).collect()
}

pub(super) async fn list_too_large(
    sqlite: &Sqlite,
    after: Option<DeliveryId>,
    limit: u32,
) -> StorageResult<Vec<Delivery>> {
    let (after, limit) = (after.map_or(Uuid::nil(), |id| id.0), i64::from(limit));
    let rows = delivery_rows!(
        "where d.id in (
          select t.id
          from delivery t
          where t.state = 'too_large'
          and t.variant = 'letter'
          union
          select t.id
          from delivery_event e
          join delivery t on t.id = e.delivery_id
          where e.kind = 'rejected'
          and e.status in ('5.3.4', '5.2.3')
          and t.state = 'bounced_hard'
          and t.variant = 'letter'
        )
        and d.id > ?1
        order by d.id
        limit ?2",
        after,
        limit
    )
    .fetch_all(&sqlite.reader)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter().map(DeliveryColumns::read).collect()
}

pub(super) async fn list_joined(sqlite: &Sqlite, id: DeliveryId) -> StorageResult<Vec<Delivery>> {
    let rows = delivery_rows!(
        "where d.joined_id = ?1
        order by d.post_id",
        id.0
    )
    .fetch_all(&sqlite.reader)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter().map(DeliveryColumns::read).collect()
}

pub(super) async fn list_thread(
    sqlite: &Sqlite,
    petition: PetitionId,
    post_id: &str,
) -> StorageResult<Vec<Delivery>> {
    let rows = delivery_rows!(
        "where d.id in (
          select coalesce(t.joined_id, t.id)
          from delivery t
          where t.petition_id = ?1
          and t.post_id = ?2
        )
        order by d.id",
        petition.0,
        post_id
    )
    .fetch_all(&sqlite.reader)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter().map(DeliveryColumns::read).collect()
}

pub(super) async fn find_last_letter(
    sqlite: &Sqlite,
    post_id: &str,
) -> StorageResult<Option<DateTime<Utc>>> {
    let last = sqlx::query_scalar!(
        r#"select max(gone.at) as "last?: i64"
        from (
          select coalesce(d.accepted_at, d.changed_at) as at
          from delivery d
          where d.post_id = ?1
          and (d.accepted_at is not null or d.state in ('data_sent', 'uncertain'))
          union all
          select coalesce(d.accepted_at, d.changed_at) as at
          from delivery j
          join delivery d on d.id = j.joined_id
          where j.post_id = ?1
          and j.joined_id is not null
          and (d.accepted_at is not null or d.state in ('data_sent', 'uncertain'))
        ) as gone"#,
        post_id
    )
    .fetch_one(&sqlite.reader)
    .await
    .map_err(from_sqlx)?;
    last.map(StoredInstant::read).transpose()
}

pub(super) async fn list_attempts(sqlite: &Sqlite, id: DeliveryId) -> StorageResult<Vec<Attempt>> {
    let rows = sqlx::query_as!(
        AttemptColumns::<i64>,
        "select number, state, stage, reply_code, reply_text, queue_id, due_at, at
        from attempt
        where delivery_id = ?1
        order by number",
        id.0
    )
    .fetch_all(&sqlite.reader)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter().map(AttemptColumns::read).collect()
}

pub(super) async fn count_buckets(sqlite: &Sqlite, petition: PetitionId) -> StorageResult<Buckets> {
    let mut tx = sqlite.snapshot().await?;
    let batches = sqlx::query!(
        r#"select state, count(*) as "count!: i64"
        from batch
        where petition_id = ?1
        group by state"#,
        petition.0
    )
    .fetch_all(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    let deliveries = sqlx::query!(
        r#"select state, count(*) as "count!: i64"
        from delivery
        where petition_id = ?1
        group by state"#,
        petition.0
    )
    .fetch_all(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    let joined = sqlx::query_scalar!(
        r#"select count(*) as "count!: i64"
        from delivery
        where petition_id = ?1
        and joined_id is not null"#,
        petition.0
    )
    .fetch_one(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    let batches: HashMap<String, i64> = batches
        .into_iter()
        .map(|row| (row.state, row.count))
        .collect();
    let deliveries: HashMap<String, i64> = deliveries
        .into_iter()
        .map(|row| (row.state, row.count))
        .collect();
    let count = |counts: &HashMap<String, i64>, state: &str| {
        counts
            .get(state)
            .map_or(0, |count| u64::try_from(*count).unwrap_or_default())
    };
    Ok(Buckets {
        batches: BatchState::ALL
            .iter()
            .map(|state| (*state, count(&batches, state.as_str())))
            .collect(),
        deliveries: DeliveryState::ALL
            .iter()
            .map(|state| (*state, count(&deliveries, state.as_str())))
            .collect(),
        joined: u64::try_from(joined).unwrap_or_default(),
    })
}

pub(super) async fn count_due(sqlite: &Sqlite, at: DateTime<Utc>) -> StorageResult<u64> {
    let at = micros(at);
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!: i64"
        from delivery
        where state = 'queued'
        and due_at <= ?1"#,
        at
    )
    .fetch_one(&sqlite.reader)
    .await
    .map_err(from_sqlx)?;
    Ok(u64::try_from(count).unwrap_or_default())
}
