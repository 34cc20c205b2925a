//! What the holders of leases write about their letters: many in one commit, each kind of step in one statement.

use super::claim::PATIENCE;
use crate::encoding::{hex, hex_id, micros};
use crate::errors::from_sqlx;
use crate::events::{follow_refusal, follow_waiting};
use crate::open::{Connection, Sqlite};
use chrono::{DateTime, Utc};
use redress_model::delivery::state::DeliveryState;
use redress_model::id::DeliveryId;
use redress_storage::StorageResult;
use redress_storage::deliveries::{AttemptOutcome, Envelope, LetterWrite, Written};
use redress_storage::events::refusal_id;
use serde_json::{Value, json};
use std::collections::HashSet;
use uuid::Uuid;

/// The longest text of a reply that is kept, in characters.
const LONGEST: usize = 1_000;

type Ids = HashSet<Uuid>;

pub(super) async fn write(sqlite: &Sqlite, writes: &[LetterWrite]) -> StorageResult<Vec<bool>> {
    let (mut envelopes, mut intents, mut outcomes) = (Vec::new(), Vec::new(), Vec::new());
    for write in writes {
        let by = (write.id, write.token);
        match &write.what {
            Written::Envelope(envelope, at) => envelopes.push(envelope_row(by, envelope, *at)),
            Written::Intent(at) => intents.push(intent_row(by, *at)),
            Written::Outcome(outcome) => outcomes.push((by, outcome)),
        }
    }
    let mut tx = sqlite.begin().await?;
    let settled = settle(&mut tx, envelopes).await?;
    let intended = record_intents(&mut tx, intents).await?;
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

fn envelope_row((id, token): (DeliveryId, Uuid), envelope: &Envelope, at: DateTime<Utc>) -> Value {
    json!({
        "id": hex_id(id.0),
        "token": hex_id(token),
        "recipient": envelope.recipient,
        "message_id": envelope.message_id,
        "dated_at": micros(envelope.dated_at),
        "sha256": hex(&envelope.sha256),
        "signatures": envelope.signatures,
        "at": micros(at),
    })
}

async fn settle(connection: &mut Connection, rows: Vec<Value>) -> StorageResult<Ids> {
    if rows.is_empty() {
        return Ok(Ids::new());
    }
    let rows = Value::from(rows).to_string();
    let ids = sqlx::query_scalar!(
        r#"update delivery
        set
          recipient = w.recipient,
          message_id = w.message_id,
          dated_at = w.dated_at,
          wire_sha256 = w.sha256,
          signatures = w.signatures
        from (
          select
            unhex(value ->> 'id') as id,
            unhex(value ->> 'token') as token,
            value ->> 'recipient' as recipient,
            value ->> 'message_id' as message_id,
            value ->> 'dated_at' as dated_at,
            unhex(value ->> 'sha256') as sha256,
            value ->> 'signatures' as signatures,
            value ->> 'at' as at
          from json_each(?1)
        ) as w
        where delivery.id = w.id
        and delivery.lease_token = w.token
        and delivery.state = 'leased'
        and delivery.leased_until_at > w.at
        and delivery.message_id is null
        returning id as "id: Uuid""#,
        rows
    )
    .fetch_all(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(ids.into_iter().collect())
}

fn intent_row((id, token): (DeliveryId, Uuid), at: DateTime<Utc>) -> Value {
    json!({
        "id": hex_id(id.0),
        "token": hex_id(token),
        "at": micros(at),
        "until_at": micros(at + PATIENCE),
    })
}

async fn record_intents(connection: &mut Connection, rows: Vec<Value>) -> StorageResult<Ids> {
    if rows.is_empty() {
        return Ok(Ids::new());
    }
    let rows = Value::from(rows).to_string();
    let ids = sqlx::query_scalar!(
        r#"update delivery
        set state = 'data_sent', leased_until_at = w.until_at, changed_at = w.at
        from (
          select
            unhex(value ->> 'id') as id,
            unhex(value ->> 'token') as token,
            value ->> 'at' as at,
            value ->> 'until_at' as until_at
          from json_each(?1)
        ) as w
        where delivery.id = w.id
        and delivery.lease_token = w.token
        and delivery.state = 'leased'
        and delivery.leased_until_at > w.at
        and delivery.message_id is not null
        returning id as "id: Uuid""#,
        rows
    )
    .fetch_all(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(ids.into_iter().collect())
}

fn outcome_row((id, token): (DeliveryId, Uuid), outcome: &AttemptOutcome) -> Value {
    let at = micros(outcome.at);
    json!({
        "id": hex_id(id.0),
        "token": hex_id(token),
        "state": outcome.state.as_str(),
        "stage": outcome.stage.as_str(),
        "code": outcome.reply.as_ref().map(|(code, _)| *code),
        "text": text(outcome),
        "queue_id": outcome.queue_id,
        "due_at": outcome.due_at.map(micros),
        "at": at,
        "accepted_at": (outcome.state == DeliveryState::Accepted).then_some(at),
    })
}

fn text(outcome: &AttemptOutcome) -> Option<String> {
    let text = outcome.reply.as_ref().map(|(_, text)| text.as_str())?;
    Some(text.chars().take(LONGEST).collect())
}

async fn record_outcomes(
    connection: &mut Connection,
    outcomes: &[((DeliveryId, Uuid), &AttemptOutcome)],
) -> StorageResult<Ids> {
    if outcomes.is_empty() {
        return Ok(Ids::new());
    }
    let rows = |by: &dyn Fn(Uuid) -> bool| {
        let of = outcomes.iter().filter(|((id, _), _)| by(id.0));
        of.map(|(by, outcome)| outcome_row(*by, outcome))
            .collect::<Value>()
            .to_string()
    };
    let all = rows(&|_| true);
    let found = sqlx::query!(
        r#"update delivery
        set
          state = w.state,
          lease_token = null,
          leased_until_at = null,
          reply_code = coalesce(w.code, reply_code),
          reply_text = case when w.code is null then reply_text else w.text end,
          queue_id = coalesce(w.queue_id, delivery.queue_id),
          due_at = coalesce(w.due_at, delivery.due_at),
          changed_at = w.at,
          tried_at = coalesce(tried_at, w.at),
          accepted_at = coalesce(w.accepted_at, delivery.accepted_at)
        from (
          select
            unhex(value ->> 'id') as id,
            unhex(value ->> 'token') as token,
            value ->> 'state' as state,
            value ->> 'code' as code,
            value ->> 'text' as text,
            value ->> 'queue_id' as queue_id,
            value ->> 'due_at' as due_at,
            value ->> 'at' as at,
            value ->> 'accepted_at' as accepted_at
          from json_each(?1)
        ) as w
        where delivery.id = w.id
        and delivery.lease_token = w.token
        and delivery.state in ('leased', 'data_sent')
        returning
          id as "id: Uuid",
          exists (
            select 1
            from delivery_event
            where delivery_id = delivery.id
            and is_waiting = 1
          ) as "waits!: bool""#,
        all
    )
    .fetch_all(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    let changed: Ids = found.iter().map(|row| row.id).collect();
    if changed.is_empty() {
        return Ok(changed);
    }
    let tries = if changed.len() == outcomes.len() {
        all
    } else {
        rows(&|id| changed.contains(&id))
    };
    sqlx::query!(
        "insert into attempt (
          delivery_id, number, state, stage, reply_code, reply_text, queue_id, due_at, at
        )
        select
          unhex(value ->> 'id'),
          (
            select count(*) + 1
            from attempt
            where delivery_id = unhex(value ->> 'id')
          ),
          value ->> 'state',
          value ->> 'stage',
          value ->> 'code',
          value ->> 'text',
          value ->> 'queue_id',
          value ->> 'due_at',
          value ->> 'at'
        from json_each(?1)",
        tries
    )
    .execute(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    for ((id, token), outcome) in outcomes {
        if outcome.state == DeliveryState::Refused && changed.contains(&id.0) {
            let text = text(outcome);
            let said = (text.as_deref(), outcome.at);
            follow_refusal(connection, *id, refusal_id(*token, *id), said).await?;
        }
    }
    for row in found.iter().filter(|row| row.waits) {
        follow_waiting(connection, DeliveryId(row.id)).await?;
    }
    Ok(changed)
}
