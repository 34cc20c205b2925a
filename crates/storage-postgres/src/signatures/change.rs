//! Changes to one signature: erasing it, moving it, what its signer wishes.

use super::standing::{standing, standings};
use crate::encoding::join_geoids;
use crate::errors::from_sqlx;
use crate::open::{Connection, Postgres};
use crate::{household, moves};
use chrono::{DateTime, Utc};
use redress_model::home::Location;
use redress_model::id::SignatureId;
use redress_model::signature::state::SignatureState;
use redress_storage::StorageResult;
use redress_storage::moves::TallyMoves;
use redress_storage::plan::Standing;
use redress_storage::signatures::{CorrectOutcome, Correction, EraseOutcome, Wishes};
use std::collections::BTreeSet;

/// Whether a signature that no batch holds counts on without its person.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    /// Erasing it takes it back.
    Ends,
    /// Its time is over.
    Stays,
}

pub(super) async fn erase(
    postgres: &Postgres,
    id: SignatureId,
    at: DateTime<Utc>,
) -> StorageResult<EraseOutcome> {
    empty(postgres, id, at, Count::Ends).await
}

pub(super) async fn forget(
    postgres: &Postgres,
    id: SignatureId,
    at: DateTime<Utc>,
) -> StorageResult<EraseOutcome> {
    empty(postgres, id, at, Count::Stays).await
}

async fn empty(
    postgres: &Postgres,
    id: SignatureId,
    at: DateTime<Utc>,
    count: Count,
) -> StorageResult<EraseOutcome> {
    let node = postgres.node().await?;
    let mut tx = postgres.begin().await?;
    household::lock(&mut tx, &[id]).await?;
    let Some(standing) = standing(&mut tx, id).await? else {
        return Ok(EraseOutcome::Unknown);
    };
    if standing.state == SignatureState::Erased {
        return Ok(EraseOutcome::Already);
    }
    let mut moves = TallyMoves::default();
    let is_counted = erase_standing(&mut tx, &standing, at, count, &mut moves).await?;
    moves::write(&mut tx, &moves, node).await?;
    tx.commit().await.map_err(from_sqlx)?;
    Ok(EraseOutcome::Erased { is_counted })
}

