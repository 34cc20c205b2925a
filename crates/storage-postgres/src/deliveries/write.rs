//! What the holders of leases write about their letters: many in one commit, each kind of step in one statement.

use super::claim::PATIENCE;
use crate::errors::from_sqlx;
use crate::events::{follow_refusal, follow_waiting};
use crate::open::{Connection, Postgres};
use chrono::{DateTime, Utc};
use redress_model::delivery::state::DeliveryState;
use redress_model::id::DeliveryId;
use redress_storage::StorageResult;
use redress_storage::deliveries::{AttemptOutcome, Envelope, LetterWrite, Written};
use redress_storage::events::refusal_id;
use std::collections::HashSet;
use uuid::Uuid;

/// The longest text of a reply that is kept, in characters.
const LONGEST: usize = 1_000;

type Ids = HashSet<Uuid>;

/// Whoever writes: the letter and the token of its lease.
type By = (DeliveryId, Uuid);

pub(super) async fn write(postgres: &Postgres, writes: &[LetterWrite]) -> StorageResult<Vec<bool>> {
    let (mut envelopes, mut intents, mut outcomes) = (Vec::new(), Vec::new(), Vec::new());
    for write in writes {
        let by = (write.id, write.token);
        match &write.what {
            Written::Envelope(envelope, at) => envelopes.push((by, envelope, *at)),
            Written::Intent(at) => intents.push((by, *at)),
            Written::Outcome(outcome) => outcomes.push((by, outcome)),
        }
    }
    let mut tx = postgres.begin().await?;
    let settled = settle(&mut tx, &envelopes).await?;
    let intended = record_intents(&mut tx, &intents).await?;
    let ended = record_outcomes(&mut tx, &outcomes).await?;
    tx.commit().await.map_err(from_sqlx)?;
    let held = |write: &LetterWrite| {
        let of_its_kind = match &write.what {
            Written::Envelope(..) => &settled,
            Written::Intent(_) => &intended,
            Written::Outcome(_) => &ended,
        };
        of_its_kind.contains(&write.id.0)
    };
    Ok(writes.iter().map(held).collect())
}

fn each<T, U>(rows: &[T], value: impl Fn(&T) -> U) -> Vec<U> {
    rows.iter().map(value).collect()
}

