//! What came back, and what follows from it.

mod asking;

use crate::audit;
use crate::encoding::word;
use crate::errors::from_sqlx;
use crate::open::{Connection, Postgres};
use async_trait::async_trait;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use redress_model::contact_state::ContactState;
use redress_model::delivery::event::{Effect, EventKind, StrayReason, TaskKind};
use redress_model::delivery::state::DeliveryState;
use redress_model::id::{DeliveryId, PetitionId, TaskId};
use redress_storage::audit::Deed;
use redress_storage::events::{Event, EventOutcome, Events, NewEvent, Task};
use redress_storage::rows::event::{EventColumns, TaskColumns};
use redress_storage::{StorageError, StorageResult};
use uuid::Uuid;

/// How long a letter that came back for now waits before it goes again: people empty mailboxes by the day.
const AGAIN: Duration = Duration::hours(6);

/// The longest text of a server that is kept, in characters.
const LONGEST: usize = 1_000;

/// Why a letter counts as accepted though its own answer was never heard.
const EVIDENCE: &str = "what came back says that it was taken";

/// What of a letter decides.
struct Standing {
    state: DeliveryState,
    petition: Uuid,
    geoid: String,
    post: String,
    address: Option<String>,
}

async fn standing(connection: &mut Connection, id: DeliveryId) -> StorageResult<Standing> {
    let row = sqlx::query!(
        r#"select
          state,
          petition_id as "petition_id: Uuid",
          geoid,
          post_id,
          lower(coalesce(recipient, email)) as "address: String"
        from delivery
        where id = $1
        for update"#,
        id.0
    )
    .fetch_optional(connection)
    .await
    .map_err(from_sqlx)?
    .ok_or(StorageError::Missing("delivery"))?;
    Ok(Standing {
        state: word("delivery state", &row.state)?,
        petition: row.petition_id,
        geoid: row.geoid,
        post: row.post_id,
        address: row.address,
    })
}

