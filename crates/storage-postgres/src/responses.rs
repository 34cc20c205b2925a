//! What offices say, and that signers are told.

mod telling;

use crate::audit;
use crate::encoding::word;
use crate::errors::from_sqlx;
use crate::open::{Connection, Postgres};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use redress_model::id::{DeliveryId, PetitionId, ResponseId};
use redress_model::response::{Position, ResponseState};
use redress_storage::audit::Deed;
use redress_storage::responses::{
    MOST_A_DAY, NewResponse, Response, ResponseFilter, ResponseOutcome, Responses,
};
use redress_storage::rows::response::ResponseColumns;
use redress_storage::{StorageError, StorageResult};
use uuid::Uuid;

/// The seat of a letter, as far as it decides.
struct Seat {
    petition: Uuid,
    post: String,
}

/// The seat that a letter is for, with all its letters about the petition locked: what its office says goes one after the other.
async fn seat(connection: &mut Connection, id: DeliveryId) -> StorageResult<Seat> {
    let row = sqlx::query!(
        r#"select petition_id, post_id
        from delivery
        where id = $1"#,
        id.0
    )
    .fetch_optional(&mut *connection)
    .await
    .map_err(from_sqlx)?
    .ok_or(StorageError::Missing("delivery"))?;
    lock(connection, row.petition_id, &row.post_id).await?;
    Ok(Seat {
        petition: row.petition_id,
        post: row.post_id,
    })
}

