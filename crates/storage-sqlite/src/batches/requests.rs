//! What an organizer asks to be frozen, and what cities have done.

use crate::audit;
use crate::encoding::micros;
use crate::errors::from_sqlx;
use crate::open::Sqlite;
use redress_model::batch::PlaceStatus;
use redress_model::geoid::Geoid;
use redress_model::id::PetitionId;
use redress_storage::StorageResult;
use redress_storage::audit::Deed;
use redress_storage::rows::batch::{geoid, place_status};
use uuid::Uuid;

pub(super) async fn request(
    sqlite: &Sqlite,
    petition: PetitionId,
    geoid: Option<&Geoid>,
    deed: &Deed,
) -> StorageResult<()> {
    let mut tx = sqlite.begin().await?;
    let (geoid, at) = (geoid.map(Geoid::as_str), micros(deed.at));
    sqlx::query!(
        "insert into freeze_request (petition_id, geoid, requested_at)
        values (?1, ?2, ?3)",
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

pub(super) async fn list(sqlite: &Sqlite) -> StorageResult<Vec<(i64, PetitionId, Option<Geoid>)>> {
    let rows = sqlx::query!(
        r#"select number, petition_id as "petition_id: Uuid", geoid
        from freeze_request
        order by number
        limit 1000"#
    )
    .fetch_all(&sqlite.reader)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter()
        .map(|row| {
            let place = row.geoid.as_deref().map(geoid).transpose()?;
            Ok((row.number, PetitionId(row.petition_id), place))
        })
        .collect()
}

pub(super) async fn finish(sqlite: &Sqlite, number: i64) -> StorageResult<()> {
    sqlx::query!("delete from freeze_request where number = ?1", number)
        .execute(&sqlite.writer)
        .await
        .map_err(from_sqlx)?;
    Ok(())
}

pub(super) async fn record_statuses(
    sqlite: &Sqlite,
    petition: PetitionId,
    statuses: &[(Geoid, PlaceStatus)],
    deed: &Deed,
) -> StorageResult<()> {
    let mut tx = sqlite.begin().await?;
    for (geoid, place) in statuses {
        let (geoid, status) = (geoid.as_str(), place.status.as_str());
        let (since_on, source) = (place.since_on, place.source.as_deref());
        sqlx::query!(
            "insert into place_status (petition_id, geoid, status, since_on, source)
            values (?1, ?2, ?3, ?4, ?5)
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
    sqlite: &Sqlite,
    petition: PetitionId,
) -> StorageResult<Vec<(Geoid, PlaceStatus)>> {
    let rows = sqlx::query!(
        r#"select geoid, status, cast(since_on as text) as "since_on: String", source
        from place_status
        where petition_id = ?1
        order by geoid"#,
        petition.0
    )
    .fetch_all(&sqlite.reader)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter()
        .map(|row| place_status(&row.geoid, &row.status, row.since_on.as_deref(), row.source))
        .collect()
}
