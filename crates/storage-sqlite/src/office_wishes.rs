//! How offices wish to be written to.

use crate::audit;
use crate::deliveries;
use crate::encoding::{instant, micros};
use crate::errors::from_sqlx;
use crate::open::{Connection, Sqlite};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::geoid::Geoid;
use redress_model::id::{BatchId, DeliveryId, PetitionId};
use redress_model::office_wish::{Closure, LetterPace, Whither};
use redress_storage::audit::Deed;
use redress_storage::office_wishes::{NewOfficeWish, OfficeWish, OfficeWishes, Said};
use redress_storage::rows::office_wish::OfficeWishColumns;
use redress_storage::{StorageError, StorageResult};
use uuid::Uuid;

/// Letters of a batch that is being frozen, to offices that wish for none. Within the transaction that makes them.
pub(crate) async fn suppress_unwished(
    connection: &mut Connection,
    batch: BatchId,
) -> StorageResult<()> {
    sqlx::query!(
        "update delivery
        set state = 'suppressed'
        where batch_id = ?1
        and state in ('waiting', 'no_contact')
        and exists (
          select 1
          from office_wish w
          where w.petition_id = delivery.petition_id
          and w.post_id = delivery.post_id
          and w.closure is not null
          and (
            (w.closed_person is null and w.closed_email is null)
            or lower(w.closed_person) = lower(delivery.person)
            or lower(w.closed_email) = lower(delivery.email)
          )
        )",
        batch.0
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// Letters of a closed office that have not left. One to the whole body that could not be taken apart goes on: it is for others too.
async fn suppress_waiting(connection: &mut Connection, new: &NewOfficeWish) -> StorageResult<u64> {
    let at = micros(new.at);
    let suppressed = sqlx::query!(
        "update delivery
        set state = 'suppressed', changed_at = ?2
        where state in ('waiting', 'queued', 'deferred', 'held', 'no_contact')
        and exists (
          select 1
          from delivery d
          join office_wish w on w.petition_id = d.petition_id and w.post_id = d.post_id
          where d.id = ?1
          and w.petition_id = delivery.petition_id
          and w.post_id = delivery.post_id
          and (
            (w.closed_person is null and w.closed_email is null)
            or lower(w.closed_person) = lower(delivery.person)
            or lower(w.closed_email) = lower(delivery.email)
          )
        )
        and (petition_id, post_id) in (
          select petition_id, post_id
          from delivery
          where id = ?1
        )
        and not exists (
          select 1
          from delivery j
          where j.joined_id = delivery.id
        )",
        new.delivery_id.0,
        at
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(suppressed.rows_affected())
}

/// Asks an organizer, once until it is done, and names the clerk.
async fn open_task(
    connection: &mut Connection,
    new: &NewOfficeWish,
    closure: Closure,
) -> StorageResult<()> {
    let (kind, opened_at) = (closure.task().as_str(), micros(new.at));
    sqlx::query!(
        "insert into task (
          id, kind, petition_id, geoid, post_id, delivery_id, fallback_post_id, opened_at
        )
        select
          ?2, ?3, d.petition_id, d.geoid, d.post_id, d.id,
          (
            select p.id
            from post p
            where p.geoid = d.geoid
            and p.role = 'clerk'
            and p.id <> d.post_id
            order by p.place
            limit 1
          ),
          ?4
        from delivery d
        where d.id = ?1
        on conflict (delivery_id, kind) where done_at is null do nothing",
        new.delivery_id.0,
        new.id,
        kind,
        opened_at
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// Puts how letters come in the place of what was said of it before.
async fn record_ways(
    connection: &mut Connection,
    new: &NewOfficeWish,
    (pace, whither): (LetterPace, Whither),
) -> StorageResult<()> {
    let (pace, at) = (pace.as_str(), micros(new.at));
    let goes_to_clerk = whither.is_by_clerk();
    let joins_body = whither == Whither::WholeBody;
    let changed = sqlx::query!(
        "insert into office_wish (
          petition_id, post_id, geoid, title, district, pace, goes_to_clerk, joins_body, changed_at
        )
        select petition_id, post_id, geoid, title, district, ?2, ?3, ?4, ?5
        from delivery
        where id = ?1
        on conflict (petition_id, post_id) do update
        set
          geoid = excluded.geoid,
          title = excluded.title,
          district = excluded.district,
          pace = excluded.pace,
          goes_to_clerk = excluded.goes_to_clerk,
          joins_body = excluded.joins_body,
          changed_at = excluded.changed_at",
        new.delivery_id.0,
        pace,
        goes_to_clerk,
        joins_body,
        at
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    if changed.rows_affected() == 0 {
        return Err(StorageError::Missing("delivery"));
    }
    Ok(())
}

/// Closes or opens; whether it closes what was open, or for another reason, or by another holder. The clerk's address, at which every holder is
/// reached, closes for nobody whose name is known.
async fn record_closure(
    connection: &mut Connection,
    new: &NewOfficeWish,
    closure: Option<Closure>,
) -> StorageResult<bool> {
    let (pace, closure) = (
        LetterPace::AtThreshold.as_str(),
        closure.map(Closure::as_str),
    );
    let at = micros(new.at);
    let before = sqlx::query!(
        "select w.closure, w.closed_person, w.closed_email, d.person, d.email
        from office_wish w
        join delivery d on d.petition_id = w.petition_id and d.post_id = w.post_id
        where d.id = ?1",
        new.delivery_id.0
    )
    .fetch_optional(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    let is_the_same = before.is_some_and(|it| {
        it.closure.as_deref() == closure
            && it.closed_person == it.person
            && (it.closed_email == it.email || (it.closed_email.is_none() && it.person.is_some()))
    });
    let changed = sqlx::query!(
        "insert into office_wish (
          petition_id, post_id, geoid, title, district, pace, goes_to_clerk, closure, closed_at,
          closed_person, closed_email, changed_at
        )
        select
          petition_id, post_id, geoid, title, district, ?2, false, ?3, case when ?3 is not null then ?4 end,
          case when ?3 is not null then person end, case when ?3 is not null then email end, ?4
        from delivery
        where id = ?1
        on conflict (petition_id, post_id) do update
        set
          geoid = excluded.geoid,
          title = excluded.title,
          district = excluded.district,
          closed_at = case
            when office_wish.closure = excluded.closure then coalesce(office_wish.closed_at, excluded.closed_at)
            else excluded.closed_at
          end,
          closure = excluded.closure,
          closed_person = excluded.closed_person,
          closed_email = case
            when office_wish.goes_to_clerk and excluded.closed_person is not null then null
            else excluded.closed_email
          end,
          changed_at = excluded.changed_at",
        new.delivery_id.0,
        pace,
        closure,
        at
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    if changed.rows_affected() == 0 {
        return Err(StorageError::Missing("delivery"));
    }
    Ok(!is_the_same)
}

/// Letters to the whole body that name an office which closes.
async fn part_letters_of(connection: &mut Connection, new: &NewOfficeWish) -> StorageResult<()> {
    let petition = sqlx::query_scalar!(
        r#"select petition_id as "petition_id: Uuid" from delivery where id = ?1"#,
        new.delivery_id.0
    )
    .fetch_one(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    deliveries::part(connection, PetitionId(petition), new.at).await
}

#[async_trait]
impl OfficeWishes for Sqlite {
    async fn record_office_wish(&self, new: &NewOfficeWish) -> StorageResult<u64> {
        let mut tx = self.begin().await?;
        let mut suppressed = 0;
        match new.said {
            Said::Ways { pace, whither } => record_ways(&mut tx, new, (pace, whither)).await?,
            Said::Closure(closure) => {
                let is_new = record_closure(&mut tx, new, closure).await?;
                if let Some(closure) = closure {
                    part_letters_of(&mut tx, new).await?;
                    suppressed = suppress_waiting(&mut tx, new).await?;
                    if is_new {
                        open_task(&mut tx, new, closure).await?;
                    }
                }
            }
        }
        tx.commit().await.map_err(from_sqlx)?;
        Ok(suppressed)
    }

    async fn lift_closure(
        &self,
        petition: PetitionId,
        post_id: &str,
        deed: &Deed,
    ) -> StorageResult<bool> {
        let at = micros(deed.at);
        let mut tx = self.begin().await?;
        let lifted = sqlx::query!(
            "update office_wish
            set closure = null, closed_at = null, closed_person = null, closed_email = null, changed_at = ?3
            where petition_id = ?1
            and post_id = ?2
            and closure is not null",
            petition.0,
            post_id,
            at
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        if lifted.rows_affected() == 0 {
            return Ok(false);
        }
        audit::append(&mut tx, deed).await?;
        tx.commit().await.map_err(from_sqlx)?;
        Ok(true)
    }

    async fn find_office_wish(
        &self,
        petition: PetitionId,
        post_id: &str,
    ) -> StorageResult<Option<OfficeWish>> {
        let row = sqlx::query_as!(
            OfficeWishColumns::<i64>,
            r#"select
              petition_id as "petition_id: Uuid",
              post_id,
              geoid,
              title,
              district,
              pace,
              goes_to_clerk as "goes_to_clerk: bool",
              joins_body as "joins_body: bool",
              closure,
              closed_at,
              closed_person,
              closed_email,
              changed_at
            from office_wish
            where petition_id = ?1
            and post_id = ?2"#,
            petition.0,
            post_id
        )
        .fetch_optional(&self.reader)
        .await
        .map_err(from_sqlx)?;
        row.map(OfficeWishColumns::read).transpose()
    }

    async fn list_office_wishes(
        &self,
        petition: PetitionId,
        geoid: Option<&Geoid>,
    ) -> StorageResult<Vec<OfficeWish>> {
        let geoid = geoid.map(Geoid::as_str);
        let rows = sqlx::query_as!(
            OfficeWishColumns::<i64>,
            r#"select
              petition_id as "petition_id: Uuid",
              post_id,
              geoid,
              title,
              district,
              pace,
              goes_to_clerk as "goes_to_clerk: bool",
              joins_body as "joins_body: bool",
              closure,
              closed_at,
              closed_person,
              closed_email,
              changed_at
            from office_wish
            where petition_id = ?1
            and (?2 is null or geoid = ?2)
            order by post_id"#,
            petition.0,
            geoid
        )
        .fetch_all(&self.reader)
        .await
        .map_err(from_sqlx)?;
        rows.into_iter().map(OfficeWishColumns::read).collect()
    }

    async fn find_last_letter_about(
        &self,
        petition: PetitionId,
        post_id: &str,
    ) -> StorageResult<Option<DateTime<Utc>>> {
        let last = sqlx::query_scalar!(
            r#"select max(coalesce(d.accepted_at, d.changed_at)) as "last?: i64"
            from delivery d
            where d.id in (
              select coalesce(t.joined_id, t.id)
              from delivery t
              where t.petition_id = ?1
              and t.post_id = ?2
            )
            and (d.accepted_at is not null or d.state in ('data_sent', 'uncertain'))"#,
            petition.0,
            post_id
        )
        .fetch_one(&self.reader)
        .await
        .map_err(from_sqlx)?;
        last.map(instant).transpose()
    }

    async fn suppress_claimed(
        &self,
        id: DeliveryId,
        token: Uuid,
        at: DateTime<Utc>,
    ) -> StorageResult<bool> {
        let mut tx = self.begin().await?;
        // Two legal steps: what a mailer has in its hands goes back before it goes nowhere.
        if !deliveries::give_back(&mut tx, id, token, at).await? {
            return Ok(false);
        }
        sqlx::query!(
            "update delivery set state = 'suppressed' where id = ?1 and state = 'queued'",
            id.0
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        tx.commit().await.map_err(from_sqlx)?;
        Ok(true)
    }

    async fn part_claimed(
        &self,
        id: DeliveryId,
        token: Uuid,
        at: DateTime<Utc>,
    ) -> StorageResult<bool> {
        let mut tx = self.begin().await?;
        if !deliveries::give_back(&mut tx, id, token, at).await? {
            return Ok(false);
        }
        deliveries::part_one(&mut tx, id, at).await?;
        tx.commit().await.map_err(from_sqlx)?;
        Ok(true)
    }
}
