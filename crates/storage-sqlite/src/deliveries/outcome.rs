//! What became of a try.

use crate::encoding::micros;
use crate::errors::from_sqlx;
use crate::events::{follow_refusal, follow_waiting};
use crate::open::Connection;
use redress_model::delivery::state::DeliveryState;
use redress_model::id::DeliveryId;
use redress_storage::StorageResult;
use redress_storage::deliveries::AttemptOutcome;
use redress_storage::events::refusal_id;
use uuid::Uuid;

/// The longest text of a reply that is kept, in characters.
const LONGEST: usize = 1_000;

/// Within a transaction that is given up when this fails.
pub(super) async fn record(
    connection: &mut Connection,
    id: DeliveryId,
    token: Uuid,
    outcome: &AttemptOutcome,
) -> StorageResult<bool> {
    let (state, reached) = (outcome.state.as_str(), outcome.stage.as_str());
    let code = outcome.reply.as_ref().map(|(code, _)| i64::from(*code));
    let text = outcome
        .reply
        .as_ref()
        .map(|(_, text)| text.chars().take(LONGEST).collect::<String>());
    let (due_at, at) = (outcome.due_at.map(micros), micros(outcome.at));
    let accepted_at = (outcome.state == DeliveryState::Accepted).then_some(at);
    let waits = sqlx::query_scalar!(
        r#"update delivery
        set
          state = ?3,
          lease_token = null,
          leased_until_at = null,
          reply_code = coalesce(?4, reply_code),
          reply_text = case when ?4 is null then reply_text else ?5 end,
          queue_id = coalesce(?6, queue_id),
          due_at = coalesce(?7, due_at),
          changed_at = ?8,
          tried_at = coalesce(tried_at, ?8),
          accepted_at = coalesce(?9, accepted_at)
        where id = ?1
        and lease_token = ?2
        and state in ('leased', 'data_sent')
        returning exists (
          select 1
          from delivery_event
          where delivery_id = delivery.id
          and is_waiting = 1
        ) as "waits!: bool""#,
        id.0,
        token,
        state,
        code,
        text,
        outcome.queue_id,
        due_at,
        at,
        accepted_at
    )
    .fetch_optional(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    let Some(waits) = waits else {
        return Ok(false);
    };
    sqlx::query!(
        "insert into attempt (
          delivery_id, number, state, stage, reply_code, reply_text, queue_id, due_at, at
        )
        select ?1, count(*) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
        from attempt
        where delivery_id = ?1",
        id.0,
        state,
        reached,
        code,
        text,
        outcome.queue_id,
        due_at,
        at
    )
    .execute(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    if outcome.state == DeliveryState::Refused {
        let said = (text.as_deref(), outcome.at);
        follow_refusal(connection, id, refusal_id(token, id), said).await?;
    }
    if waits {
        follow_waiting(connection, id).await?;
    }
    Ok(true)
}