/// Takes the letter one step on.
async fn step(
    connection: &mut Connection,
    id: DeliveryId,
    (from, to): (DeliveryState, DeliveryState),
    at: DateTime<Utc>,
) -> StorageResult<()> {
    let accepted_at = (to == DeliveryState::Accepted).then_some(at);
    let due_at = (to == DeliveryState::BouncedSoft).then_some(at + AGAIN);
    let (before, after, at) = (from.as_str(), to.as_str(), at);
    sqlx::query!(
        "update delivery
        set
          state = $3,
          changed_at = $4,
          due_at = coalesce($6, due_at),
          accepted_at = coalesce(accepted_at, $5),
          note = case
            when $3::text = 'accepted' and coalesce(reply_code, 0) not between 200 and 299 then coalesce(note, $7)
            else note
          end
        where id = $1
        and state = $2",
        id.0,
        before,
        after,
        at,
        accepted_at,
        due_at,
        EVIDENCE
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// One event, as far as what follows depends on it.
struct Heard<'a> {
    id: Uuid,
    kind: EventKind,
    status: Option<&'a str>,
    diagnostic: Option<&'a str>,
    at: DateTime<Utc>,
}

/// What follows from an event that is on record: steps, a flag at the address, something to do. Where it waits, it is marked so.
async fn follow(
    connection: &mut Connection,
    id: DeliveryId,
    heard: &Heard<'_>,
) -> StorageResult<(DeliveryState, bool)> {
    let standing = standing(connection, id).await?;
    let effect = heard.kind.effect(standing.state);
    let mut state = standing.state;
    if let Effect::Moves(steps) = effect {
        for next in steps {
            step(connection, id, (state, *next), heard.at).await?;
            state = *next;
        }
    }
    let is_waiting = effect == Effect::Waits;
    sqlx::query!(
        "update delivery_event set is_waiting = $2 where id = $1",
        heard.id,
        is_waiting
    )
    .execute(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    let has_come_back = state == DeliveryState::BouncedHard && state != standing.state;
    if heard.kind == EventKind::BadAddress && has_come_back {
        asking::flag(connection, &standing, ContactState::Bounced, heard).await?;
    }
    if heard.kind.speaks_for_its_address() && state.has_arrived() {
        asking::assure(connection, &standing, heard.at).await?;
    }
    if let Some(kind) = heard
        .kind
        .task()
        .filter(|kind| !matches!(kind, TaskKind::Bounced | TaskKind::Rejected) || has_come_back)
    {
        asking::open_task(connection, id, &standing, kind, heard).await?;
    }
    Ok((state, state != standing.state))
}

/// Its server says at once that nobody is at the address: what follows is what would follow if the letter came back. Within the transaction that
/// records the answer.
pub(crate) async fn follow_refusal(
    connection: &mut Connection,
    id: DeliveryId,
    task: Uuid,
    (said, at): (Option<&str>, DateTime<Utc>),
) -> StorageResult<()> {
    let standing = standing(connection, id).await?;
    let heard = Heard {
        id: task,
        kind: EventKind::BadAddress,
        status: None,
        diagnostic: said,
        at,
    };
    asking::flag(connection, &standing, ContactState::Refused, &heard).await?;
    asking::open_task(connection, id, &standing, TaskKind::Bounced, &heard).await
}

/// The answer to the dot of a letter, or its absence, is on record now: what waited for it follows, the worst first. Within the
/// transaction that records it.
pub(crate) async fn follow_waiting(
    connection: &mut Connection,
    id: DeliveryId,
) -> StorageResult<()> {
    let rows = sqlx::query_as!(
        EventColumns::<DateTime<Utc>>,
        r#"select
          id as "id: Uuid",
          digest,
          delivery_id as "delivery_id: Uuid",
          kind,
          status,
          diagnostic,
          remote_mta,
          sealed_answer,
          received_at
        from delivery_event
        where delivery_id = $1
        and is_waiting"#,
        id.0
    )
    .fetch_all(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    let mut events: Vec<Event> = rows
        .into_iter()
        .map(EventColumns::read)
        .collect::<StorageResult<_>>()?;
    events.sort_by_key(|event| (event.kind, event.received_at));
    for event in &events {
        let heard = Heard {
            id: event.id,
            kind: event.kind,
            status: event.status.as_deref(),
            diagnostic: event.diagnostic.as_deref(),
            at: event.received_at,
        };
        follow(connection, id, &heard).await?;
    }
    Ok(())
}

/// The same for all letters that have become uncertain.
pub(crate) async fn follow_uncertain(connection: &mut Connection) -> StorageResult<()> {
    let ids = sqlx::query_scalar!(
        r#"select distinct e.delivery_id as "id: Uuid"
        from delivery_event e
        join delivery d on d.id = e.delivery_id
        where e.is_waiting
        and d.state = 'uncertain'"#
    )
    .fetch_all(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    for id in ids {
        follow_waiting(connection, DeliveryId(id)).await?;
    }
    Ok(())
}

fn limited(text: Option<&str>) -> Option<String> {
    text.map(|text| text.chars().take(LONGEST).collect())
}

#[async_trait]
impl Events for Postgres {
    async fn record_event(&self, event: &NewEvent) -> StorageResult<EventOutcome> {
        let (digest, kind) = (event.digest.as_slice(), event.kind.as_str());
        let (diagnostic, remote_mta) = (
            limited(event.diagnostic.as_deref()),
            limited(event.remote_mta.as_deref()),
        );
        let received_at = event.received_at;
        let mut tx = self.begin().await?;
        // The letter first: one that nobody made has no events, and two events of one follow each other.
        standing(&mut tx, event.delivery_id).await?;
        let recorded = sqlx::query!(
            "insert into delivery_event (
              id, digest, delivery_id, kind, status, diagnostic, remote_mta, sealed_answer, received_at
            )
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            on conflict (delivery_id, digest) do nothing",
            event.id,
            digest,
            event.delivery_id.0,
            kind,
            event.status,
            diagnostic,
            remote_mta,
            event.sealed_answer,
            received_at
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        if recorded.rows_affected() == 0 {
            return Ok(EventOutcome::Repeated);
        }
        if event.sealed_answer.is_some() {
            crate::forwards::queue(&mut tx, event).await?;
        }
        let heard = Heard {
            id: event.id,
            kind: event.kind,
            status: event.status.as_deref(),
            diagnostic: diagnostic.as_deref(),
            at: event.received_at,
        };
        let (state, has_moved) = follow(&mut tx, event.delivery_id, &heard).await?;
        tx.commit().await.map_err(from_sqlx)?;
        Ok(EventOutcome::Recorded { state, has_moved })
    }

    async fn record_stray(&self, reason: StrayReason, day: NaiveDate) -> StorageResult<()> {
        let (reason, day) = (reason.as_str(), day);
        sqlx::query!(
            "insert into stray_message (on_day, reason, messages)
            values ($1, $2, 1)
            on conflict (on_day, reason) do update
            set messages = stray_message.messages + 1",
            day,
            reason
        )
        .execute(&self.pool)
        .await
        .map_err(from_sqlx)?;
        Ok(())
    }

    async fn count_strays(&self, since: NaiveDate) -> StorageResult<Vec<(StrayReason, u64)>> {
        let rows = sqlx::query!(
            r#"select reason, sum(messages)::bigint as "messages!: i64"
            from stray_message
            where on_day >= $1
            group by reason
            order by reason"#,
            since
        )
        .fetch_all(&self.pool)
        .await
        .map_err(from_sqlx)?;
        rows.into_iter()
            .map(|row| {
                let reason = word("reason of a stray message", &row.reason)?;
                Ok((reason, u64::try_from(row.messages).unwrap_or_default()))
            })
            .collect()
    }

    async fn find_named_delivery(
        &self,
        envelopes: &[DeliveryId],
        messages: &[String],
    ) -> StorageResult<Option<DeliveryId>> {
        let envelopes: Vec<Uuid> = envelopes.iter().map(|id| id.0).collect();
        // Only what was settled has left: an id that was never on a wire names nothing.
        let found = sqlx::query_scalar!(
            r#"select id as "id: Uuid"
            from delivery
            where message_id is not null
            and id = any($1)
            order by id
            limit 1"#,
            &envelopes
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(from_sqlx)?;
        if found.is_some() {
            return Ok(found.map(DeliveryId));
        }
        // An answer names the letter that it answers last.
        let found = sqlx::query_scalar!(
            r#"select id as "id: Uuid"
            from delivery
            where message_id is not null
            and message_id = any($1)
            order by dated_at desc, id desc
            limit 1"#,
            messages
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(from_sqlx)?;
        Ok(found.map(DeliveryId))
    }

    async fn list_events(&self, delivery: DeliveryId) -> StorageResult<Vec<Event>> {
        let rows = sqlx::query_as!(
            EventColumns::<DateTime<Utc>>,
            r#"select
              id as "id: Uuid",
              digest,
              delivery_id as "delivery_id: Uuid",
              kind,
              status,
              diagnostic,
              remote_mta,
              sealed_answer,
              received_at
            from delivery_event
            where delivery_id = $1
            order by received_at, id"#,
            delivery.0
        )
        .fetch_all(&self.pool)
        .await
        .map_err(from_sqlx)?;
        rows.into_iter().map(EventColumns::read).collect()
    }

    async fn list_tasks(
        &self,
        petition: PetitionId,
        is_open: bool,
        after: Option<TaskId>,
        limit: u32,
    ) -> StorageResult<Vec<Task>> {
        let (after, limit) = (after.map_or(Uuid::nil(), |id| id.0), i64::from(limit));
        let rows = sqlx::query_as!(
            TaskColumns::<DateTime<Utc>>,
            r#"select
              id as "id: Uuid",
              kind,
              petition_id as "petition_id: Uuid",
              geoid,
              post_id,
              delivery_id as "delivery_id: Uuid",
              fallback_post_id,
              opened_at,
              done_at,
              done_by
            from task
            where petition_id = $1
            and (done_at is null) = $2
            and id > $3
            order by id
            limit $4"#,
            petition.0,
            is_open,
            after,
            limit
        )
        .fetch_all(&self.pool)
        .await
        .map_err(from_sqlx)?;
        rows.into_iter().map(TaskColumns::read).collect()
    }

    async fn finish_task(
        &self,
        petition: PetitionId,
        id: TaskId,
        deed: &Deed,
    ) -> StorageResult<()> {
        let (done_at, done_by) = (deed.at, deed.actor.to_string());
        let mut tx = self.begin().await?;
        let changed = sqlx::query!(
            "update task
            set done_at = $3, done_by = $4
            where id = $2
            and petition_id = $1
            and done_at is null",
            petition.0,
            id.0,
            done_at,
            done_by
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        if changed.rows_affected() == 0 {
            return Err(StorageError::Stale("task"));
        }
        audit::append(&mut tx, deed).await?;
        tx.commit().await.map_err(from_sqlx)
    }
}
