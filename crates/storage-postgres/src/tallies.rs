//! Stored counts.

use crate::encoding::{district, geoids, home as read_home};
use crate::errors::from_sqlx;
use crate::open::Postgres;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::home::Home;
use redress_model::id::PetitionId;
use redress_model::tally::{DistrictTally, HomeTally, HourTally, PetitionTally, Tally};
use redress_storage::StorageResult;
use redress_storage::moves::differences;
use redress_storage::tallies::{Difference, Tallies};
use std::collections::{BTreeMap, BTreeSet};

#[async_trait]
impl Tallies for Postgres {
    async fn find_total(&self, petition: PetitionId) -> StorageResult<PetitionTally> {
        let row = sqlx::query!(
            r#"select
              coalesce(sum(counted), 0)::bigint as "counted!",
              coalesce(sum(self_asserted), 0)::bigint as "self_asserted!",
              coalesce(sum(paper), 0)::bigint as "paper!",
              coalesce(sum(waiting), 0)::bigint as "waiting!"
            from petition_tally
            where petition_id = $1"#,
            petition.0
        )
        .fetch_one(&self.pool)
        .await
        .map_err(from_sqlx)?;
        let tally = Tally {
            counted: row.counted,
            self_asserted: row.self_asserted,
            paper: row.paper,
        };
        Ok(PetitionTally {
            tally,
            waiting: row.waiting,
        })
    }

    async fn find_home(&self, petition: PetitionId, home: &Home) -> StorageResult<HomeTally> {
        let key = home.as_key();
        let row = sqlx::query!(
            r#"select
              coalesce(sum(counted), 0)::bigint as "counted!",
              coalesce(sum(self_asserted), 0)::bigint as "self_asserted!",
              coalesce(sum(paper), 0)::bigint as "paper!",
              coalesce(sum(counted_over), 0)::bigint as "over!"
            from home_tally
            where petition_id = $1
            and home = $2"#,
            petition.0,
            key
        )
        .fetch_one(&self.pool)
        .await
        .map_err(from_sqlx)?;
        let tally = Tally {
            counted: row.counted,
            self_asserted: row.self_asserted,
            paper: row.paper,
        };
        Ok(HomeTally {
            home: home.clone(),
            tally,
            over: row.over,
        })
    }

    async fn list_homes(&self, petition: PetitionId) -> StorageResult<Vec<HomeTally>> {
        let rows = sqlx::query!(
            r#"select
              home,
              sum(counted)::bigint as "counted!",
              sum(self_asserted)::bigint as "self_asserted!",
              sum(paper)::bigint as "paper!",
              sum(counted_over)::bigint as "over!"
            from home_tally
            where petition_id = $1
            group by home
            having sum(counted) <> 0
            or sum(counted_over) <> 0
            order by home collate "C""#,
            petition.0
        )
        .fetch_all(&self.pool)
        .await
        .map_err(from_sqlx)?;
        rows.into_iter()
            .map(|row| {
                let tally = Tally {
                    counted: row.counted,
                    self_asserted: row.self_asserted,
                    paper: row.paper,
                };
                Ok(HomeTally {
                    home: read_home(&row.home)?,
                    tally,
                    over: row.over,
                })
            })
            .collect()
    }

    async fn list_districts(
        &self,
        petition: PetitionId,
        home: Option<&Home>,
    ) -> StorageResult<Vec<DistrictTally>> {
        let home = home.map(Home::as_key);
        let rows = sqlx::query!(
            r#"select
              home,
              district,
              sum(counted)::bigint as "counted!",
              sum(self_asserted)::bigint as "self_asserted!",
              sum(paper)::bigint as "paper!"
            from home_tally
            where petition_id = $1
            and ($2::text is null or home = $2)
            group by home, district
            having sum(counted) <> 0
            order by home collate "C", district collate "C""#,
            petition.0,
            home
        )
        .fetch_all(&self.pool)
        .await
        .map_err(from_sqlx)?;
        rows.into_iter()
            .map(|row| {
                let tally = Tally {
                    counted: row.counted,
                    self_asserted: row.self_asserted,
                    paper: row.paper,
                };
                Ok(DistrictTally {
                    home: read_home(&row.home)?,
                    district: district(&row.district)?,
                    tally,
                })
            })
            .collect()
    }

