//! Who came of late, counted in the transaction that saves signatures.

use crate::encoding::{fingerprint, hex, hex_id, micros};
use crate::errors::from_sqlx;
use crate::open::Connection;
use redress_model::abuse::limits::{Limits, steps};
use redress_model::id::PetitionId;
use redress_storage::abuse::{ArrivalKey, ArrivalKind};
use redress_storage::plan::Recording;
use redress_storage::{StorageError, StorageResult};
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// One file has one writer at a time: there is no need for a second shard.
const NODE: i64 = 0;

/// The limits of a petition: those of its rules, or those that stand where nobody has edited them.
pub(crate) fn limits(has_rules: bool, client: Option<i64>, domain: Option<i64>) -> Limits {
    if !has_rules {
        return Limits::default();
    }
    let limit = |limit: i64| u32::try_from(limit).unwrap_or(u32::MAX);
    Limits {
        client_an_hour: client.map(limit),
        domain_an_hour: domain.map(limit),
    }
}

/// Lets the limits decide about a batch, and counts it.
pub(crate) async fn limit(
    connection: &mut Connection,
    recording: &mut Recording<'_>,
) -> StorageResult<()> {
    let keys = recording.arrival_keys();
    let Some(at) = recording.last_at().filter(|_| !keys.is_empty()) else {
        recording.limit(HashMap::new());
        return Ok(());
    };
    let keys = keys.iter().map(|key| {
        json!([
            hex_id(key.petition_id.0),
            key.kind.as_str(),
            hex(key.key.as_bytes())
        ])
    });
    let keys = keys.collect::<Value>().to_string();
    let steps = steps(at).into_iter().map(micros).collect::<Value>();
    let steps = steps.to_string();
    let rows = sqlx::query!(
        r#"select
          a.petition_id as "petition_id: Uuid",
          a.kind,
          a.key,
          sum(a.passed) as "passed!: i64"
        from json_each(?2) s
        cross join json_each(?1) k
        cross join arrival a
        on a.begun_at = s.value
        and a.petition_id = unhex(k.value ->> 0)
        and a.kind = k.value ->> 1
        and a.key = unhex(k.value ->> 2)
        group by a.petition_id, a.kind, a.key"#,
        keys,
        steps
    )
    .fetch_all(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    let mut passed = HashMap::with_capacity(rows.len());
    for row in rows {
        let key = ArrivalKey {
            petition_id: PetitionId(row.petition_id),
            kind: kind(&row.kind)?,
            key: fingerprint(&row.key)?,
        };
        passed.insert(key, row.passed);
    }
    recording.limit(passed);
    write(connection, recording).await
}

async fn write(connection: &mut Connection, recording: &Recording<'_>) -> StorageResult<()> {
    let moves = recording.arrivals().iter();
    let moves = moves.map(|((key, begun_at), (arrived, passed))| {
        json!([
            micros(*begun_at),
            hex_id(key.petition_id.0),
            key.kind.as_str(),
            hex(key.key.as_bytes()),
            arrived,
            passed
        ])
    });
    let moves = moves.collect::<Value>().to_string();
    sqlx::query!(
        "insert into arrival (begun_at, petition_id, kind, key, node, arrived, passed)
        select
          value ->> 0, unhex(value ->> 1), value ->> 2, unhex(value ->> 3), ?2, value ->> 4, value ->> 5
        from json_each(?1)
        where true
        on conflict (begun_at, petition_id, kind, key, node) do update
        set
          arrived = arrived + excluded.arrived,
          passed = passed + excluded.passed",
        moves,
        NODE
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// Reads the word of what is counted.
pub(crate) fn kind(word: &str) -> StorageResult<ArrivalKind> {
    ArrivalKind::parse(word).ok_or_else(|| StorageError::unreadable("arrival kind", word))
}
