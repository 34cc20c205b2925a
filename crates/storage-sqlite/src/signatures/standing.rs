//! Where signatures stand, read within the transaction that changes them.

use crate::encoding::{fingerprint, instant, instant_option, json_ids, location, word};
use crate::errors::from_sqlx;
use crate::open::Connection;
use redress_model::id::{PetitionId, SignatureId};
use redress_storage::StorageResult;
use redress_storage::plan::Standing;
use std::collections::HashMap;
use uuid::Uuid;

/// Where each of some signatures stands.
pub(crate) async fn standings(
    connection: &mut Connection,
    ids: impl IntoIterator<Item = SignatureId>,
) -> StorageResult<HashMap<SignatureId, Standing>> {
    let ids = json_ids(ids.into_iter().map(|id| id.0));
    let rows = sqlx::query!(
        r#"select
          s.id as "id: Uuid",
          s.petition_id as "petition_id: Uuid",
          s.email_key,
          s.state,
          s.is_counted as "is_counted: bool",
          s.rejection,
          s.home,
          s.district,
          s.is_self_asserted as "is_self_asserted: bool",
          s.governments_over,
          s.origin,
          s.epoch,
          s.number,
          s.confirm_by_at,
          s.confirmed_at,
          s.frozen_at,
          p.state as petition_state,
          p.closed_at
        from signature s
        join petition p on p.id = s.petition_id
        where s.id in (select unhex(value) from json_each(?1))"#,
        ids
    )
    .fetch_all(connection)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter()
        .map(|row| {
            let standing = Standing {
                id: SignatureId(row.id),
                petition_id: PetitionId(row.petition_id),
                email_key: fingerprint(&row.email_key)?,
                state: word("signature state", &row.state)?,
                is_counted: row.is_counted,
                rejection: row
                    .rejection
                    .as_deref()
                    .map(|reason| word("rejection", reason))
                    .transpose()?,
                location: location(
                    &row.home,
                    &row.district,
                    row.is_self_asserted,
                    &row.governments_over,
                )?,
                origin: word("origin", &row.origin)?,
                epoch: i32::try_from(row.epoch).unwrap_or(i32::MAX),
                number: row.number,
                confirm_by_at: instant(row.confirm_by_at)?,
                confirmed_at: instant_option(row.confirmed_at)?,
                frozen_at: instant_option(row.frozen_at)?,
                petition_state: word("petition state", &row.petition_state)?,
                petition_closed_at: instant_option(row.closed_at)?,
            };
            Ok((standing.id, standing))
        })
        .collect()
}

/// Where one signature stands.
pub(super) async fn standing(
    connection: &mut Connection,
    id: SignatureId,
) -> StorageResult<Option<Standing>> {
    Ok(standings(connection, [id]).await?.remove(&id))
}
