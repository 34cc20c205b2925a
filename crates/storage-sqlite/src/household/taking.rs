//! Taking slots: the rule of "one person, one signature" as the database holds it.

use super::find;
use crate::encoding::{fingerprint, hex, hex_id, micros};
use crate::errors::from_sqlx;
use crate::open::Connection;
use redress_model::id::{PetitionId, SignatureId};
use redress_storage::plan::{Recording, TakenSlot};
use redress_storage::{StorageError, StorageResult};
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

struct TakenRow {
    petition_id: Uuid,
    email_key: Vec<u8>,
    a_id: Uuid,
    b_id: Option<Uuid>,
    displaced_a: Option<Uuid>,
    displaced_b: Option<Uuid>,
    takings: i64,
}

/// One round of a batch: takes slots where the rule gives them.
pub(crate) async fn take_slots(
    connection: &mut Connection,
    recording: &mut Recording<'_>,
    round: &[usize],
) -> StorageResult<()> {
    let claims = round.iter().map(|&index| {
        let new = recording.submission(index);
        json!([
            hex_id(new.petition_id.0),
            hex(new.email_key.as_bytes()),
            hex(new.zip_key.as_bytes()),
            hex_id(new.id.0),
            hex(new.name_key.as_bytes()),
            hex(new.content_key.as_bytes()),
            i64::from(recording.is_firm(index)),
            i64::from(recording.is_rejected(index)),
            recording.wants_mail(index).then(|| micros(new.signed_at)),
        ])
    });
    let claims = claims.collect::<Value>().to_string();
    let rows = upsert(connection, &claims).await?;
    let mut taken = HashMap::with_capacity(rows.len());
    for row in rows {
        taken.insert(
            (PetitionId(row.petition_id), fingerprint(&row.email_key)?),
            row,
        );
    }
    let mut refused = Vec::new();
    for &index in round {
        let new = recording.submission(index);
        match taken.remove(&(new.petition_id, new.email_key)) {
            Some(row) => {
                debug_assert!(row.a_id == new.id.0 || row.b_id == Some(new.id.0));
                let displaced = row
                    .displaced_a
                    .into_iter()
                    .chain(row.displaced_b)
                    .map(SignatureId)
                    .collect();
                recording.take(
                    index,
                    TakenSlot {
                        displaced,
                        is_first: row.takings == 1,
                    },
                );
            }
            None => refused.push(index),
        }
    }
    for index in refused {
        let new = recording.submission(index);
        let household = find(connection, (new.petition_id, new.email_key)).await?;
        recording.refuse(index, &household.ok_or(StorageError::Missing("household"))?);
    }
    Ok(())
}

/// The rule is the `where`; the model's `Household::submit` says the same, and the conformance suite
/// compares them.
async fn upsert(connection: &mut Connection, claims: &str) -> StorageResult<Vec<TakenRow>> {
    sqlx::query_as!(
        TakenRow,
        r#"insert into household as h (
          petition_id, email_key, zip_key, a_id, a_name, a_content, a_firm, by_rejected, mail_1_at
        )
        select
          unhex(value ->> 0), unhex(value ->> 1), unhex(value ->> 2), unhex(value ->> 3),
          unhex(value ->> 4), unhex(value ->> 5), value ->> 6, value ->> 7, value ->> 8
        from json_each(?1)
        where true
        on conflict (petition_id, email_key) do update
        set (
          zip_key, a_id, a_name, a_content, a_firm, b_id, b_name, b_content, b_firm,
          displaced_a, displaced_b, takings, by_rejected
        ) = (
          select
            excluded.zip_key,
            iif(t.takes_a, excluded.a_id, h.a_id),
            iif(t.takes_a, excluded.a_name, h.a_name),
            iif(t.takes_a, excluded.a_content, h.a_content),
            iif(t.takes_a, excluded.a_firm, h.a_firm),
            iif(t.moves, null, iif(t.takes_a, h.b_id, excluded.a_id)),
            iif(t.moves, null, iif(t.takes_a, h.b_name, excluded.a_name)),
            iif(t.moves, null, iif(t.takes_a, h.b_content, excluded.a_content)),
            iif(t.moves, 0, iif(t.takes_a, h.b_firm, excluded.a_firm)),
            iif(t.takes_a, h.a_id, null),
            iif(t.moves or not t.takes_a, h.b_id, null),
            h.takings + 1,
            excluded.by_rejected
          from (
            select
              excluded.zip_key <> h.zip_key as moves,
              excluded.zip_key <> h.zip_key
              or excluded.a_name = h.a_name
              or (
                h.b_id is not null
                and excluded.a_name <> h.b_name
                and not h.a_firm
                and (h.b_firm or h.a_id < h.b_id)
              ) as takes_a
          ) as t
        )
        where excluded.a_id <> h.a_id
        and (h.b_id is null or excluded.a_id <> h.b_id)
        and case
          when excluded.by_rejected then
            h.b_id is null
            and excluded.a_name <> h.a_name
            and excluded.zip_key = h.zip_key
          when excluded.a_name = h.a_name then
            not h.a_firm
            and excluded.a_content <> h.a_content
            and (excluded.zip_key = h.zip_key or not h.b_firm)
          when h.b_id is not null and excluded.a_name = h.b_name then
            not h.b_firm
            and excluded.a_content <> h.b_content
            and (excluded.zip_key = h.zip_key or not h.a_firm)
          when excluded.zip_key = h.zip_key then
            h.b_id is null
            or not h.a_firm
            or not h.b_firm
          else
            not h.a_firm
            and not h.b_firm
        end
        returning
          petition_id as "petition_id: Uuid",
          email_key,
          a_id as "a_id: Uuid",
          b_id as "b_id: Uuid",
          displaced_a as "displaced_a: Uuid",
          displaced_b as "displaced_b: Uuid",
          takings"#,
        claims
    )
    .fetch_all(connection)
    .await
    .map_err(from_sqlx)
}
