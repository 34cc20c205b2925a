//! Where signatures stand, read within the transaction that changes them.

use crate::encoding::{fingerprint, location, word};
use crate::errors::from_sqlx;
use crate::open::Connection;
use redress_model::id::{PetitionId, SignatureId};
use redress_storage::StorageResult;
use redress_storage::plan::Standing;
use std::collections::HashMap;
use uuid::Uuid;

/// Where each of some signatures stands; their rows are locked.
pub(crate) async fn standings(
    connection: &mut Connection,
    ids: impl IntoIterator<Item = SignatureId>,
) -> StorageResult<HashMap<SignatureId, Standing>> {
    let ids: Vec<Uuid> = ids.into_iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select
          s.id,
          s.petition_id,
          s.email_key,
          s.state,
          s.is_counted,
          s.rejection,
          s.home,
          s.district,
          s.is_self_asserted,
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
        where s.id = any($1)
        order by s.id
        for update of s"#,
        &ids
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
                epoch: row.epoch,
                number: row.number,
                confirm_by_at: row.confirm_by_at,
                confirmed_at: row.confirmed_at,
                frozen_at: row.frozen_at,
                petition_state: word("petition state", &row.petition_state)?,
                petition_closed_at: row.closed_at,
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
