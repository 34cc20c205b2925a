//! Servers that get no letters for a while.

use crate::audit;
use crate::errors::from_sqlx;
use crate::open::Postgres;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::id::PetitionId;
use redress_storage::StorageResult;
use redress_storage::audit::Deed;
use redress_storage::breakers::{Breaker, Breakers, Sign, rests};
use redress_storage::rows::breaker::BreakerColumns;

/// The longest text of a reply that is kept, in characters.
const LONGEST: usize = 1_000;

#[async_trait]
impl Breakers for Postgres {
    async fn record_sign(
        &self,
        name: &str,
        sign: Sign,
        reply: Option<&(u16, String)>,
        at: DateTime<Utc>,
    ) -> StorageResult<()> {
        let code = reply.map(|(code, _)| i64::from(*code));
        let text = reply.map(|(_, text)| text.chars().take(LONGEST).collect::<String>());
        match sign {
            Sign::Well => close(self, name).await,
            Sign::Trouble => open(self, name, (code, text), at).await,
            Sign::Blocked => block(self, name, (code, text), at).await,
        }
    }

    async fn record_mail_group(
        &self,
        domain: &str,
        group: &str,
        at: DateTime<Utc>,
    ) -> StorageResult<()> {
        sqlx::query!(
            "insert into mail_route (domain, mx_group, asked_at)
            values ($1, $2, $3)
            on conflict (domain) do update
            set mx_group = excluded.mx_group, asked_at = excluded.asked_at",
            domain,
            group,
            at
        )
        .execute(&self.pool)
        .await
        .map_err(from_sqlx)?;
        Ok(())
    }

    async fn list_breakers(&self) -> StorageResult<Vec<Breaker>> {
        let rows = sqlx::query_as!(
            BreakerColumns::<DateTime<Utc>>,
            "select name, state, failures, until_at, reply_code, reply_text, changed_at
            from breaker
            order by name"
        )
        .fetch_all(&self.pool)
        .await
        .map_err(from_sqlx)?;
        rows.into_iter().map(BreakerColumns::read).collect()
    }

    async fn list_breakers_of(&self, petition: PetitionId) -> StorageResult<Vec<Breaker>> {
        let rows = sqlx::query_as!(
            BreakerColumns::<DateTime<Utc>>,
            "select name, state, failures, until_at, reply_code, reply_text, changed_at
            from breaker
            where exists (
              select 1
              from delivery d
              join delivery_way w on w.id = d.id
              where d.petition_id = $1
              and d.state in ('queued', 'leased', 'deferred', 'held')
              and breaker.name in ('*', w.domain, w.mx_group, w.batch)
            )
            order by name",
            petition.0
        )
        .fetch_all(&self.pool)
        .await
        .map_err(from_sqlx)?;
        rows.into_iter().map(BreakerColumns::read).collect()
    }

    async fn release_breaker(
        &self,
        name: &str,
        petition: PetitionId,
        deed: &Deed,
    ) -> StorageResult<Option<u64>> {
        let at = deed.at;
        let mut tx = self.begin().await?;
        let closed = sqlx::query!("delete from breaker where name = $1", name)
            .execute(&mut *tx)
            .await
            .map_err(from_sqlx)?;
        if closed.rows_affected() == 0 {
            return Ok(None);
        }
        let queued = sqlx::query!(
            "update delivery
            set state = 'queued', due_at = $3, queued_at = $3, tried_at = null, changed_at = $3
            where petition_id = $1
            and state = 'held'
            and reply_code >= 500
            and (
              $2 = '*'
              or $2 in (
                select w.domain from delivery_way w where w.id = delivery.id
                union all
                select w.mx_group from delivery_way w where w.id = delivery.id
                union all
                select w.batch from delivery_way w where w.id = delivery.id
              )
            )",
            petition.0,
            name,
            at
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        audit::append(&mut tx, deed).await?;
        tx.commit().await.map_err(from_sqlx)?;
        Ok(Some(queued.rows_affected()))
    }
}

async fn close(postgres: &Postgres, name: &str) -> StorageResult<()> {
    sqlx::query!(
        "delete from breaker
        where name = $1
        and state <> 'blocked'",
        name
    )
    .execute(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// Whoever failed while it was open already has failed for the same reason.
async fn open(
    postgres: &Postgres,
    name: &str,
    (code, text): (Option<i64>, Option<String>),
    at: DateTime<Utc>,
) -> StorageResult<()> {
    let [first, second, third, fourth, last] = rests(at);
    sqlx::query!(
        "insert into breaker (name, state, failures, until_at, reply_code, reply_text, changed_at)
        values ($1, 'open', 1, $5, $2, $3, $4)
        on conflict (name) do update
        set
          state = 'open',
          failures = breaker.failures + 1,
          until_at = case breaker.failures
            when 1 then $6::timestamptz
            when 2 then $7::timestamptz
            when 3 then $8::timestamptz
            else $9::timestamptz
          end,
          reply_code = excluded.reply_code,
          reply_text = excluded.reply_text,
          changed_at = excluded.changed_at
        where breaker.state = 'half_open'
        or (breaker.state = 'open' and breaker.until_at <= excluded.changed_at)",
        name,
        code,
        text,
        at,
        first,
        second,
        third,
        fourth,
        last
    )
    .execute(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

async fn block(
    postgres: &Postgres,
    name: &str,
    (code, text): (Option<i64>, Option<String>),
    at: DateTime<Utc>,
) -> StorageResult<()> {
    sqlx::query!(
        "insert into breaker (name, state, failures, until_at, reply_code, reply_text, changed_at)
        values ($1, 'blocked', 1, null, $2, $3, $4)
        on conflict (name) do update
        set
          state = 'blocked',
          until_at = null,
          reply_code = excluded.reply_code,
          reply_text = excluded.reply_text,
          changed_at = excluded.changed_at
        where breaker.state <> 'blocked'",
        name,
        code,
        text,
        at
    )
    .execute(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}