async fn settle(
    connection: &mut Connection,
    rows: &[(By, &Envelope, DateTime<Utc>)],
) -> StorageResult<Ids> {
    if rows.is_empty() {
        return Ok(Ids::new());
    }
    let ids = sqlx::query_scalar!(
        "update delivery
        set
          recipient = w.recipient,
          message_id = w.message_id,
          dated_at = w.dated_at,
          wire_sha256 = w.sha256,
          signatures = w.signatures
        from unnest(
          $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::bytea[],
          $7::text[], $8::timestamptz[]
        ) as w (id, token, recipient, message_id, dated_at, sha256, signatures, at)
        where delivery.id = w.id
        and delivery.lease_token = w.token
        and delivery.state = 'leased'
        and delivery.leased_until_at > w.at
        and delivery.message_id is null
        returning delivery.id",
        &each(rows, |((id, _), ..)| id.0),
        &each(rows, |((_, token), ..)| *token),
        &each(rows, |(_, it, _)| it.recipient.clone()),
        &each(rows, |(_, it, _)| it.message_id.clone()),
        &each(rows, |(_, it, _)| it.dated_at),
        &each(rows, |(_, it, _)| it.sha256.to_vec()),
        &each(rows, |(_, it, _)| it.signatures.clone()),
        &each(rows, |(.., at)| *at)
    )
    .fetch_all(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(ids.into_iter().collect())
}

async fn record_intents(
    connection: &mut Connection,
    rows: &[(By, DateTime<Utc>)],
) -> StorageResult<Ids> {
    if rows.is_empty() {
        return Ok(Ids::new());
    }
    let ids = sqlx::query_scalar!(
        "update delivery
        set state = 'data_sent', leased_until_at = w.until_at, changed_at = w.at
        from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[])
          as w (id, token, at, until_at)
        where delivery.id = w.id
        and delivery.lease_token = w.token
        and delivery.state = 'leased'
        and delivery.leased_until_at > w.at
        and delivery.message_id is not null
        returning delivery.id",
        &each(rows, |((id, _), _)| id.0),
        &each(rows, |((_, token), _)| *token),
        &each(rows, |(_, at)| *at),
        &each(rows, |(_, at)| *at + PATIENCE)
    )
    .fetch_all(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(ids.into_iter().collect())
}

fn text(outcome: &AttemptOutcome) -> Option<String> {
    let text = outcome.reply.as_ref().map(|(_, text)| text.as_str())?;
    Some(text.chars().take(LONGEST).collect())
}

async fn record_outcomes(
    connection: &mut Connection,
    rows: &[(By, &AttemptOutcome)],
) -> StorageResult<Ids> {
    if rows.is_empty() {
        return Ok(Ids::new());
    }
    let ids = each(rows, |((id, _), _)| id.0);
    let states = each(rows, |(_, it)| it.state.as_str().to_owned());
    let codes = each(rows, |(_, it)| {
        it.reply.as_ref().map(|(code, _)| i64::from(*code))
    });
    let texts = each(rows, |(_, it)| text(it));
    let queue_ids = each(rows, |(_, it)| it.queue_id.clone());
    let due = each(rows, |(_, it)| it.due_at);
    let at = each(rows, |(_, it)| it.at);
    let changed = sqlx::query_scalar!(
        "update delivery
        set
          state = w.state,
          lease_token = null,
          leased_until_at = null,
          reply_code = coalesce(w.code, delivery.reply_code),
          reply_text = case when w.code is null then delivery.reply_text else w.text end,
          queue_id = coalesce(w.queue_id, delivery.queue_id),
          due_at = coalesce(w.due_at, delivery.due_at),
          changed_at = w.at,
          tried_at = coalesce(delivery.tried_at, w.at),
          accepted_at = case when w.state = 'accepted' then w.at else delivery.accepted_at end
        from unnest(
          $1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::text[],
          $7::timestamptz[], $8::timestamptz[]
        ) as w (id, token, state, code, text, queue_id, due_at, at)
        where delivery.id = w.id
        and delivery.lease_token = w.token
        and delivery.state in ('leased', 'data_sent')
        returning delivery.id",
        &ids,
        &each(rows, |((_, token), _)| *token),
        &states,
        &codes as &[Option<i64>],
        &texts as &[Option<String>],
        &queue_ids as &[Option<String>],
        &due as &[Option<DateTime<Utc>>],
        &at
    )
    .fetch_all(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    if changed.is_empty() {
        return Ok(Ids::new());
    }
    sqlx::query!(
        "insert into attempt (
          delivery_id, number, state, stage, reply_code, reply_text, queue_id, due_at, at
        )
        select
          w.id,
          (
            select count(*) + 1
            from attempt
            where delivery_id = w.id
          ),
          w.state, w.stage, w.code, w.text, w.queue_id, w.due_at, w.at
        from unnest(
          $1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[],
          $7::timestamptz[], $8::timestamptz[]
        ) as w (id, state, stage, code, text, queue_id, due_at, at)
        where w.id = any($9)",
        &ids,
        &states,
        &each(rows, |(_, it)| it.stage.as_str().to_owned()),
        &codes as &[Option<i64>],
        &texts as &[Option<String>],
        &queue_ids as &[Option<String>],
        &due as &[Option<DateTime<Utc>>],
        &at,
        &changed
    )
    .execute(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    follow(connection, rows, &changed).await?;
    Ok(changed.into_iter().collect())
}

/// What an outcome brings with it.
async fn follow(
    connection: &mut Connection,
    rows: &[(By, &AttemptOutcome)],
    changed: &[Uuid],
) -> StorageResult<()> {
    for ((id, token), outcome) in rows {
        if outcome.state == DeliveryState::Refused && changed.contains(&id.0) {
            let text = text(outcome);
            let said = (text.as_deref(), outcome.at);
            follow_refusal(connection, *id, refusal_id(*token, *id), said).await?;
        }
    }
    let waited_for = sqlx::query_scalar!(
        "select distinct delivery_id
        from delivery_event
        where delivery_id = any($1)
        and is_waiting",
        changed
    )
    .fetch_all(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    for id in waited_for {
        follow_waiting(connection, DeliveryId(id)).await?;
    }
    Ok(())
}