/// Empties a row and frees its slot. Gives back whether it stays counted.
pub(super) async fn erase_standing(
    connection: &mut Connection,
    standing: &Standing,
    at: DateTime<Utc>,
    count: Count,
    moves: &mut TallyMoves,
) -> StorageResult<bool> {
    let key = (standing.petition_id, standing.email_key);
    if let Some(household) = household::find(connection, key).await?
        && household.names(standing.id)
    {
        household::save(connection, key, household.without(standing.id).as_ref()).await?;
    }
    let is_counted = standing.is_counted && (standing.frozen_at.is_some() || count == Count::Stays);
    if standing.state == SignatureState::Pending {
        moves.wait(standing.petition_id, -1);
    } else if standing.is_counted && !is_counted {
        moves.subtract(
            standing.petition_id,
            &standing.location,
            standing.is_paper(),
            at,
        );
    }
    sqlx::query!(
        "update signature
        set
          state = 'erased',
          is_counted = $2,
          ended_at = $3,
          email_key = decode(repeat('00', 16), 'hex'),
          name_key = decode(repeat('00', 16), 'hex'),
          zip_key = decode(repeat('00', 16), 'hex'),
          content_key = decode(repeat('00', 16), 'hex'),
          address_key = null,
          client_key = null,
          sealed_signer = null,
          sealed_address = null,
          sealed_comment = null,
          comment_review = null,
          comment_reviewed_by = null,
          comment_reviewed_at = null
        where id = $1
        and state <> 'erased'",
        standing.id.0,
        is_counted,
        at
    )
    .execute(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    // What stands in a frozen list is emptied; its leaf stays.
    sqlx::query!(
        "update batch_row
        set sealed_line = null
        where signature_id = $1
        and sealed_line is not null",
        standing.id.0
    )
    .execute(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    sqlx::query!("delete from mail where signature_id = $1", standing.id.0)
        .execute(connection)
        .await
        .map_err(from_sqlx)?;
    Ok(is_counted)
}

pub(super) async fn relocate(
    postgres: &Postgres,
    id: SignatureId,
    location: &Location,
    at: DateTime<Utc>,
) -> StorageResult<bool> {
    let node = postgres.node().await?;
    let mut tx = postgres.begin().await?;
    household::lock(&mut tx, &[id]).await?;
    let Some(standing) = standing(&mut tx, id).await? else {
        return Ok(false);
    };
    if standing.state == SignatureState::Erased {
        return Ok(false);
    }
    place(&mut tx, id, location).await?;
    if standing.is_counted {
        let mut moves = TallyMoves::default();
        moves.subtract(
            standing.petition_id,
            &standing.location,
            standing.is_paper(),
            at,
        );
        moves.add(standing.petition_id, location, standing.is_paper(), at);
        moves::write(&mut tx, &moves, node).await?;
    }
    tx.commit().await.map_err(from_sqlx)?;
    Ok(true)
}

/// Counts signatures where their signers say.
pub(super) async fn correct(
    postgres: &Postgres,
    corrections: &[Correction],
) -> StorageResult<Vec<CorrectOutcome>> {
    let node = postgres.node().await?;
    let mut tx = postgres.begin().await?;
    let ids: BTreeSet<SignatureId> = corrections.iter().map(|one| one.id).collect();
    let ids: Vec<SignatureId> = ids.into_iter().collect();
    household::lock(&mut tx, &ids).await?;
    let mut standings = standings(&mut tx, ids).await?;
    let mut moves = TallyMoves::default();
    let mut outcomes = Vec::with_capacity(corrections.len());
    for correction in corrections {
        let Correction { id, location, at } = correction;
        let standing = standings.get_mut(id);
        if let Some(outcome) = CorrectOutcome::before(correction, standing.as_deref()) {
            outcomes.push(outcome);
            continue;
        }
        place(&mut tx, *id, location).await?;
        if let Some(standing) = standing {
            if standing.is_counted {
                let is_paper = standing.is_paper();
                moves.subtract(standing.petition_id, &standing.location, is_paper, *at);
                moves.add(standing.petition_id, location, is_paper, *at);
            }
            standing.location = location.clone();
        }
        outcomes.push(CorrectOutcome::Corrected);
    }
    moves::write(&mut tx, &moves, node).await?;
    tx.commit().await.map_err(from_sqlx)?;
    Ok(outcomes)
}

/// Writes where a signature is counted.
async fn place(
    connection: &mut Connection,
    id: SignatureId,
    location: &Location,
) -> StorageResult<()> {
    let (home, district) = (location.home.as_key(), location.district_key());
    let governments_over = join_geoids(&location.governments_over);
    sqlx::query!(
        "update signature
        set
          home = $2,
          district = $3,
          is_self_asserted = $4,
          governments_over = $5,
          -- Elsewhere it is in no batch yet; who comes back is still in the one that nobody has
          -- corrected.
          frozen_at = case
            when home = $2 then frozen_at
            else (
              select b.frozen_at
              from batch_member m
              join batch b on b.id = m.batch_id
              where m.petition_id = signature.petition_id
              and m.geoid = $2
              and m.signature_id = signature.id
              and not m.is_corrected
            )
          end
        where id = $1
        and state <> 'erased'",
        id.0,
        home,
        district,
        location.is_self_asserted,
        governments_over
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

pub(super) async fn record_wishes(
    postgres: &Postgres,
    id: SignatureId,
    wishes: Wishes,
) -> StorageResult<bool> {
    let changed = sqlx::query!(
        "update signature
        set shares_comment = $2, lists_name = $3, wants_updates = $4
        where id = $1
        and state <> 'erased'",
        id.0,
        wishes.shares_comment,
        wishes.lists_name,
        wishes.wants_updates
    )
    .execute(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    Ok(changed.rows_affected() > 0)
}

pub(super) async fn drop_address(postgres: &Postgres, id: SignatureId) -> StorageResult<bool> {
    let changed = sqlx::query!(
        "update signature
        set sealed_address = null
        where id = $1
        and sealed_address is not null",
        id.0
    )
    .execute(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    Ok(changed.rows_affected() > 0)
}

pub(super) async fn record_wrong_code(postgres: &Postgres, id: SignatureId) -> StorageResult<u32> {
    let mut tx = postgres.begin().await?;
    let count = sqlx::query_scalar!(
        "update signature
        set wrong_codes = wrong_codes + 1
        where id = $1
        returning wrong_codes",
        id.0
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    tx.commit().await.map_err(from_sqlx)?;
    Ok(count
        .and_then(|count| u32::try_from(count).ok())
        .unwrap_or_default())
}

pub(super) async fn raise_epoch(postgres: &Postgres, id: SignatureId) -> StorageResult<bool> {
    let changed = sqlx::query!("update signature set epoch = epoch + 1 where id = $1", id.0)
        .execute(&postgres.pool)
        .await
        .map_err(from_sqlx)?;
    Ok(changed.rows_affected() > 0)
}

pub(super) async fn retire(
    postgres: &Postgres,
    id: SignatureId,
    until_at: DateTime<Utc>,
) -> StorageResult<bool> {
    let mut tx = postgres.begin().await?;
    household::lock(&mut tx, &[id]).await?;
    let retired = sqlx::query!(
        "update signature
        set
          epoch = epoch + 1,
          confirm_by_at = least(confirm_by_at, $2),
          reminded_at = coalesce(reminded_at, signed_at)
        where id = $1
        and state = 'pending'",
        id.0,
        until_at
    )
    .execute(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    let is_retired = retired.rows_affected() > 0;
    if is_retired {
        sqlx::query!("delete from mail where signature_id = $1", id.0)
            .execute(&mut *tx)
            .await
            .map_err(from_sqlx)?;
    }
    tx.commit().await.map_err(from_sqlx)?;
    Ok(is_retired)
}
