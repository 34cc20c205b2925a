//! Sweeps over a petition's signatures.

use crate::encoding::{instant, json_ids, micros, word};
use crate::errors::from_sqlx;
use crate::open::{Connection, Sqlite};
use crate::signatures::{put_back_within, reject_within};
use crate::{audit, moves};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rand::CryptoRng;
use redress_model::abuse::sweep::SweepState;
use redress_model::id::{PetitionId, SignatureId, SweepId};
use redress_storage::audit::Deed;
use redress_storage::moves::TallyMoves;
use redress_storage::sweeps::{Sweep, SweepPage, Sweeps};
use redress_storage::{StorageError, StorageResult};
use uuid::Uuid;

struct Row {
    id: Uuid,
    petition_id: Uuid,
    state: String,
    sealed_condition: Vec<u8>,
    reason: String,
    reached: Option<Uuid>,
    looked_at: i64,
    matched: i64,
    rejected: i64,
    back: i64,
    created_at: i64,
}

/// Selects whole sweeps; the rest of the statement follows.
macro_rules! rows {
    ($rest:literal $(, $argument:expr)*) => {
        sqlx::query_as!(
            Row,
            r#"select
              id as "id: Uuid",
              petition_id as "petition_id: Uuid",
              state,
              sealed_condition,
              reason,
              reached as "reached: Uuid",
              looked_at,
              matched,
              rejected,
              back,
              created_at
            from sweep "# + $rest
            $(, $argument)*
        )
    };
}

impl Row {
    fn read(self) -> StorageResult<Sweep> {
        Ok(Sweep {
            id: SweepId(self.id),
            petition_id: PetitionId(self.petition_id),
            state: word("sweep state", &self.state)?,
            sealed_condition: self.sealed_condition,
            reason: word("rejection", &self.reason)?,
            reached: self.reached.map(SignatureId),
            looked_at: self.looked_at,
            matched: self.matched,
            rejected: self.rejected,
            back: self.back,
            created_at: instant(self.created_at)?,
        })
    }
}

