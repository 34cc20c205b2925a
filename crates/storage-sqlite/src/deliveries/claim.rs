//! Leases: who may write, and until when.

use super::letters;
use super::read::find_all;
use crate::encoding::{instant, json_ids, micros};
use crate::errors::from_sqlx;
use crate::open::{Connection, Sqlite};
use chrono::{DateTime, Duration, Utc};
use redress_model::id::DeliveryId;
use redress_storage::StorageResult;
use redress_storage::breakers::Heed;
use redress_storage::deliveries::{Claimed, Claiming};
use redress_storage::pace::{Pace, Room};
use std::collections::HashMap;
use uuid::Uuid;

/// For how long the owner of an intent waits for its answer: 10 minutes (RFC 5321, section
/// 4.5.3.2.6) and something for writing it down. Whoever finds it silent after that calls it
/// uncertain.
pub(super) const PATIENCE: Duration = Duration::minutes(15);

pub(super) async fn claim(
    sqlite: &Sqlite,
    (at, until_at): (DateTime<Utc>, DateTime<Utc>),
    token: Uuid,
    limit: u32,
    by: Claiming,
) -> StorageResult<Vec<Claimed>> {
    let heeds_all = by.heed == Heed::All;
    let (at, until_at, limit) = (micros(at), micros(until_at), i64::from(limit));
    let mut tx = sqlite.begin().await?;
    let mut leased: Vec<Uuid> = Vec::new();
    if heeds_all {
        probe(&mut tx, at, until_at, token, &mut leased).await?;
    }
    let ids = choose(&mut tx, (at, limit), by).await?;
    let claimed = sqlx::query_scalar!(
        r#"update delivery
        set
          state = 'leased',
          lease_token = ?3,
          leased_until_at = ?2,
          attempts = attempts + 1,
          changed_at = ?1
        where id in (select unhex(value) from json_each(?4))
        returning id as "id: Uuid""#,
        at,
        until_at,
        token,
        ids
    )
    .fetch_all(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    leased.extend(claimed);
    tx.commit().await.map_err(from_sqlx)?;
    if leased.is_empty() {
        return Ok(Vec::new());
    }
    // Nobody changes what is leased, and there is but one writer: what is to be read is read beside it.
    let ids = json_ids(leased);
    let mut tx = sqlite.snapshot().await?;
    let mut letters = letters::find_all(&mut tx, &ids).await?;
    let deliveries = find_all(&mut tx, &ids).await?;
    let mut around = around(&mut tx, &ids).await?;
    tx.commit().await.map_err(from_sqlx)?;
    Ok(deliveries
        .into_iter()
        .filter_map(|delivery| {
            let sealed_letter = letters.remove(&delivery.id.0)?;
            let around = around.remove(&delivery.id.0).unwrap_or_default();
            Some(Claimed {
                group: around.group.unwrap_or_default(),
                delivery,
                token,
                sealed_letter,
                has_wish: around.has_wish,
            })
        })
        .collect())
}

/// The letters whose turn it is, as many of each group of servers as have room. `state in` says nothing new, but names the index that has them in their
/// order.
async fn choose(
    connection: &mut Connection,
    (at, limit): (i64, i64),
    by: Claiming,
) -> StorageResult<String> {
    let heeds_all = by.heed == Heed::All;
    let at_once = by.at_once.map(i64::from);
    let pace = by.a_minute.map(Pace::new);
    let paced_until_at = match pace {
        Some(pace) => Some(micros(instant(at)? + pace.lead())),
        None => None,
    };
    let rows = sqlx::query!(
        r#"select d.id as "id: Uuid", w.mx_group as "mx_group?: String"
        from delivery d
        join delivery_way w on w.id = d.id
        where d.state = 'queued'
        and d.state in ('queued', 'deferred')
        and d.due_at <= ?1
        and d.id = (
          select first.id
          from delivery first
          where first.state = 'queued'
          and first.post_id = d.post_id
          order by first.due_at, first.id
          limit 1
        )
        and not exists (
          select 1
          from delivery other
          where other.post_id = d.post_id
          and other.state in ('leased', 'data_sent')
        )
        and not exists (
          select 1
          from breaker b
          where b.name in ('*', w.domain, w.mx_group, w.batch)
          and (b.state = 'blocked' or ?3)
        )
        and (
          ?4 is null
          or w.mx_group is null
          or w.mx_group not in (
            select held.mx_group
            from delivery other
            join delivery_way held on held.id = other.id
            where other.state in ('leased', 'data_sent')
            and held.mx_group is not null
            group by held.mx_group
            having count(*) >= ?4
          )
        )
        and (
          ?5 is null
          or not exists (
            select 1
            from mail_pace p
            where p.mx_group = w.mx_group
            and p.next_at > ?5
          )
        )
        order by d.due_at, d.id
        limit ?2"#,
        at,
        limit,
        heeds_all,
        at_once,
        paced_until_at
    )
    .fetch_all(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    let candidates = rows.into_iter().map(|row| (row.id, row.mx_group));
    if at_once.is_none() && pace.is_none() {
        return Ok(json_ids(candidates.map(|(id, _)| id)));
    }
    let mut room = Room::new(by, instant(at)?);
    for (group, held) in in_hands(connection).await? {
        room.hold(group, held);
    }
    if pace.is_some() {
        for (group, next_at) in next_of(connection, at).await? {
            room.wait(group, next_at);
        }
    }
    let chosen: Vec<Uuid> = candidates
        .filter_map(|(id, group)| room.take(group).then_some(id))
        .collect();
    for (group, next_at) in room.moved() {
        let next_at = micros(next_at);
        sqlx::query!(
            "insert into mail_pace (mx_group, next_at)
            values (?1, ?2)
            on conflict (mx_group) do update
            set next_at = excluded.next_at",
            group,
            next_at
        )
        .execute(&mut *connection)
        .await
        .map_err(from_sqlx)?;
    }
    Ok(json_ids(chosen))
}

/// How many letters of each group are in mailers' hands.
async fn in_hands(connection: &mut Connection) -> StorageResult<Vec<(String, u32)>> {
    let rows = sqlx::query!(
        r#"select w.mx_group as "mx_group!: String", count(*) as "held!: i64"
        from delivery d
        join delivery_way w on w.id = d.id
        where d.state in ('leased', 'data_sent')
        and w.mx_group is not null
        group by w.mx_group"#
    )
    .fetch_all(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(rows
        .into_iter()
        .map(|row| (row.mx_group, u32::try_from(row.held).unwrap_or(u32::MAX)))
        .collect())
}

/// When the next letter to each group may go, of those that wait.
async fn next_of(
    connection: &mut Connection,
    at: i64,
) -> StorageResult<Vec<(String, DateTime<Utc>)>> {
    let rows = sqlx::query!(
        "select mx_group, next_at from mail_pace where next_at > ?1",
        at
    )
    .fetch_all(connection)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter()
        .map(|row| Ok((row.mx_group, instant(row.next_at)?)))
        .collect()
}

/// What is known around a letter.
#[derive(Default)]
struct Around {
    group: Option<String>,
    has_wish: bool,
}

/// The servers that letters go to, and whether one of their offices said how it wishes to be written to.
async fn around(connection: &mut Connection, ids: &str) -> StorageResult<HashMap<Uuid, Around>> {
    let rows = sqlx::query!(
        r#"select
          w.id as "id!: Uuid",
          w.mx_group as "mx_group?: String",
          exists (
            select 1
            from delivery o
            join office_wish said on said.petition_id = o.petition_id and said.post_id = o.post_id
            where o.id = w.id
            union all
            select 1
            from delivery o
            join office_wish said on said.petition_id = o.petition_id and said.post_id = o.post_id
            where o.joined_id = w.id
            and o.joined_id is not null
          ) as "has_wish!: bool"
        from delivery_way w
        where w.id in (select unhex(value) from json_each(?1))"#,
        ids
    )
    .fetch_all(connection)
    .await
    .map_err(from_sqlx)?;
    let of = rows.into_iter().map(|row| {
        let around = Around {
            group: row.mx_group,
            has_wish: row.has_wish,
        };
        (row.id, around)
    });
    Ok(of.collect())
}

/// Of each breaker whose time has come, takes one letter to try.
async fn probe(
    connection: &mut Connection,
    at: i64,
    until_at: i64,
    token: Uuid,
    leased: &mut Vec<Uuid>,
) -> StorageResult<()> {
    let due = sqlx::query_scalar!(
        "select name
        from breaker
        where state in ('open', 'half_open')
        and until_at <= ?1
        order by name
        limit 20",
        at
    )
    .fetch_all(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    for name in due {
        let probed = sqlx::query_scalar!(
            r#"update delivery
            set
              state = 'leased',
              lease_token = ?3,
              leased_until_at = ?2,
              attempts = attempts + 1,
              changed_at = ?1
            where id in (
              select d.id
              from delivery d
              join delivery_way w on w.id = d.id
              where d.state = 'queued'
              and d.due_at <= ?1
              and (?4 = '*' or ?4 in (w.domain, w.mx_group))
              and not exists (
                select 1
                from delivery other
                where other.post_id = d.post_id
                and other.state in ('leased', 'data_sent')
              )
              and not exists (
                select 1
                from breaker b
                where b.name in ('*', w.domain, w.mx_group, w.batch)
                and b.name <> ?4
              )
              order by d.due_at, d.id
              limit 1
            )
            returning id as "id: Uuid""#,
            at,
            until_at,
            token,
            name
        )
        .fetch_optional(&mut *connection)
        .await
        .map_err(from_sqlx)?;
        let Some(id) = probed else { continue };
        leased.push(id);
        sqlx::query!(
            "update breaker
            set state = 'half_open', until_at = ?2, changed_at = ?1
            where name = ?3",
            at,
            until_at,
            name
        )
        .execute(&mut *connection)
        .await
        .map_err(from_sqlx)?;
    }
    Ok(())
}

/// Back into the queue, as if it had not been taken.
pub(crate) async fn give_back(
    connection: &mut Connection,
    id: DeliveryId,
    token: Uuid,
    at: DateTime<Utc>,
) -> StorageResult<bool> {
    let at = micros(at);
    let changed = sqlx::query!(
        "update delivery
        set
          state = 'queued',
          lease_token = null,
          leased_until_at = null,
          attempts = attempts - 1,
          changed_at = ?3
        where id = ?1
        and lease_token = ?2
        and state = 'leased'",
        id.0,
        token,
        at
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(changed.rows_affected() > 0)
}

pub(super) async fn postpone(
    sqlite: &Sqlite,
    id: DeliveryId,
    token: Uuid,
    due_at: DateTime<Utc>,
    at: DateTime<Utc>,
) -> StorageResult<bool> {
    let (due_at, at) = (micros(due_at), micros(at));
    let changed = sqlx::query!(
        "update delivery
        set
          state = 'deferred',
          lease_token = null,
          leased_until_at = null,
          attempts = attempts - 1,
          due_at = ?4,
          changed_at = ?3
        where id = ?1
        and lease_token = ?2
        and state = 'leased'",
        id.0,
        token,
        at,
        due_at
    )
    .execute(&sqlite.writer)
    .await
    .map_err(from_sqlx)?;
    Ok(changed.rows_affected() > 0)
}