/// Locks the seat's letters.
async fn lock(connection: &mut Connection, petition: Uuid, post: &str) -> StorageResult<()> {
    sqlx::query!(
        "select id
        from delivery
        where petition_id = $1
        and post_id = $2
        order by id
        for update",
        petition,
        post
    )
    .fetch_all(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// Puts a response on record, with what its letter says of the seat.
async fn insert(
    connection: &mut Connection,
    new: &NewResponse,
    (state, deed): (ResponseState, Option<&Deed>),
) -> StorageResult<()> {
    let (position, text, state) = (new.position.as_str(), new.text.as_str(), state.as_str());
    let responded_at = new.responded_at;
    let decided_at = deed.map(|deed| deed.at);
    let decided_by = deed.map(|deed| deed.actor.to_string());
    sqlx::query!(
        "insert into response (
          id, petition_id, geoid, post_id, delivery_id, event_id, title, district, person, position, text,
          state, responded_at, decided_at, decided_by, published_at
        )
        select
          $2, petition_id, geoid, post_id, id, $3, title, district, person, $4, $5,
          $6, $7, $8, $9, $8
        from delivery
        where id = $1",
        new.delivery_id.0,
        new.id.0,
        new.event_id,
        position,
        text,
        state,
        responded_at,
        decided_at,
        decided_by
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// Whatever stood in a state of the office gives way.
async fn replace(
    connection: &mut Connection,
    seat: &Seat,
    state: ResponseState,
) -> StorageResult<()> {
    let state = state.as_str();
    sqlx::query!(
        "update response
        set state = 'replaced'
        where petition_id = $1
        and post_id = $2
        and state = $3",
        seat.petition,
        seat.post,
        state
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// Asks an organizer to look, once until it is done. The task has the response's id.
async fn open_task(connection: &mut Connection, new: &NewResponse) -> StorageResult<()> {
    let opened_at = new.responded_at;
    sqlx::query!(
        "insert into task (id, kind, petition_id, geoid, post_id, delivery_id, opened_at)
        select $2, 'response', petition_id, geoid, post_id, id, $3
        from delivery
        where id = $1
        on conflict (delivery_id, kind) where done_at is null do nothing",
        new.delivery_id.0,
        new.id.0,
        opened_at
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// Somebody has read an answer to a letter, be it the one to the whole body.
async fn finish_reply(
    connection: &mut Connection,
    delivery: DeliveryId,
    deed: &Deed,
) -> StorageResult<()> {
    let (done_at, done_by) = (deed.at, deed.actor.to_string());
    sqlx::query!(
        "update task
        set done_at = $2, done_by = $3
        where delivery_id = (
          select coalesce(joined_id, id)
          from delivery
          where id = $1
        )
        and kind = 'reply'
        and done_at is null",
        delivery.0,
        done_at,
        done_by
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// Somebody has decided about what an office said last, by the link of whichever letter it did.
async fn finish_response(
    connection: &mut Connection,
    seat: &Seat,
    deed: &Deed,
) -> StorageResult<()> {
    let (done_at, done_by) = (deed.at, deed.actor.to_string());
    sqlx::query!(
        "update task
        set done_at = $3, done_by = $4
        where petition_id = $1
        and post_id = $2
        and kind = 'response'
        and done_at is null",
        seat.petition,
        seat.post,
        done_at,
        done_by
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

#[async_trait]
impl Responses for Postgres {
    async fn record_response(&self, new: &NewResponse) -> StorageResult<ResponseOutcome> {
        let since_at = new.responded_at - Duration::days(1);
        let mut tx = self.begin().await?;
        let seat = seat(&mut tx, new.delivery_id).await?;
        let (position, text) = (new.position.as_str(), new.text.as_str());
        let known = sqlx::query!(
            r#"select
              count(*) as "count!: i64",
              count(*) filter (where state = 'waiting' and position = $4 and text = $5) as "same!: i64"
            from response
            where petition_id = $1
            and post_id = $2
            and responded_at > $3"#,
            seat.petition,
            seat.post,
            since_at,
            position,
            text
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        if known.same > 0 {
            return Ok(ResponseOutcome::Repeated);
        }
        if known.count >= i64::from(MOST_A_DAY) {
            return Ok(ResponseOutcome::TooMany);
        }
        replace(&mut tx, &seat, ResponseState::Waiting).await?;
        insert(&mut tx, new, (ResponseState::Waiting, None)).await?;
        open_task(&mut tx, new).await?;
        tx.commit().await.map_err(from_sqlx)?;
        Ok(ResponseOutcome::Recorded)
    }

    async fn publish_reply(&self, new: &NewResponse, deed: &Deed) -> StorageResult<()> {
        let mut tx = self.begin().await?;
        let seat = seat(&mut tx, new.delivery_id).await?;
        let published = sqlx::query_scalar!(
            r#"select count(*) as "count!: i64"
            from response
            where event_id = $1"#,
            new.event_id
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        if published > 0 {
            return Err(StorageError::Stale("answer"));
        }
        replace(&mut tx, &seat, ResponseState::Published).await?;
        insert(&mut tx, new, (ResponseState::Published, Some(deed))).await?;
        finish_reply(&mut tx, new.delivery_id, deed).await?;
        audit::append(&mut tx, deed).await?;
        tx.commit().await.map_err(from_sqlx)
    }

    async fn decide_response(
        &self,
        petition: PetitionId,
        id: ResponseId,
        (from, to): (ResponseState, ResponseState),
        deed: &Deed,
    ) -> StorageResult<()> {
        let mut tx = self.begin().await?;
        let row = sqlx::query!(
            "select post_id
            from response
            where id = $1
            and petition_id = $2",
            id.0,
            petition.0
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(from_sqlx)?
        .ok_or(StorageError::Missing("response"))?;
        let seat = Seat {
            petition: petition.0,
            post: row.post_id,
        };
        lock(&mut tx, seat.petition, &seat.post).await?;
        if to == ResponseState::Published {
            replace(&mut tx, &seat, ResponseState::Published).await?;
        }
        let (before, after, at) = (from.as_str(), to.as_str(), deed.at);
        let done_by = deed.actor.to_string();
        let changed = sqlx::query!(
            "update response
            set
              state = $3,
              decided_at = $4,
              decided_by = $5,
              published_at = case when $3::text = 'published' then coalesce(published_at, $4) else published_at end
            where id = $1
            and state = $2",
            id.0,
            before,
            after,
            at,
            done_by
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        if changed.rows_affected() == 0 {
            return Err(StorageError::Stale("response"));
        }
        if from == ResponseState::Waiting {
            finish_response(&mut tx, &seat, deed).await?;
        }
        audit::append(&mut tx, deed).await?;
        tx.commit().await.map_err(from_sqlx)
    }

    async fn find_response(&self, id: ResponseId) -> StorageResult<Option<Response>> {
        let row = sqlx::query_as!(
            ResponseColumns::<DateTime<Utc>>,
            r#"select
              id,
              petition_id,
              geoid,
              post_id,
              delivery_id,
              event_id,
              title,
              district,
              person,
              position,
              text,
              state,
              responded_at,
              decided_at,
              published_at,
              told_at
            from response
            where id = $1"#,
            id.0
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(from_sqlx)?;
        row.map(ResponseColumns::read).transpose()
    }

    async fn list_responses(
        &self,
        petition: PetitionId,
        filter: ResponseFilter<'_>,
        limit: u32,
    ) -> StorageResult<Vec<Response>> {
        let geoid = filter.geoid.map(redress_model::geoid::Geoid::as_str);
        let state = filter.state.map(ResponseState::as_str);
        let limit = i64::from(limit);
        let rows = sqlx::query_as!(
            ResponseColumns::<DateTime<Utc>>,
            r#"select
              id,
              petition_id,
              geoid,
              post_id,
              delivery_id,
              event_id,
              title,
              district,
              person,
              position,
              text,
              state,
              responded_at,
              decided_at,
              published_at,
              told_at
            from response
            where petition_id = $1
            and ($2::text is null or geoid = $2)
            and ($3::text is null or post_id = $3)
            and ($4::text is null or state = $4)
            order by responded_at desc, id desc
            limit $5"#,
            petition.0,
            geoid,
            filter.post_id,
            state,
            limit
        )
        .fetch_all(&self.pool)
        .await
        .map_err(from_sqlx)?;
        rows.into_iter().map(ResponseColumns::read).collect()
    }

    async fn count_positions(&self, petition: PetitionId) -> StorageResult<Vec<(Position, u64)>> {
        let rows = sqlx::query!(
            r#"select position, count(*) as "count!: i64"
            from response
            where petition_id = $1
            and state = 'published'
            group by position"#,
            petition.0
        )
        .fetch_all(&self.pool)
        .await
        .map_err(from_sqlx)?;
        let mut counts = rows
            .into_iter()
            .map(|row| {
                let position = word("position", &row.position)?;
                Ok((position, u64::try_from(row.count).unwrap_or_default()))
            })
            .collect::<StorageResult<Vec<(Position, u64)>>>()?;
        counts.sort();
        Ok(counts)
    }

    async fn tell_signers(&self, at: DateTime<Utc>, limit: u32) -> StorageResult<Option<u64>> {
        telling::tell(self, at, limit).await
    }
}
