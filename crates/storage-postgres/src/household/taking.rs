//! Taking slots: the rule of "one person, one signature" as the database holds it.

use super::find;
use crate::encoding::fingerprint;
use crate::errors::from_sqlx;
use crate::open::Connection;
use chrono::{DateTime, Utc};
use redress_model::id::{PetitionId, SignatureId};
use redress_storage::plan::{Recording, TakenSlot};
use redress_storage::{StorageError, StorageResult};
use std::collections::HashMap;
use uuid::Uuid;

struct TakenRow {
    petition_id: Uuid,
    email_key: Vec<u8>,
    displaced_a: Option<Uuid>,
    displaced_b: Option<Uuid>,
    takings: i32,
}

/// The columns of a round's claims, sorted as the round is.
#[derive(Default)]
struct Claims {
    petitions: Vec<Uuid>,
    emails: Vec<Vec<u8>>,
    zips: Vec<Vec<u8>>,
    ids: Vec<Uuid>,
    names: Vec<Vec<u8>>,
    contents: Vec<Vec<u8>>,
    firms: Vec<bool>,
    rejections: Vec<bool>,
    mails_at: Vec<Option<DateTime<Utc>>>,
}

impl Claims {
    fn of(recording: &Recording<'_>, round: &[usize]) -> Self {
        let mut claims = Self::default();
        for &index in round {
            let new = recording.submission(index);
            claims.petitions.push(new.petition_id.0);
            claims.emails.push(new.email_key.as_bytes().to_vec());
            claims.zips.push(new.zip_key.as_bytes().to_vec());
            claims.ids.push(new.id.0);
            claims.names.push(new.name_key.as_bytes().to_vec());
            claims.contents.push(new.content_key.as_bytes().to_vec());
            claims.firms.push(recording.is_firm(index));
            claims.rejections.push(recording.is_rejected(index));
            claims
                .mails_at
                .push(recording.wants_mail(index).then_some(new.signed_at));
        }
        claims
    }
}

/// One round of a batch: takes slots where the rule gives them.
pub(crate) async fn take_slots(
    connection: &mut Connection,
    recording: &mut Recording<'_>,
    round: &[usize],
) -> StorageResult<()> {
    let claims = Claims::of(recording, round);
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
        // The upsert locked the row although its `where` was false.
        let household = find(connection, (new.petition_id, new.email_key)).await?;
        recording.refuse(index, &household.ok_or(StorageError::Missing("household"))?);
    }
    Ok(())
}

/// The rule is the `where`; the model's `Household::submit` says the same, and the conformance suite
/// compares them.
async fn upsert(connection: &mut Connection, claims: &Claims) -> StorageResult<Vec<TakenRow>> {
    sqlx::query_as!(
        TakenRow,
        r#"insert into household as h (
          petition_id, email_key, zip_key, a_id, a_name, a_content, a_firm, by_rejected, mail_1_at
        )
        select *
        from unnest(
          $1::uuid[], $2::bytea[], $3::bytea[], $4::uuid[], $5::bytea[], $6::bytea[], $7::boolean[],
          $8::boolean[], $9::timestamptz[]
        )
        on conflict (petition_id, email_key) do update
        set (
          zip_key, a_id, a_name, a_content, a_firm, b_id, b_name, b_content, b_firm,
          displaced_a, displaced_b, takings, by_rejected
        ) = (
          select
            excluded.zip_key,
            case when t.takes_a then excluded.a_id else h.a_id end,
            case when t.takes_a then excluded.a_name else h.a_name end,
            case when t.takes_a then excluded.a_content else h.a_content end,
            case when t.takes_a then excluded.a_firm else h.a_firm end,
            case when t.moves then null when t.takes_a then h.b_id else excluded.a_id end,
            case when t.moves then null when t.takes_a then h.b_name else excluded.a_name end,
            case when t.moves then null when t.takes_a then h.b_content else excluded.a_content end,
            case when t.moves then false when t.takes_a then h.b_firm else excluded.a_firm end,
            case when t.takes_a then h.a_id end,
            case when t.moves or not t.takes_a then h.b_id end,
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
        returning h.petition_id, h.email_key, h.displaced_a, h.displaced_b, h.takings"#,
        &claims.petitions,
        &claims.emails,
        &claims.zips,
        &claims.ids,
        &claims.names,
        &claims.contents,
        &claims.firms,
        &claims.rejections,
        &claims.mails_at as &[Option<DateTime<Utc>>]
    )
    .fetch_all(connection)
    .await
    .map_err(from_sqlx)
}
