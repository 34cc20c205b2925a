//! Writing what a transaction changes in the tallies.

use crate::errors::from_sqlx;
use crate::open::Connection;
use chrono::{DateTime, Utc};
use redress_model::id::PetitionId;
use redress_model::tally::Tally;
use redress_storage::StorageResult;
use redress_storage::moves::TallyMoves;
use std::collections::HashMap;
use uuid::Uuid;

/// Adds the moves of a transaction to a node's rows, by key.
pub(crate) async fn write(
    connection: &mut Connection,
    moves: &TallyMoves,
    node: i32,
) -> StorageResult<()> {
    write_petitions(connection, moves, node).await?;
    write_homes(connection, moves, node).await?;
    write_home_hours(connection, moves, node).await
}

async fn write_petitions(
    connection: &mut Connection,
    moves: &TallyMoves,
    node: i32,
) -> StorageResult<()> {
    for (petition, (tally, waiting)) in &moves.petitions {
        sqlx::query!(
            "insert into petition_tally as t (petition_id, node, counted, self_asserted, paper, waiting)
            values ($1, $2, $3, $4, $5, $6)
            on conflict (petition_id, node) do update
            set
              counted = t.counted + excluded.counted,
              self_asserted = t.self_asserted + excluded.self_asserted,
              paper = t.paper + excluded.paper,
              waiting = t.waiting + excluded.waiting",
            petition.0,
            node,
            tally.counted,
            tally.self_asserted,
            tally.paper,
            waiting
        )
        .execute(&mut *connection)
        .await
        .map_err(from_sqlx)?;
    }
    for ((petition, hour), tally) in &moves.petition_hours {
        sqlx::query!(
            "insert into petition_tally_hour as t (petition_id, hour_at, node, counted, self_asserted, paper)
            values ($1, $2, $3, $4, $5, $6)
            on conflict (petition_id, hour_at, node) do update
            set
              counted = t.counted + excluded.counted,
              self_asserted = t.self_asserted + excluded.self_asserted,
              paper = t.paper + excluded.paper",
            petition.0,
            hour,
            node,
            tally.counted,
            tally.self_asserted,
            tally.paper
        )
        .execute(&mut *connection)
        .await
        .map_err(from_sqlx)?;
    }
    Ok(())
}

/// The columns of tally rows, sorted by key.
#[derive(Default)]
struct Columns {
    petitions: Vec<Uuid>,
    homes: Vec<String>,
    districts: Vec<String>,
    hours: Vec<DateTime<Utc>>,
    counted: Vec<i64>,
    self_asserted: Vec<i64>,
    paper: Vec<i64>,
    over: Vec<i64>,
}

impl Columns {
    fn push(&mut self, (petition, home, district): &(PetitionId, String, String), tally: Tally) {
        self.petitions.push(petition.0);
        self.homes.push(home.clone());
        self.districts.push(district.clone());
        self.counted.push(tally.counted);
        self.self_asserted.push(tally.self_asserted);
        self.paper.push(tally.paper);
    }
}

async fn write_homes(
    connection: &mut Connection,
    moves: &TallyMoves,
    node: i32,
) -> StorageResult<()> {
    if moves.homes.is_empty() {
        return Ok(());
    }
    let mut columns = Columns::default();
    for (key, moved) in &moves.homes {
        columns.push(key, moved.tally);
        columns.over.push(moved.over);
    }
    sqlx::query!(
        "insert into home_tally as t (
          petition_id, home, district, counted, self_asserted, paper, counted_over, node
        )
        select c.*, $8
        from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[]) as c
        on conflict (petition_id, home, district, node) do update
        set
          counted = t.counted + excluded.counted,
          self_asserted = t.self_asserted + excluded.self_asserted,
          paper = t.paper + excluded.paper,
          counted_over = t.counted_over + excluded.counted_over",
        &columns.petitions,
        &columns.homes,
        &columns.districts,
        &columns.counted,
        &columns.self_asserted,
        &columns.paper,
        &columns.over,
        node
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

async fn write_home_hours(
    connection: &mut Connection,
    moves: &TallyMoves,
    node: i32,
) -> StorageResult<()> {
    if moves.home_hours.is_empty() {
        return Ok(());
    }
    let mut columns = Columns::default();
    for ((key, hour), tally) in &moves.home_hours {
        columns.push(key, *tally);
        columns.hours.push(*hour);
    }
    sqlx::query!(
        "insert into home_tally_hour as t (
          petition_id, home, district, hour_at, counted, self_asserted, paper, node
        )
        select c.*, $8
        from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::bigint[], $6::bigint[], $7::bigint[]) as c
        on conflict (petition_id, home, hour_at, district, node) do update
        set
          counted = t.counted + excluded.counted,
          self_asserted = t.self_asserted + excluded.self_asserted,
          paper = t.paper + excluded.paper",
        &columns.petitions,
        &columns.homes,
        &columns.districts,
        &columns.hours,
        &columns.counted,
        &columns.self_asserted,
        &columns.paper,
        node
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
