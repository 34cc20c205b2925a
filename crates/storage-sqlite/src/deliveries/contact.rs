//! What people decide: a contact that was found, a delivery that goes another way.

use super::letters;
use crate::audit;
use crate::encoding::micros;
use crate::errors::from_sqlx;
use crate::open::Sqlite;
use redress_model::delivery::NoContactReason;
use redress_model::delivery::state::DeliveryState;
use redress_model::id::DeliveryId;
use redress_storage::audit::Deed;
use redress_storage::deliveries::Addressee;
use redress_storage::{StorageError, StorageResult};

pub(super) async fn record(
    sqlite: &Sqlite,
    id: DeliveryId,
    addressee: &Addressee,
    sealed_letter: &[u8],
    deed: &Deed,
) -> StorageResult<bool> {
    let (role, at) = (addressee.role.as_str(), micros(deed.at));
    let reason = addressee.no_contact.map(NoContactReason::as_str);
    let mut tx = sqlite.begin().await?;
    let changed = sqlx::query!(
        "update delivery
        set
          state = case
            when ?7 is null then 'no_contact'
            when (select state from batch where id = delivery.batch_id) = 'approved' then 'queued'
            else 'waiting'
          end,
          queued_at = case
            when ?7 is null then null
            when (select state from batch where id = delivery.batch_id) = 'approved' then ?9
          end,
          due_at = ?9,
          post_id = ?2,
          role = ?3,
          title = ?4,
          district = ?5,
          person = ?6,
          email = ?7,
          no_contact = ?8,
          changed_at = ?9
        where id = ?1
        and state = 'no_contact'",
        id.0,
        addressee.post_id,
        role,
        addressee.title,
        addressee.district,
        addressee.person,
        addressee.email,
        reason,
        at
    )
    .execute(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    if changed.rows_affected() == 0 {
        return Ok(false);
    }
    letters::write(&mut tx, id, sealed_letter).await?;
    audit::append(&mut tx, deed).await?;
    tx.commit().await.map_err(from_sqlx)?;
    Ok(true)
}

pub(super) async fn decide(
    sqlite: &Sqlite,
    id: DeliveryId,
    (from, to): (DeliveryState, DeliveryState),
    note: Option<&str>,
    deed: &Deed,
) -> StorageResult<()> {
    let (before, after, at) = (from.as_str(), to.as_str(), micros(deed.at));
    let queued_at = (to == DeliveryState::Queued).then_some(at);
    let accepted_at = to.has_arrived().then_some(at);
    let mut tx = sqlite.begin().await?;
    let changed = sqlx::query!(
        "update delivery
        set
          state = ?3,
          note = coalesce(?4, note),
          changed_at = ?5,
          due_at = coalesce(?6, due_at),
          queued_at = coalesce(?6, queued_at),
          tried_at = case when ?6 is null then tried_at end,
          accepted_at = coalesce(?7, accepted_at)
        where id = ?1
        and state = ?2",
        id.0,
        before,
        after,
        note,
        at,
        queued_at,
        accepted_at
    )
    .execute(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    if changed.rows_affected() == 0 {
        let exists = sqlx::query!("select state from delivery where id = ?1", id.0)
            .fetch_optional(&mut *tx)
            .await
            .map_err(from_sqlx)?;
        return Err(exists.map_or(StorageError::Missing("delivery"), |_| {
            StorageError::Stale("delivery")
        }));
    }
    audit::append(&mut tx, deed).await?;
    tx.commit().await.map_err(from_sqlx)
}
