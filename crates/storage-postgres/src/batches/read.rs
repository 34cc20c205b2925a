//! Reading batches, and what the next one is made from.

use crate::errors::from_sqlx;
use crate::open::Postgres;
use chrono::{DateTime, Utc};
use redress_model::batch::BatchState;
use redress_model::geoid::Geoid;
use redress_model::id::{BatchId, PetitionId, SignatureId};
use redress_storage::StorageResult;
use redress_storage::batches::{Batch, BatchParts, BatchRow, Lapsed, Membership, Progress};
use redress_storage::rows::batch::{BatchColumns, LapsedColumns, LineColumns, geoid};
use std::collections::HashMap;
use uuid::Uuid;

/// Selects whole batches; the rest of the statement follows.
macro_rules! batch_rows {
    ($rest:literal $(, $argument:expr)*) => {
        sqlx::query_as!(
            BatchColumns::<DateTime<Utc>>,
            r#"select
              id,
              petition_id,
              number,
              geoid,
              letter,
              part,
              parts,
              state,
              first_number,
              last_number,
              signers,
              total,
              self_asserted,
              paper,
              districts,
              city_status,
              rows_sha256,
              csv_sha256,
              merkle_root,
              frozen_at,
              decided_at
            from batch "# + $rest
            $(, $argument)*
        )
    };
}

pub(super) async fn count_unbatched(
    postgres: &Postgres,
    petition: PetitionId,
) -> StorageResult<Vec<(Geoid, u64)>> {
    let rows = sqlx::query!(
        r#"select home, count(*) as "count!"
        from signature
        where petition_id = $1
        and state = 'confirmed'
        and frozen_at is null
        and home not in ('outside', 'unlocated')
        group by home
        order by home"#,
        petition.0
    )
    .fetch_all(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter()
        .map(|row| Ok((geoid(&row.home)?, u64::try_from(row.count).unwrap_or(0))))
        .collect()
}

pub(super) async fn list_lapsed(
    postgres: &Postgres,
    petition: PetitionId,
    geoid: &Geoid,
) -> StorageResult<Vec<Lapsed>> {
    let geoid = geoid.as_str();
    let rows = sqlx::query_as!(
        LapsedColumns,
        r#"select
          m.signature_id,
          m.number,
          m.batch_id,
          r.sealed_line
        from batch_member m
        join signature s on s.id = m.signature_id
        join batch_row r on r.batch_id = m.batch_id and r.signature_id = m.signature_id and not r.is_correction
        where m.petition_id = $1
        and m.geoid = $2
        and not m.is_corrected
        and (not s.is_counted or s.home <> $2)
        order by m.number"#,
        petition.0,
        geoid
    )
    .fetch_all(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter().map(LapsedColumns::read).collect()
}

pub(super) async fn find_progress(
    postgres: &Postgres,
    petition: PetitionId,
    geoid: &Geoid,
) -> StorageResult<Progress> {
    let geoid = geoid.as_str();
    let row = sqlx::query!(
        r#"select
          coalesce(max(number), 0) as "batch!",
          coalesce(max(case when geoid = $2 and state <> 'cancelled' then letter end), 0) as "letter!",
          coalesce(max(case when geoid = $2 and state <> 'cancelled' then last_number end), 0) as "last!"
        from batch
        where petition_id = $1"#,
        petition.0,
        geoid
    )
    .fetch_one(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    let total = sqlx::query_scalar!(
        r#"select count(*) as "total!"
        from batch_member
        where petition_id = $1
        and geoid = $2
        and not is_corrected"#,
        petition.0,
        geoid
    )
    .fetch_one(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    let number = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    Ok(Progress {
        batch: number(row.batch),
        letter: number(row.letter),
        last: number(row.last),
        total: number(total),
    })
}

pub(super) async fn find(
    postgres: &Postgres,
    petition: PetitionId,
    number: u32,
) -> StorageResult<Option<Batch>> {
    let number = i64::from(number);
    let row = batch_rows!(
        "where petition_id = $1
        and number = $2",
        petition.0,
        number
    )
    .fetch_optional(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    row.map(BatchColumns::read).transpose()
}

pub(super) async fn list(
    postgres: &Postgres,
    petition: PetitionId,
    geoid: Option<&Geoid>,
    state: Option<BatchState>,
    after: u32,
    limit: u32,
) -> StorageResult<Vec<Batch>> {
    let (geoid, state) = (geoid.map(Geoid::as_str), state.map(BatchState::as_str));
    let (after, limit) = (i64::from(after), i64::from(limit));
    let rows = batch_rows!(
        "where petition_id = $1
        and number > $2
        and (cast($3 as text) is null or geoid = $3)
        and (cast($4 as text) is null or state = $4)
        order by number
        limit $5",
        petition.0,
        after,
        geoid,
        state,
        limit
    )
    .fetch_all(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter().map(BatchColumns::read).collect()
}

pub(super) async fn list_rows(postgres: &Postgres, id: BatchId) -> StorageResult<Vec<BatchRow>> {
    let rows = sqlx::query_as!(
        LineColumns,
        r#"select
          number,
          signature_id,
          leaf,
          sealed_line,
          is_correction
        from batch_row
        where batch_id = $1
        order by position"#,
        id.0
    )
    .fetch_all(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter().map(LineColumns::read).collect()
}

pub(super) async fn list_memberships(
    postgres: &Postgres,
    signature: SignatureId,
) -> StorageResult<Vec<Membership>> {
    let rows = batch_rows!(
        "where state <> 'cancelled'
        and id in (
          select batch_id
          from batch_row
          where signature_id = $1
          and not is_correction
        )
        order by number",
        signature.0
    )
    .fetch_all(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    let numbers = sqlx::query!(
        "select batch_id, number
        from batch_row
        where signature_id = $1
        and not is_correction",
        signature.0
    )
    .fetch_all(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    let numbers: HashMap<Uuid, i64> = numbers
        .into_iter()
        .map(|row| (row.batch_id, row.number))
        .collect();
    rows.into_iter()
        .map(|row| {
            let batch = row.read()?;
            let number = numbers.get(&batch.id.0).copied().unwrap_or_default();
            let number = u32::try_from(number).unwrap_or_default();
            Ok(Membership { batch, number })
        })
        .collect()
}

pub(super) async fn find_parts(
    postgres: &Postgres,
    id: BatchId,
) -> StorageResult<Option<BatchParts>> {
    let row = sqlx::query!(
        "select sealed_view, sealed_csv from batch where id = $1",
        id.0
    )
    .fetch_optional(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    Ok(row.map(|row| BatchParts {
        sealed_view: row.sealed_view,
        sealed_csv: row.sealed_csv,
    }))
}
