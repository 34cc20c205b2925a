//! Reading batches, and what the next one is made from.

use crate::errors::from_sqlx;
use crate::open::Sqlite;
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
            BatchColumns::<i64>,
            r#"select
              id as "id: Uuid",
              petition_id as "petition_id: Uuid",
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
    sqlite: &Sqlite,
    petition: PetitionId,
) -> StorageResult<Vec<(Geoid, u64)>> {
    let rows = sqlx::query!(
        r#"select home, count(*) as "count!: i64"
        from signature
        where petition_id = ?1
        and state = 'confirmed'
        and frozen_at is null
        and home not in ('outside', 'unlocated')
        group by home
        order by home"#,
        petition.0
    )
    .fetch_all(&sqlite.reader)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter()
        .map(|row| Ok((geoid(&row.home)?, u64::try_from(row.count).unwrap_or(0))))
        .collect()
}

pub(super) async fn list_lapsed(
    sqlite: &Sqlite,
    petition: PetitionId,
    geoid: &Geoid,
) -> StorageResult<Vec<Lapsed>> {
    let geoid = geoid.as_str();
    let rows = sqlx::query_as!(
        LapsedColumns,
        r#"select
          m.signature_id as "signature_id: Uuid",
          m.number,
          m.batch_id as "batch_id: Uuid",
          r.sealed_line
        from batch_member m
        join signature s on s.id = m.signature_id
        join batch_row r on r.batch_id = m.batch_id and r.signature_id = m.signature_id and not r.is_correction
        where m.petition_id = ?1
        and m.geoid = ?2
        and not m.is_corrected
        and (not s.is_counted or s.home <> ?2)
        order by m.number"#,
        petition.0,
        geoid
    )
    .fetch_all(&sqlite.reader)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter().map(LapsedColumns::read).collect()
}

pub(super) async fn find_progress(
    sqlite: &Sqlite,
    petition: PetitionId,
    geoid: &Geoid,
) -> StorageResult<Progress> {
    let geoid = geoid.as_str();
    let row = sqlx::query!(
        r#"select
          coalesce(max(number), 0) as "batch!: i64",
          coalesce(max(case when geoid = ?2 and state <> 'cancelled' then letter end), 0) as "letter!: i64",
          coalesce(max(case when geoid = ?2 and state <> 'cancelled' then last_number end), 0) as "last!: i64"
        from batch
        where petition_id = ?1"#,
        petition.0,
        geoid
    )
    .fetch_one(&sqlite.reader)
    .await
    .map_err(from_sqlx)?;
    let total = sqlx::query_scalar!(
        r#"select count(*) as "total!: i64"
        from batch_member
        where petition_id = ?1
        and geoid = ?2
        and not is_corrected"#,
        petition.0,
        geoid
    )
    .fetch_one(&sqlite.reader)
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
    sqlite: &Sqlite,
    petition: PetitionId,
    number: u32,
) -> StorageResult<Option<Batch>> {
    let number = i64::from(number);
    let row = batch_rows!(
        "where petition_id = ?1
        and number = ?2",
        petition.0,
        number
    )
    .fetch_optional(&sqlite.reader)
    .await
    .map_err(from_sqlx)?;
    row.map(BatchColumns::read).transpose()
}

pub(super) async fn list(
    sqlite: &Sqlite,
    petition: PetitionId,
    geoid: Option<&Geoid>,
    state: Option<BatchState>,
    after: u32,
    limit: u32,
) -> StorageResult<Vec<Batch>> {
    let (geoid, state) = (geoid.map(Geoid::as_str), state.map(BatchState::as_str));
    let (after, limit) = (i64::from(after), i64::from(limit));
    let rows = batch_rows!(
        "where petition_id = ?1
        and number > ?2
        and (cast(?3 as text) is null or geoid = ?3)
        and (cast(?4 as text) is null or state = ?4)
        order by number
        limit ?5",
        petition.0,
        after,
        geoid,
        state,
        limit
    )
    .fetch_all(&sqlite.reader)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter().map(BatchColumns::read).collect()
}

pub(super) async fn list_rows(sqlite: &Sqlite, id: BatchId) -> StorageResult<Vec<BatchRow>> {
    let rows = sqlx::query_as!(
        LineColumns,
        r#"select
          number,
          signature_id as "signature_id: Uuid",
          leaf,
          sealed_line,
          is_correction as "is_correction: bool"
        from batch_row
        where batch_id = ?1
        order by position"#,
        id.0
    )
    .fetch_all(&sqlite.reader)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter().map(LineColumns::read).collect()
}

pub(super) async fn list_memberships(
    sqlite: &Sqlite,
    signature: SignatureId,
) -> StorageResult<Vec<Membership>> {
    let rows = batch_rows!(
        "where state <> 'cancelled'
        and id in (
          select batch_id
          from batch_row
          where signature_id = ?1
          and not is_correction
        )
        order by number",
        signature.0
    )
    .fetch_all(&sqlite.reader)
    .await
    .map_err(from_sqlx)?;
    let numbers = sqlx::query!(
        r#"select batch_id as "batch_id: Uuid", number
        from batch_row
        where signature_id = ?1
        and not is_correction"#,
        signature.0
    )
    .fetch_all(&sqlite.reader)
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

pub(super) async fn find_parts(sqlite: &Sqlite, id: BatchId) -> StorageResult<Option<BatchParts>> {
    let row = sqlx::query!(
        "select sealed_view, sealed_csv from batch where id = ?1",
        id.0
    )
    .fetch_optional(&sqlite.reader)
    .await
    .map_err(from_sqlx)?;
    Ok(row.map(|row| BatchParts {
        sealed_view: row.sealed_view,
        sealed_csv: row.sealed_csv,
    }))
}
