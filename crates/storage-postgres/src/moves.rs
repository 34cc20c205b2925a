//! Writing what a transaction changes in the tallies.

use crate::errors::from_sqlx;
use crate::open::Connection;
use chrono::{DateTime, Utc};
use redress_model::id::PetitionId;
use redress_model::tally::Tally;
use redress_storage::StorageResult;
use redress_storage::moves::{HomeKey, TallyMoves};
use std::collections::HashMap;
use uuid::Uuid;

/// The columns of rows of one table, in the order of their keys; those that the table has.
#[derive(Default)]
struct Columns {
    petitions: Vec<Uuid>,
    homes: Vec<String>,
    districts: Vec<String>,
    hours: Vec<DateTime<Utc>>,
    counted: Vec<i64>,
    self_asserted: Vec<i64>,
    paper: Vec<i64>,
    waiting: Vec<i64>,
    over: Vec<i64>,
}

impl Columns {
    fn push(&mut self, petition: PetitionId, tally: Tally) {
        self.petitions.push(petition.0);
        self.counted.push(tally.counted);
        self.self_asserted.push(tally.self_asserted);
        self.paper.push(tally.paper);
    }

    fn push_home(&mut self, (petition, home, district): &HomeKey, tally: Tally) {
        self.push(*petition, tally);
        self.homes.push(home.clone());
        self.districts.push(district.clone());
    }
}

/// The rows of the four tables.
#[derive(Default)]
struct Rows {
    petitions: Columns,
    petition_hours: Columns,
    homes: Columns,
    home_hours: Columns,
}

impl Rows {
    /// The maps are sorted by key, and so are the rows.
    fn of(moves: &TallyMoves) -> Self {
        let mut rows = Self::default();
        for (petition, (tally, waiting)) in &moves.petitions {
            rows.petitions.push(*petition, *tally);
            rows.petitions.waiting.push(*waiting);
        }
        for ((petition, hour), tally) in &moves.petition_hours {
            rows.petition_hours.push(*petition, *tally);
            rows.petition_hours.hours.push(*hour);
        }
        for (key, moved) in &moves.homes {
            rows.homes.push_home(key, moved.tally);
            rows.homes.over.push(moved.over);
        }
        for ((key, hour), tally) in &moves.home_hours {
            rows.home_hours.push_home(key, *tally);
            rows.home_hours.hours.push(*hour);
        }
        rows
    }
}

/// Adds the moves of a transaction to a node's rows, all in one statement.
///
/// Locks are taken in one order: petitions, their hours, homes, their hours, each by key. PostgreSQL promises no order among parts of a
/// statement that do not read each other, so each part begins by counting what the one before it has written.
pub(crate) async fn write(
    connection: &mut Connection,
    moves: &TallyMoves,
    node: i32,
) -> StorageResult<()> {
    if moves.is_empty() {
        return Ok(());
    }
    let Rows {
        petitions,
        petition_hours,
        homes,
        home_hours,
    } = Rows::of(moves);
    sqlx::query!(
        "with petition_part as (
          insert into petition_tally as t (petition_id, counted, self_asserted, paper, waiting, node)
          select c.*, $1::integer
          from unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[]) as c
          on conflict (petition_id, node) do update
          set
            counted = t.counted + excluded.counted,
            self_asserted = t.self_asserted + excluded.self_asserted,
            paper = t.paper + excluded.paper,
            waiting = t.waiting + excluded.waiting
          returning 1
        ),
        petition_hour_part as (
          insert into petition_tally_hour as t (petition_id, hour_at, counted, self_asserted, paper, node)
          select c.*, $1::integer
          from unnest($7::uuid[], $8::timestamptz[], $9::bigint[], $10::bigint[], $11::bigint[]) as c
          where (select count(*) from petition_part) >= 0
          on conflict (petition_id, hour_at, node) do update
          set
            counted = t.counted + excluded.counted,
            self_asserted = t.self_asserted + excluded.self_asserted,
            paper = t.paper + excluded.paper
          returning 1
        ),
        home_part as (
          insert into home_tally as t (
            petition_id, home, district, counted, self_asserted, paper, counted_over, node
          )
          select c.*, $1::integer
          from unnest(
            $12::uuid[], $13::text[], $14::text[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[]
          ) as c
          where (select count(*) from petition_hour_part) >= 0
          on conflict (petition_id, home, district, node) do update
          set
            counted = t.counted + excluded.counted,
            self_asserted = t.self_asserted + excluded.self_asserted,
            paper = t.paper + excluded.paper,
            counted_over = t.counted_over + excluded.counted_over
          returning 1
        )
        insert into home_tally_hour as t (
          petition_id, home, district, hour_at, counted, self_asserted, paper, node
        )
        select c.*, $1::integer
        from unnest(
          $19::uuid[], $20::text[], $21::text[], $22::timestamptz[], $23::bigint[], $24::bigint[], $25::bigint[]
        ) as c
        where (select count(*) from home_part) >= 0
        on conflict (petition_id, home, hour_at, district, node) do update
        set
          counted = t.counted + excluded.counted,
          self_asserted = t.self_asserted + excluded.self_asserted,
          paper = t.paper + excluded.paper",
        node,
        &petitions.petitions,
        &petitions.counted,
        &petitions.self_asserted,
        &petitions.paper,
        &petitions.waiting,
        &petition_hours.petitions,
        &petition_hours.hours,
        &petition_hours.counted,
        &petition_hours.self_asserted,
        &petition_hours.paper,
        &homes.petitions,
        &homes.homes,
        &homes.districts,
        &homes.counted,
        &homes.self_asserted,
        &homes.paper,
        &homes.over,
        &home_hours.petitions,
        &home_hours.homes,
        &home_hours.districts,
        &home_hours.hours,
        &home_hours.counted,
        &home_hours.self_asserted,
        &home_hours.paper
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// The totals of some petitions, as they are within the transaction.
pub(crate) async fn totals(
    connection: &mut Connection,
    petitions: impl IntoIterator<Item = PetitionId>,
) -> StorageResult<HashMap<PetitionId, i64>> {
    let mut totals = HashMap::new();
    for petition in petitions {
        let total = sqlx::query_scalar!(
            r#"select coalesce(sum(counted), 0)::bigint as "counted!"
            from petition_tally
            where petition_id = $1"#,
            petition.0
        )
        .fetch_one(&mut *connection)
        .await
        .map_err(from_sqlx)?;
        totals.insert(petition, total);
    }
    Ok(totals)
}
