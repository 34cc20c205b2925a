//! Freezing: batch, lines, members and letters in one transaction, or nothing.

use crate::audit;
use crate::errors::from_sqlx;
use crate::open::{Connection, Postgres};
use redress_storage::audit::Deed;
use redress_storage::batches::FrozenBatch;
use redress_storage::rows::batch::districts;
use redress_storage::{Constraint, StorageError, StorageResult};
use uuid::Uuid;

pub(super) async fn freeze(
    postgres: &Postgres,
    frozen: &[FrozenBatch],
    deed: &Deed,
) -> StorageResult<()> {
    let mut tx = postgres.begin().await?;
    for one in frozen {
        insert_batch(&mut tx, one).await?;
        insert_rows(&mut tx, one).await?;
        take_members(&mut tx, one).await?;
        check_comments(&mut tx, one).await?;
        tell_corrections(&mut tx, one).await?;
        crate::deliveries::insert(&mut tx, one).await?;
        crate::deliveries::join(&mut tx, one).await?;
        // An office may have closed since the letter to the whole body was composed.
        crate::deliveries::part(&mut tx, one.batch.petition_id, one.batch.frozen_at).await?;
        crate::office_wishes::suppress_unwished(&mut tx, one.batch.id).await?;
    }
    audit::append(&mut tx, deed).await?;
    tx.commit().await.map_err(from_sqlx)
}

async fn insert_batch(connection: &mut Connection, frozen: &FrozenBatch) -> StorageResult<()> {
    let batch = &frozen.batch;
    let (geoid, state) = (batch.geoid.as_str(), batch.state.as_str());
    let status = batch.status.map(redress_model::batch::CityStatus::as_str);
    let numbers = [
        batch.number,
        batch.letter,
        batch.part,
        batch.parts,
        batch.first,
        batch.last,
        batch.count,
        batch.total,
        batch.self_asserted,
        batch.paper,
    ]
    .map(i64::from);
    let (districts, frozen_at) = (districts(batch), batch.frozen_at);
    let (rows, csv) = (batch.rows_sha256.as_slice(), batch.csv_sha256.as_slice());
    let root = batch.merkle_root.as_slice();
    sqlx::query!(
        "insert into batch (
          id, petition_id, number, geoid, letter, part, parts, state, first_number, last_number,
          signers, total, self_asserted, paper, districts, city_status, rows_sha256, csv_sha256,
          merkle_root, sealed_view, sealed_csv, frozen_at
        )
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
        batch.id.0,
        batch.petition_id.0,
        numbers[0],
        geoid,
        numbers[1],
        numbers[2],
        numbers[3],
        state,
        numbers[4],
        numbers[5],
        numbers[6],
        numbers[7],
        numbers[8],
        numbers[9],
        districts,
        status,
        rows,
        csv,
        root,
        frozen.sealed_view,
        frozen.sealed_csv,
        frozen_at
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

async fn insert_rows(connection: &mut Connection, frozen: &FrozenBatch) -> StorageResult<()> {
    let rows = || frozen.rows.iter();
    let positions: Vec<i64> = (0..).take(frozen.rows.len()).collect();
    let numbers: Vec<i64> = rows().map(|row| i64::from(row.number)).collect();
    let signatures: Vec<Uuid> = rows().map(|row| row.signature_id.0).collect();
    let leaves: Vec<Vec<u8>> = rows().map(|row| row.leaf.to_vec()).collect();
    let lines: Vec<Option<Vec<u8>>> = rows().map(|row| row.sealed_line.clone()).collect();
    let corrections: Vec<bool> = rows().map(|row| row.is_correction).collect();
    sqlx::query!(
        "insert into batch_row (
          batch_id, position, number, signature_id, leaf, sealed_line, is_correction
        )
        select $1, c.position, c.number, c.signature_id, c.leaf, c.sealed_line, c.is_correction
        from unnest($2::bigint[], $3::bigint[], $4::uuid[], $5::bytea[], $6::bytea[], $7::boolean[])
          as c (position, number, signature_id, leaf, sealed_line, is_correction)",
        frozen.batch.id.0,
        &positions,
        &numbers,
        &signatures,
        &leaves,
        &lines as &[Option<Vec<u8>>],
        &corrections
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// Marks the members, each of which must still be confirmed, at home here, and free.
async fn take_members(connection: &mut Connection, frozen: &FrozenBatch) -> StorageResult<()> {
    let batch = &frozen.batch;
    let members: Vec<_> = frozen
        .rows
        .iter()
        .filter(|row| !row.is_correction)
        .collect();
    let (geoid, at) = (batch.geoid.as_str(), batch.frozen_at);
    let ids: Vec<Uuid> = members.iter().map(|row| row.signature_id.0).collect();
    // One order everywhere: whoever changes several signatures at once locks them by id.
    sqlx::query!(
        "select id
        from signature
        where id = any($1)
        order by id
        for update",
        &ids
    )
    .fetch_all(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    let marked = sqlx::query!(
        "update signature
        set frozen_at = $2
        where id = any($1)
        and petition_id = $3
        and home = $4
        and state = 'confirmed'
        and frozen_at is null",
        &ids,
        at,
        batch.petition_id.0,
        geoid
    )
    .execute(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    if marked.rows_affected() != members.len() as u64 {
        return Err(StorageError::Stale("signature"));
    }
    let numbers: Vec<i64> = members.iter().map(|row| i64::from(row.number)).collect();
    // Who moved away and came back is a member again, once the letter that told so is out.
    let taken = sqlx::query!(
        "insert into batch_member (petition_id, geoid, signature_id, batch_id, number)
        select $1, $2, c.signature_id, $3, c.number
        from unnest($4::uuid[], $5::bigint[]) as c (signature_id, number)
        on conflict (petition_id, geoid, signature_id) do update
        set batch_id = excluded.batch_id, number = excluded.number, is_corrected = false
        where batch_member.is_corrected",
        batch.petition_id.0,
        geoid,
        batch.id.0,
        &ids,
        &numbers
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    if taken.rows_affected() != members.len() as u64 {
        return Err(StorageError::Refused(Constraint::BatchMember));
    }
    Ok(())
}

/// Each comment that is printed must still be one that may be shown. Its row is locked with the members'.
async fn check_comments(connection: &mut Connection, frozen: &FrozenBatch) -> StorageResult<()> {
    let shown = crate::comments::list_shown(connection, &frozen.printed_comments).await?;
    if shown.len() == frozen.printed_comments.len() {
        Ok(())
    } else {
        Err(StorageError::Stale("comment"))
    }
}

/// Marks those of earlier batches whom this one says to have withdrawn.
async fn tell_corrections(connection: &mut Connection, frozen: &FrozenBatch) -> StorageResult<()> {
    let batch = &frozen.batch;
    let geoid = batch.geoid.as_str();
    let told: Vec<_> = frozen.rows.iter().filter(|row| row.is_correction).collect();
    let ids: Vec<Uuid> = told.iter().map(|row| row.signature_id.0).collect();
    let marked = sqlx::query!(
        "update batch_member
        set is_corrected = true
        where signature_id = any($1)
        and petition_id = $2
        and geoid = $3
        and not is_corrected",
        &ids,
        batch.petition_id.0,
        geoid
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    if marked.rows_affected() == told.len() as u64 {
        Ok(())
    } else {
        Err(StorageError::Stale("batch"))
    }
}
