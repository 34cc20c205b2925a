//! Writing what a transaction changes in the tallies.

use crate::encoding::{hex_id, micros};
use crate::errors::from_sqlx;
use crate::open::Connection;
use redress_model::id::PetitionId;
use redress_storage::StorageResult;
use redress_storage::moves::TallyMoves;
use serde_json::{Value, json};
use std::collections::HashMap;

/// One file has one writer at a time: there is no need for a second shard.
const NODE: i64 = 0;

/// Adds the moves of a transaction, by key.
pub(crate) async fn write(connection: &mut Connection, moves: &TallyMoves) -> StorageResult<()> {
    write_petitions(connection, moves).await?;
    write_homes(connection, moves).await
}

async fn write_petitions(connection: &mut Connection, moves: &TallyMoves) -> StorageResult<()> {
    for (petition, (tally, waiting)) in &moves.petitions {
        sqlx::query!(
            "insert into petition_tally (petition_id, node, counted, self_asserted, paper, waiting)
            values (?1, ?2, ?3, ?4, ?5, ?6)
            on conflict (petition_id, node) do update
            set
              counted = counted + excluded.counted,
              self_asserted = self_asserted + excluded.self_asserted,
              paper = paper + excluded.paper,
              waiting = waiting + excluded.waiting",
            petition.0,
            NODE,
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
        let hour = micros(*hour);
        sqlx::query!(
            "insert into petition_tally_hour (petition_id, hour_at, node, counted, self_asserted, paper)
            values (?1, ?2, ?3, ?4, ?5, ?6)
            on conflict (petition_id, hour_at, node) do update
            set
              counted = counted + excluded.counted,
              self_asserted = self_asserted + excluded.self_asserted,
              paper = paper + excluded.paper",
            petition.0,
            hour,
            NODE,
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

async fn write_homes(connection: &mut Connection, moves: &TallyMoves) -> StorageResult<()> {
    if moves.homes.is_empty() {
        return Ok(());
    }
    let homes = moves
        .homes
        .iter()
        .map(|((petition, home, district), moved)| {
            let tally = moved.tally;
            json!([
                hex_id(petition.0),
                home,
                district,
                tally.counted,
                tally.self_asserted,
                tally.paper,
                moved.over
            ])
        });
    let homes = homes.collect::<Value>().to_string();
    sqlx::query!(
        "insert into home_tally (petition_id, home, district, node, counted, self_asserted, paper, counted_over)
        select
          unhex(value ->> 0), value ->> 1, value ->> 2, ?2,
          value ->> 3, value ->> 4, value ->> 5, value ->> 6
        from json_each(?1)
        where true
        on conflict (petition_id, home, district, node) do update
        set
          counted = counted + excluded.counted,
          self_asserted = self_asserted + excluded.self_asserted,
          paper = paper + excluded.paper,
          counted_over = counted_over + excluded.counted_over",
        homes,
        NODE
    )
    .execute(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    let hours = moves
        .home_hours
        .iter()
        .map(|(((petition, home, district), hour), tally)| {
            json!([
                hex_id(petition.0),
                home,
                micros(*hour),
                district,
                tally.counted,
                tally.self_asserted,
                tally.paper
            ])
        });
    let hours = hours.collect::<Value>().to_string();
    sqlx::query!(
        "insert into home_tally_hour (petition_id, home, hour_at, district, node, counted, self_asserted, paper)
        select
          unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3, ?2,
          value ->> 4, value ->> 5, value ->> 6
        from json_each(?1)
        where true
        on conflict (petition_id, home, hour_at, district, node) do update
        set
          counted = counted + excluded.counted,
          self_asserted = self_asserted + excluded.self_asserted,
          paper = paper + excluded.paper",
        hours,
        NODE
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
            r#"select coalesce(sum(counted), 0) as "counted!: i64"
            from petition_tally
            where petition_id = ?1"#,
            petition.0
        )
        .fetch_one(&mut *connection)
        .await
        .map_err(from_sqlx)?;
        totals.insert(petition, total);
    }
    Ok(totals)
}
