//! Who came of late, counted in the transaction that saves signatures.

use crate::encoding::fingerprint;
use crate::errors::from_sqlx;
use crate::open::Connection;
use chrono::{DateTime, Utc};
use redress_model::abuse::limits::{Limits, steps};
use redress_model::id::PetitionId;
use redress_storage::abuse::{ArrivalKey, ArrivalKind};
use redress_storage::plan::Recording;
use redress_storage::{StorageError, StorageResult};
use std::collections::HashMap;
use uuid::Uuid;

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

/// Lets the limits decide about a batch, and counts it under a node. What other nodes are writing at this moment is seen by the next
/// batch: the limit may be passed by as much as is on its way there.
pub(crate) async fn limit(
    connection: &mut Connection,
    recording: &mut Recording<'_>,
    node: i32,
) -> StorageResult<()> {
    let keys = recording.arrival_keys();
    let Some(at) = recording.last_at().filter(|_| !keys.is_empty()) else {
        recording.limit(HashMap::new());
        return Ok(());
    };
    let petitions: Vec<Uuid> = keys.iter().map(|key| key.petition_id.0).collect();
    let kinds: Vec<String> = keys.iter().map(|key| key.kind.as_str().into()).collect();
    let hashes: Vec<Vec<u8>> = keys.iter().map(|key| key.key.0.to_vec()).collect();
    let rows = sqlx::query!(
        r#"select
          a.petition_id,
          a.kind,
          a.key,
          sum(a.passed)::bigint as "passed!"
        from unnest($1::timestamptz[]) as s (begun_at)
        cross join unnest($2::uuid[], $3::text[], $4::bytea[]) as k (petition_id, kind, key)
        join arrival a
        on a.begun_at = s.begun_at
        and a.petition_id = k.petition_id
        and a.kind = k.kind
        and a.key = k.key
        group by a.petition_id, a.kind, a.key"#,
        &steps(at),
        &petitions,
        &kinds,
        &hashes
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
    write(connection, recording, node).await
}

/// In the order of keys, so that two transactions under one node never wait for each other crosswise.
async fn write(
    connection: &mut Connection,
    recording: &Recording<'_>,
    node: i32,
) -> StorageResult<()> {
    let moves = recording.arrivals();
    let begun_at: Vec<DateTime<Utc>> = moves.keys().map(|(_, begun_at)| *begun_at).collect();
    let petitions: Vec<Uuid> = moves.keys().map(|(key, _)| key.petition_id.0).collect();
    let kinds: Vec<String> = moves
        .keys()
        .map(|(key, _)| key.kind.as_str().into())
        .collect();
    let hashes: Vec<Vec<u8>> = moves.keys().map(|(key, _)| key.key.0.to_vec()).collect();
    let (arrived, passed): (Vec<i64>, Vec<i64>) = moves.values().copied().unzip();
    sqlx::query!(
        "insert into arrival as a (begun_at, petition_id, kind, key, node, arrived, passed)
        select begun_at, petition_id, kind, key, $7, arrived, passed
        from unnest(
          $1::timestamptz[], $2::uuid[], $3::text[], $4::bytea[], $5::bigint[], $6::bigint[]
        ) as m (begun_at, petition_id, kind, key, arrived, passed)
        on conflict (begun_at, petition_id, kind, key, node) do update
        set
          arrived = a.arrived + excluded.arrived,
          passed = a.passed + excluded.passed",
        &begun_at,
        &petitions,
        &kinds,
        &hashes,
        &arrived,
        &passed,
        node
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