    async fn list_hours(
        &self,
        petition: PetitionId,
        home: Option<&Home>,
        from_at: DateTime<Utc>,
        to_at: DateTime<Utc>,
    ) -> StorageResult<Vec<HourTally>> {
        let hours: Vec<(DateTime<Utc>, Tally)> = if let Some(home) = home {
            let home = home.as_key();
            sqlx::query!(
                r#"select
                  hour_at,
                  sum(counted)::bigint as "counted!",
                  sum(self_asserted)::bigint as "self_asserted!",
                  sum(paper)::bigint as "paper!"
                from home_tally_hour
                where petition_id = $1
                and home = $2
                and hour_at >= $3
                and hour_at < $4
                group by hour_at
                order by hour_at"#,
                petition.0,
                home,
                from_at,
                to_at
            )
            .fetch_all(&self.pool)
            .await
            .map_err(from_sqlx)?
            .into_iter()
            .map(|row| {
                (
                    row.hour_at,
                    Tally {
                        counted: row.counted,
                        self_asserted: row.self_asserted,
                        paper: row.paper,
                    },
                )
            })
            .collect()
        } else {
            sqlx::query!(
                r#"select
                  hour_at,
                  sum(counted)::bigint as "counted!",
                  sum(self_asserted)::bigint as "self_asserted!",
                  sum(paper)::bigint as "paper!"
                from petition_tally_hour
                where petition_id = $1
                and hour_at >= $2
                and hour_at < $3
                group by hour_at
                order by hour_at"#,
                petition.0,
                from_at,
                to_at
            )
            .fetch_all(&self.pool)
            .await
            .map_err(from_sqlx)?
            .into_iter()
            .map(|row| {
                (
                    row.hour_at,
                    Tally {
                        counted: row.counted,
                        self_asserted: row.self_asserted,
                        paper: row.paper,
                    },
                )
            })
            .collect()
        };
        hours
            .into_iter()
            .filter(|(_, tally)| !tally.is_zero())
            .map(|(hour_at, tally)| Ok(HourTally { hour_at, tally }))
            .collect()
    }

    async fn recount(&self, petition: PetitionId) -> StorageResult<Vec<Difference>> {
        let mut tx = self.snapshot().await?;
        let stored = sqlx::query!(
            r#"select
              'total' as "what!", coalesce(sum(counted), 0)::bigint as "count!"
            from petition_tally
            where petition_id = $1
            union all
            select 'self-asserted', coalesce(sum(self_asserted), 0)::bigint
            from petition_tally
            where petition_id = $1
            union all
            select 'paper', coalesce(sum(paper), 0)::bigint
            from petition_tally
            where petition_id = $1
            union all
            select 'waiting', coalesce(sum(waiting), 0)::bigint
            from petition_tally
            where petition_id = $1
            union all
            select 'hours', coalesce(sum(counted), 0)::bigint
            from petition_tally_hour
            where petition_id = $1
            union all
            select 'district ' || home || '/' || district, sum(counted)::bigint
            from home_tally
            where petition_id = $1
            group by home, district
            union all
            select 'hours of ' || home || '/' || district, sum(counted)::bigint
            from home_tally_hour
            where petition_id = $1
            group by home, district
            union all
            select 'over ' || home, sum(counted_over)::bigint
            from home_tally
            where petition_id = $1
            group by home"#,
            petition.0
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        let rows = sqlx::query!(
            r#"select
              home,
              district,
              governments_over,
              count(*) filter (where is_counted) as "counted!",
              count(*) filter (where is_counted and is_self_asserted) as "self_asserted!",
              count(*) filter (where is_counted and origin = 'paper') as "paper!",
              count(*) filter (where state = 'pending') as "waiting!"
            from signature
            where petition_id = $1
            group by home, district, governments_over"#,
            petition.0
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        let stored = stored
            .into_iter()
            .map(|row| (row.what, row.count))
            .collect();
        let mut recounted: BTreeMap<String, i64> = BTreeMap::new();
        let mut add = |what: String, count| *recounted.entry(what).or_default() += count;
        for row in rows {
            add("total".into(), row.counted);
            add("hours".into(), row.counted);
            add("self-asserted".into(), row.self_asserted);
            add("paper".into(), row.paper);
            add("waiting".into(), row.waiting);
            add(
                format!("district {}/{}", row.home, row.district),
                row.counted,
            );
            add(
                format!("hours of {}/{}", row.home, row.district),
                row.counted,
            );
            let over: BTreeSet<_> = geoids(&row.governments_over)?.into_iter().collect();
            for geoid in over.iter().filter(|geoid| geoid.as_str() != row.home) {
                add(format!("over {geoid}"), row.counted);
            }
        }
        Ok(differences(&stored, &recounted))
    }
}