/// Moves a sweep on from where the worker found it; `false` when it is elsewhere by now.
async fn advance(
    connection: &mut Connection,
    sweep: &Sweep,
    page: &SweepPage<'_>,
    (to, matched, rejected): (SweepState, i64, i64),
) -> StorageResult<bool> {
    let (state, next) = (sweep.state.as_str(), to.as_str());
    let (from, reached) = (page.from.map(|id| id.0), page.to.map(|id| id.0));
    let looked_at = page.looked_at;
    let moved = sqlx::query!(
        "update sweep
        set
          state = ?3,
          reached = ?5,
          looked_at = looked_at + ?6,
          matched = matched + ?7,
          rejected = rejected + ?8
        where id = ?1
        and state = ?2
        and reached is ?4",
        sweep.id.0,
        state,
        next,
        from,
        reached,
        looked_at,
        matched,
        rejected
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(moved.rows_affected() > 0)
}

#[async_trait]
impl Sweeps for Sqlite {
    async fn record_sweep(&self, sweep: &Sweep, deed: &Deed) -> StorageResult<()> {
        let mut tx = self.begin().await?;
        let (state, reason) = (sweep.state.as_str(), sweep.reason.as_str());
        let created_at = micros(sweep.created_at);
        sqlx::query!(
            "insert into sweep (id, petition_id, state, sealed_condition, reason, created_at)
            values (?1, ?2, ?3, ?4, ?5, ?6)",
            sweep.id.0,
            sweep.petition_id.0,
            state,
            sweep.sealed_condition,
            reason,
            created_at
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        audit::append(&mut tx, deed).await?;
        tx.commit().await.map_err(from_sqlx)
    }

    async fn find_sweep(&self, id: SweepId) -> StorageResult<Option<Sweep>> {
        let row = rows!("where id = ?1", id.0)
            .fetch_optional(&self.reader)
            .await
            .map_err(from_sqlx)?;
        row.map(Row::read).transpose()
    }

    async fn list_sweeps(&self, petition: PetitionId, limit: u32) -> StorageResult<Vec<Sweep>> {
        let rows = rows!(
            "where petition_id = ?1
            order by id desc
            limit ?2",
            petition.0,
            limit
        )
        .fetch_all(&self.reader)
        .await
        .map_err(from_sqlx)?;
        rows.into_iter().map(Row::read).collect()
    }

    async fn claim_sweep(
        &self,
        at: DateTime<Utc>,
        until_at: DateTime<Utc>,
    ) -> StorageResult<Option<Sweep>> {
        let (at, until) = (micros(at), micros(until_at));
        let mut tx = self.begin().await?;
        let id = sqlx::query_scalar!(
            r#"update sweep
            set leased_until_at = ?2
            where id = (
              select id
              from sweep
              where state in ('counting', 'running', 'undoing')
              and (leased_until_at is null or leased_until_at <= ?1)
              order by id
              limit 1
            )
            returning id as "id: Uuid""#,
            at,
            until
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        let Some(id) = id else { return Ok(None) };
        let row = rows!("where id = ?1", id)
            .fetch_one(&mut *tx)
            .await
            .map_err(from_sqlx)?;
        tx.commit().await.map_err(from_sqlx)?;
        row.read().map(Some)
    }

    async fn change_sweep(
        &self,
        id: SweepId,
        from: SweepState,
        to: SweepState,
        deed: &Deed,
    ) -> StorageResult<()> {
        let mut tx = self.begin().await?;
        let (from, to) = (from.as_str(), to.as_str());
        let changed = sqlx::query!(
            "update sweep
            set state = ?3, reached = null, looked_at = 0, leased_until_at = null
            where id = ?1
            and state = ?2",
            id.0,
            from,
            to
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        if changed.rows_affected() == 0 {
            return Err(StorageError::Stale("sweep"));
        }
        audit::append(&mut tx, deed).await?;
        tx.commit().await.map_err(from_sqlx)
    }

    async fn write_sweep_page(
        &self,
        sweep: &Sweep,
        page: &SweepPage<'_>,
        at: DateTime<Utc>,
    ) -> StorageResult<bool> {
        let mut tx = self.begin().await?;
        if sweep.state == SweepState::Counting {
            let matched = i64::try_from(page.matches.len()).unwrap_or(i64::MAX);
            let next = if page.is_last {
                SweepState::Counted
            } else {
                SweepState::Counting
            };
            let moved = advance(&mut tx, sweep, page, (next, matched, 0)).await?;
            tx.commit().await.map_err(from_sqlx)?;
            return Ok(moved);
        }
        let mut moves = TallyMoves::default();
        let done = reject_within(&mut tx, page.matches, sweep.reason, at, &mut moves).await?;
        let rejected = i64::try_from(done.len()).unwrap_or(i64::MAX);
        let next = if page.is_last {
            SweepState::Done
        } else {
            SweepState::Running
        };
        if !advance(&mut tx, sweep, page, (next, 0, rejected)).await? {
            return Ok(false);
        }
        let ids = json_ids(done.iter().map(|id| id.0));
        sqlx::query!(
            "insert into sweep_member (sweep_id, signature_id)
            select ?1, unhex(value)
            from json_each(?2)",
            sweep.id.0,
            ids
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        moves::write(&mut tx, &moves).await?;
        tx.commit().await.map_err(from_sqlx)?;
        Ok(true)
    }

    async fn put_back_swept(
        &self,
        id: SweepId,
        limit: u32,
        at: DateTime<Utc>,
        random: &mut (dyn CryptoRng + Send),
    ) -> StorageResult<bool> {
        let mut tx = self.begin().await?;
        let ids = sqlx::query_scalar!(
            r#"select m.signature_id as "id: Uuid"
            from sweep s
            join sweep_member m on m.sweep_id = s.id
            where s.id = ?1
            and s.state = 'undoing'
            order by m.signature_id
            limit ?2"#,
            id.0,
            limit
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        let ids: Vec<SignatureId> = ids.into_iter().map(SignatureId).collect();
        let mut moves = TallyMoves::default();
        let back = put_back_within(&mut tx, &ids, at, random, &mut moves).await?;
        moves::write(&mut tx, &moves).await?;
        let (looked_at, back) = (
            i64::try_from(ids.len()).unwrap_or(i64::MAX),
            i64::try_from(back.len()).unwrap_or(i64::MAX),
        );
        let gone = json_ids(ids.iter().map(|id| id.0));
        sqlx::query!(
            "delete from sweep_member
            where sweep_id = ?1
            and signature_id in (select unhex(value) from json_each(?2))",
            id.0,
            gone
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        sqlx::query!(
            "update sweep
            set
              looked_at = looked_at + ?2,
              back = back + ?3,
              state = iif(?2 = 0, 'undone', state)
            where id = ?1
            and state = 'undoing'",
            id.0,
            looked_at,
            back
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        tx.commit().await.map_err(from_sqlx)?;
        Ok(!ids.is_empty())
    }
}
