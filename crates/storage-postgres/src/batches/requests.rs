//! What an organizer asks to be frozen, and what cities have done.

use crate::audit;
use crate::errors::from_sqlx;
use crate::open::Postgres;
use redress_model::batch::PlaceStatus;
use redress_model::geoid::Geoid;
use redress_model::id::PetitionId;
use redress_storage::StorageResult;
use redress_storage::audit::Deed;
use redress_storage::rows::batch::{geoid, place_status};

pub(super) async fn request(
    postgres: &Postgres,
    petition: PetitionId,
    geoid: Option<&Geoid>,
    deed: &Deed,
) -> StorageResult<()> {
    let mut tx = postgres.begin().await?;
    let (geoid, at) = (geoid.map(Geoid::as_str), deed.at);
    sqlx::query!(
        "insert into freeze_request (petition_id, geoid, requested_at)
        values ($1, $2, $3)",
        petition.0,
        geoid,
        at
    )
    .execute(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    audit::append(&mut tx, deed).await?;
    tx.commit().await.map_err(from_sqlx)
}

pub(super) async fn list(
    postgres: &Postgres,
) -> StorageResult<Vec<(i64, PetitionId, Option<Geoid>)>> {
    let rows = sqlx::query!(
        r#"select number, petition_id, geoid
        from freeze_request
        order by number
        limit 1000"#
    )
    .fetch_all(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter()
        .map(|row| {
            let place = row.geoid.as_deref().map(geoid).transpose()?;
            Ok((row.number, PetitionId(row.petition_id), place))
        })
        .collect()
}

pub(super) async fn finish(postgres: &Postgres, number: i64) -> StorageResult<()> {
    sqlx::query!("delete from freeze_request where number = $1", number)
        .execute(&postgres.pool)
        .await
        .map_err(from_sqlx)?;
    Ok(())
}

pub(super) async fn record_statuses(
    postgres: &Postgres,
    petition: PetitionId,
    statuses: &[(Geoid, PlaceStatus)],
    deed: &Deed,
) -> StorageResult<()> {
    let mut tx = postgres.begin().await?;
    for (geoid, place) in statuses {
        let (geoid, status) = (geoid.as_str(), place.status.as_str());
        let (since_on, source) = (place.since_on, place.source.as_deref());
        sqlx::query!(
            "insert into place_status (petition_id, geoid, status, since_on, source)
            values ($1, $2, $3, $4, $5)
            on conflict (petition_id, geoid) do update
            set status = excluded.status, since_on = excluded.since_on, source = excluded.source",
            petition.0,
            geoid,
            status,
            since_on,
            source
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
    }
    audit::append(&mut tx, deed).await?;
    tx.commit().await.map_err(from_sqlx)
}

pub(super) async fn list_statuses(
    postgres: &Postgres,
    petition: PetitionId,
) -> StorageResult<Vec<(Geoid, PlaceStatus)>> {
    let rows = sqlx::query!(
        r#"select geoid, status, since_on::text as "since_on", source
        from place_status
        where petition_id = $1
        order by geoid"#,
        petition.0
    )
    .fetch_all(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter()
        .map(|row| place_status(&row.geoid, &row.status, row.since_on.as_deref(), row.source))
        .collect()
}
