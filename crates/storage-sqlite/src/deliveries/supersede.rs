//! A letter to the fallback contact takes the place of one that came back.

use super::letters;
use crate::audit;
use crate::encoding::micros;
use crate::errors::from_sqlx;
use crate::open::Sqlite;
use redress_model::delivery::state::DeliveryState;
use redress_model::id::DeliveryId;
use redress_storage::audit::Deed;
use redress_storage::deliveries::NewDelivery;
use redress_storage::{StorageError, StorageResult};

pub(super) async fn supersede(
    sqlite: &Sqlite,
    id: DeliveryId,
    from: DeliveryState,
    new: &NewDelivery,
    note: &str,
    deed: &Deed,
) -> StorageResult<()> {
    let (before, at) = (from.as_str(), micros(deed.at));
    let addressee = &new.addressee;
    let (variant, role) = (new.variant.as_str(), addressee.role.as_str());
    let done_by = deed.actor.to_string();
    let mut tx = sqlite.begin().await?;
    let changed = sqlx::query!(
        "update delivery
        set state = 'superseded', note = ?3, changed_at = ?4
        where id = ?1
        and state = ?2",
        id.0,
        before,
        note,
        at
    )
    .execute(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    if changed.rows_affected() == 0 {
        return Err(StorageError::Stale("delivery"));
    }
    sqlx::query!(
        "insert into delivery (
          id, batch_id, petition_id, geoid, variant, post_id, role, title, district, person,
          email, state, due_at, queued_at, created_at, changed_at
        )
        select
          ?2, batch_id, petition_id, geoid, ?3, ?4, ?5, ?6, ?7, ?8,
          ?9, 'queued', ?10, ?10, ?10, ?10
        from delivery
        where id = ?1",
        id.0,
        new.id.0,
        variant,
        addressee.post_id,
        role,
        addressee.title,
        addressee.district,
        addressee.person,
        addressee.email,
        at
    )
    .execute(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    letters::write(&mut tx, new.id, &new.sealed_letter).await?;
    sqlx::query!(
        "update delivery
        set joined_id = ?2
        where joined_id = ?1",
        id.0,
        new.id.0
    )
    .execute(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    sqlx::query!(
        "update task
        set done_at = ?2, done_by = ?3
        where delivery_id = ?1
        and kind in ('bounced', 'rejected')
        and done_at is null",
        id.0,
        at,
        done_by
    )
    .execute(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    audit::append(&mut tx, deed).await?;
    tx.commit().await.map_err(from_sqlx)
}
