//! What holds off abuse.

use crate::encoding::{fingerprint, instant, micros};
use crate::errors::from_sqlx;
use crate::open::Sqlite;
use crate::{arrivals, audit};
use async_trait::async_trait;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use redress_model::abuse::limits::WINDOW;
use redress_model::id::PetitionId;
use redress_storage::abuse::{Abuse, AbuseRules, Salt, Trend};
use redress_storage::audit::Deed;
use redress_storage::{StorageError, StorageResult};

#[async_trait]
impl Abuse for Sqlite {
    async fn share_salt(&self, day_on: NaiveDate, fresh: &Salt) -> StorageResult<Salt> {
        let (day, fresh) = (day_on.to_string(), fresh.as_slice());
        let mut tx = self.begin().await?;
        // In one statement: a server whose clock is ahead may erase the row between two.
        let salt = sqlx::query_scalar!(
            "insert into client_salt as s (day_on, salt)
            values (?1, ?2)
            on conflict (day_on) do update
            set salt = s.salt
            returning salt",
            day,
            fresh
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        sqlx::query!("delete from client_salt where day_on < ?1", day)
            .execute(&mut *tx)
            .await
            .map_err(from_sqlx)?;
        tx.commit().await.map_err(from_sqlx)?;
        salt.as_slice()
            .try_into()
            .map_err(|_| StorageError::unreadable("salt", salt.len()))
    }

    async fn erase_salts(&self, before_on: NaiveDate) -> StorageResult<u64> {
        let day = before_on.to_string();
        let erased = sqlx::query!("delete from client_salt where day_on < ?1", day)
            .execute(&self.writer)
            .await
            .map_err(from_sqlx)?;
        Ok(erased.rows_affected())
    }

    async fn find_abuse_rules(&self, petition: PetitionId) -> StorageResult<Option<AbuseRules>> {
        let row = sqlx::query!(
            "select version, client_an_hour, domain_an_hour, sealed, changed_at
            from abuse_rule
            where petition_id = ?1",
            petition.0
        )
        .fetch_optional(&self.reader)
        .await
        .map_err(from_sqlx)?;
        row.map(|row| {
            Ok(AbuseRules {
                petition_id: petition,
                version: row.version,
                limits: arrivals::limits(true, row.client_an_hour, row.domain_an_hour),
                sealed: row.sealed,
                changed_at: instant(row.changed_at)?,
            })
        })
        .transpose()
    }

    async fn record_abuse_rules(&self, rules: &AbuseRules, deed: &Deed) -> StorageResult<()> {
        let mut tx = self.begin().await?;
        let (client, domain) = (rules.limits.client_an_hour, rules.limits.domain_an_hour);
        let changed_at = micros(rules.changed_at);
        let written = sqlx::query!(
            "insert into abuse_rule (petition_id, version, client_an_hour, domain_an_hour, sealed, changed_at)
            select ?1, ?2, ?3, ?4, ?5, ?6
            where ?2 = 1
            or exists (select 1 from abuse_rule where petition_id = ?1)
            on conflict (petition_id) do update
            set
              version = excluded.version,
              client_an_hour = excluded.client_an_hour,
              domain_an_hour = excluded.domain_an_hour,
              sealed = excluded.sealed,
              changed_at = excluded.changed_at
            where abuse_rule.version = excluded.version - 1",
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
        let (hour, day) = (micros(at - WINDOW), micros(at - Duration::hours(24)));
        let rows = sqlx::query!(
            r#"select
              kind,
              key,
              sum(iif(begun_at > ?2, arrived, 0)) as "arrived!: i64",
              sum(iif(begun_at > ?2, passed, 0)) as "passed!: i64",
              sum(iif(begun_at > ?2, 0, arrived)) as "before!: i64"
            from arrival
            where petition_id = ?1
            and begun_at > ?3
            group by kind, key
            having sum(iif(begun_at > ?2, arrived, 0)) >= ?4
            order by 3 desc, kind, key
            limit 50"#,
            petition.0,
            hour,
            day,
            at_least
        )
        .fetch_all(&self.reader)
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
        let before = micros(before_at);
        let erased = sqlx::query!("delete from arrival where begun_at < ?1", before)
            .execute(&self.writer)
            .await
            .map_err(from_sqlx)?;
        Ok(erased.rows_affected())
    }
}
