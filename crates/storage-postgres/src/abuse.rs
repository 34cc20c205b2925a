//! What holds off abuse.

use crate::encoding::fingerprint;
use crate::errors::from_sqlx;
use crate::open::Postgres;
use crate::{arrivals, audit};
use async_trait::async_trait;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use redress_model::abuse::limits::WINDOW;
use redress_model::id::PetitionId;
use redress_storage::abuse::{Abuse, AbuseRules, Salt, Trend};
use redress_storage::audit::Deed;
use redress_storage::{StorageError, StorageResult};

#[async_trait]
impl Abuse for Postgres {
    async fn share_salt(&self, day_on: NaiveDate, fresh: &Salt) -> StorageResult<Salt> {
        let (day, fresh) = (day_on, fresh.as_slice());
        let mut tx = self.begin().await?;
        // In one statement: a server whose clock is ahead may erase the row between two.
        let salt = sqlx::query_scalar!(
            "insert into client_salt as s (day_on, salt)
            values ($1, $2)
            on conflict (day_on) do update
            set salt = s.salt
            returning salt",
            day,
            fresh
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        sqlx::query!("delete from client_salt where day_on < $1", day)
            .execute(&mut *tx)
            .await
            .map_err(from_sqlx)?;
        tx.commit().await.map_err(from_sqlx)?;
        salt.as_slice()
            .try_into()
            .map_err(|_| StorageError::unreadable("salt", salt.len()))
    }

    async fn erase_salts(&self, before_on: NaiveDate) -> StorageResult<u64> {
        let erased = sqlx::query!("delete from client_salt where day_on < $1", before_on)
            .execute(&self.pool)
            .await
            .map_err(from_sqlx)?;
        Ok(erased.rows_affected())
    }

    async fn find_abuse_rules(&self, petition: PetitionId) -> StorageResult<Option<AbuseRules>> {
        let row = sqlx::query!(
            "select version, client_an_hour, domain_an_hour, sealed, changed_at
            from abuse_rule
            where petition_id = $1",
            petition.0
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(from_sqlx)?;
        row.map(|row| {
            Ok(AbuseRules {
                petition_id: petition,
                version: row.version,
                limits: arrivals::limits(true, row.client_an_hour, row.domain_an_hour),
                sealed: row.sealed,
                changed_at: row.changed_at,
            })
        })
        .transpose()
    }

    async fn record_abuse_rules(&self, rules: &AbuseRules, deed: &Deed) -> StorageResult<()> {
        let mut tx = self.begin().await?;
        let client = rules.limits.client_an_hour.map(i64::from);
        let domain = rules.limits.domain_an_hour.map(i64::from);
        let changed_at = rules.changed_at;
        let written = sqlx::query!(
            "insert into abuse_rule as r (petition_id, version, client_an_hour, domain_an_hour, sealed, changed_at)
            select $1::uuid, $2::bigint, $3::bigint, $4::bigint, $5::bytea, $6::timestamptz
            where $2::bigint = 1
            or exists (select 1 from abuse_rule where petition_id = $1)
            on conflict (petition_id) do update
            set
              version = excluded.version,
              client_an_hour = excluded.client_an_hour,
              domain_an_hour = excluded.domain_an_hour,
              sealed = excluded.sealed,
              changed_at = excluded.changed_at
            where r.version = excluded.version - 1",
            rules.petition_id.0,
            rules.version,
            client,
            domain,
            rules.sealed,
            changed_at
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        if written.rows_affected() == 0 {
            return Err(StorageError::Stale("set of rules"));
        }
        audit::append(&mut tx, deed).await?;
        tx.commit().await.map_err(from_sqlx)
    }

    async fn list_trends(
        &self,
        petition: PetitionId,
        at: DateTime<Utc>,
        at_least: u32,
    ) -> StorageResult<Vec<Trend>> {
        let (hour, day) = (at - WINDOW, at - Duration::hours(24));
        let rows = sqlx::query!(
            r#"select
              kind,
              key,
              coalesce(sum(arrived) filter (where begun_at > $2), 0)::bigint as "arrived!",
              coalesce(sum(passed) filter (where begun_at > $2), 0)::bigint as "passed!",
              coalesce(sum(arrived) filter (where begun_at <= $2), 0)::bigint as "before!"
            from arrival
            where petition_id = $1
            and begun_at > $3
            group by kind, key
            having coalesce(sum(arrived) filter (where begun_at > $2), 0) >= $4::bigint
            order by 3 desc, kind, key
            limit 50"#,
            petition.0,
            hour,
            day,
            i64::from(at_least)
        )
        .fetch_all(&self.pool)
        .await
        .map_err(from_sqlx)?;
        rows.into_iter()
            .map(|row| {
                Ok(Trend {
                    kind: arrivals::kind(&row.kind)?,
                    key: fingerprint(&row.key)?,
                    arrived: row.arrived,
                    passed: row.passed,
                    before: row.before,
                })
            })
            .collect()
    }

    async fn erase_arrivals(&self, before_at: DateTime<Utc>) -> StorageResult<u64> {
        let erased = sqlx::query!("delete from arrival where begun_at < $1", before_at)
            .execute(&self.pool)
            .await
            .map_err(from_sqlx)?;
        Ok(erased.rows_affected())
    }
}
