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
        r#"select reached.geoid as "geoid!", count(distinct reached.post_id) as "count!"
        from (
          select d.geoid, d.post_id
          from delivery d
          where d.petition_id = $1
          and d.state in ('accepted', 'presumed_delivered', 'delivered_by_hand')
          union all
          select j.geoid, j.post_id
          from delivery j
          join delivery d on d.id = j.joined_id
          where j.petition_id = $1
          and j.joined_id is not null
          and d.state in ('accepted', 'presumed_delivered', 'delivered_by_hand')
        ) as reached
        group by reached.geoid
        order by reached.geoid"#,
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
        r#"select
          d.batch_id as "batch_id!",
          coalesce(c.state, d.state) as "state!",
          count(*) as "count!"
        from delivery d
        left join delivery c on c.id = d.joined_id
        where d.batch_id = any($1)
        group by d.batch_id, coalesce(c.state, d.state)
        order by d.batch_id, coalesce(c.state, d.state)"#,
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
