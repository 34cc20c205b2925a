//! Letters' sealed texts, apart from what changes of a delivery: SQLite writes a row anew whenever anything in it does, and a text with its page to
//! print would go to the disk four times for one letter.

use crate::errors::from_sqlx;
use crate::open::Connection;
use redress_model::id::DeliveryId;
use redress_storage::StorageResult;
use std::collections::HashMap;
use uuid::Uuid;

/// Keeps a letter's text, in the place of the one before.
pub(super) async fn write(
    connection: &mut Connection,
    id: DeliveryId,
    sealed: &[u8],
) -> StorageResult<()> {
    sqlx::query!(
        "insert into delivery_letter (delivery_id, sealed)
        values (?1, ?2)
        on conflict (delivery_id) do update
        set sealed = excluded.sealed",
        id.0,
        sealed
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// The texts of some letters.
pub(super) async fn find_all(
    connection: &mut Connection,
    ids: &str,
) -> StorageResult<HashMap<Uuid, Vec<u8>>> {
    let rows = sqlx::query!(
        r#"select delivery_id as "id: Uuid", sealed
        from delivery_letter
        where delivery_id in (select unhex(value) from json_each(?1))"#,
        ids
    )
    .fetch_all(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(rows.into_iter().map(|row| (row.id, row.sealed)).collect())
}
