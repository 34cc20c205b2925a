//! What follows from an event for people: a flag at an address, something to do.

use super::{Heard, Standing};
use crate::errors::from_sqlx;
use crate::open::Connection;
use chrono::{DateTime, Utc};
use redress_model::contact_state::ContactState;
use redress_model::delivery::event::TaskKind;
use redress_model::id::DeliveryId;
use redress_storage::StorageResult;

/// The address reaches nobody. What the office itself wishes stays.
pub(super) async fn flag(
    connection: &mut Connection,
    standing: &Standing,
    state: ContactState,
    heard: &Heard<'_>,
) -> StorageResult<()> {
    let Some(address) = &standing.address else {
        return Ok(());
    };
    let note: Option<String> = heard
        .diagnostic
        .or(heard.status)
        .map(|text| text.chars().take(200).collect());
    let (since_at, state) = (heard.at, state.as_str());
    sqlx::query!(
        "insert into contact (address, state, note, since_at)
        values ($1, $4, $2, $3)
        on conflict (address) do update
        set
          state = excluded.state,
          note = excluded.note,
          since_at = excluded.since_at
        where excluded.since_at >= contact.since_at
        and contact.state <> 'stopped'",
        address,
        note,
        since_at,
        state
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// The address reaches somebody, unless a later letter to it came back. What the office itself wishes stays.
pub(super) async fn assure(
    connection: &mut Connection,
    standing: &Standing,
    at: DateTime<Utc>,
) -> StorageResult<()> {
    let Some(address) = &standing.address else {
        return Ok(());
    };
    sqlx::query!(
        "insert into contact (address, state, since_at)
        values ($1, 'good', $2)
        on conflict (address) do update
        set
          state = excluded.state,
          note = null,
          since_at = excluded.since_at
        where excluded.since_at > contact.since_at
        and contact.state <> 'stopped'",
        address,
        at
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// Asks an organizer, once until it is done; of a letter that came back, with the clerk of the same government as the other way
/// to reach it.
pub(super) async fn open_task(
    connection: &mut Connection,
    id: DeliveryId,
    standing: &Standing,
    kind: TaskKind,
    heard: &Heard<'_>,
) -> StorageResult<()> {
    let (kind, opened_at) = (kind.as_str(), heard.at);
    let (petition, geoid, post) = (standing.petition, &standing.geoid, &standing.post);
    // A task has the id of the event that opened it: both are made from the same clock and the same chance.
    sqlx::query!(
        "insert into task (
          id, kind, petition_id, geoid, post_id, delivery_id, fallback_post_id, opened_at
        )
        values (
          $1, $2, $3, $4, $5, $6,
          (
            select id
            from post
            where geoid = $4
            and role = 'clerk'
            and id <> $5
            order by place
            limit 1
          ),
          $7
        )
        on conflict (delivery_id, kind) where done_at is null do nothing",
        heard.id,
        kind,
        petition,
        geoid,
        post,
        id.0,
        opened_at
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}
