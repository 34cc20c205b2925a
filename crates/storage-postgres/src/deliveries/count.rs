//! How many letters stand where, without reading any.

use crate::errors::from_sqlx;
use crate::open::Postgres;
use redress_model::delivery::state::DeliveryState;
use redress_model::geoid::Geoid;
use redress_model::id::{BatchId, PetitionId};
use redress_storage::rows::batch::geoid;
use redress_storage::{StorageError, StorageResult};
use uuid::Uuid;

pub(super) async fn reached(
    postgres: &Postgres,
    petition: PetitionId,
) -> StorageResult<Vec<(Geoid, u64)>> {
    let rows = sqlx::query!(
        r#"select geoid, count(distinct post_id) as "count!"
        from delivery
        where petition_id = $1
        and state in ('accepted', 'presumed_delivered', 'delivered_by_hand')
        group by geoid
        order by geoid"#,
        petition.0
    )
    .fetch_all(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter()
        .map(|row| {
            Ok((
                geoid(&row.geoid)?,
                u64::try_from(row.count).unwrap_or_default(),
            ))
        })
        .collect()
}

pub(super) async fn letters(
    postgres: &Postgres,
    batches: &[BatchId],
) -> StorageResult<Vec<(BatchId, DeliveryState, u64)>> {
    let ids: Vec<Uuid> = batches.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select batch_id, state, count(*) as "count!"
        from delivery
        where batch_id = any($1)
        group by batch_id, state
        order by batch_id, state"#,
        &ids
    )
    .fetch_all(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter()
        .map(|row| {
            let state = row.state.parse::<DeliveryState>();
            let state = state.map_err(|error| StorageError::unreadable("delivery state", error))?;
            Ok((
                BatchId(row.batch_id),
                state,
                u64::try_from(row.count).unwrap_or_default(),
            ))
        })
        .collect()
}
