//! The log of what was done.

use crate::errors::from_sqlx;
use crate::open::{Connection, Postgres};
use async_trait::async_trait;
use redress_storage::audit::{Audit, AuditEntry, Deed};
use redress_storage::{StorageError, StorageResult};

/// Appends a deed within the transaction of what was done.
pub(crate) async fn append(connection: &mut Connection, deed: &Deed) -> StorageResult<()> {
    // The head is locked until the transaction ends: the chain grows at one end only.
    let head = sqlx::query!("select number, hash from audit_head for update")
        .fetch_one(&mut *connection)
        .await
        .map_err(from_sqlx)?;
    let entry = AuditEntry::chained(head.number + 1, &hash(&head.hash)?, deed);
    let chained = entry.hash.as_slice();
    sqlx::query!(
        "update audit_head set number = $1, hash = $2",
        entry.number,
        chained
    )
    .execute(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    sqlx::query!(
        "insert into audit (number, actor, action, subject, details, at, hash)
        values ($1, $2, $3, $4, $5, $6, $7)",
        entry.number,
        entry.actor,
        entry.action,
        entry.subject,
        entry.details,
        entry.at,
        chained
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

fn hash(bytes: &[u8]) -> StorageResult<[u8; 32]> {
    bytes
        .try_into()
        .map_err(|_| StorageError::unreadable("audit hash", bytes.len()))
}

#[async_trait]
impl Audit for Postgres {
    async fn record_deed(&self, deed: &Deed) -> StorageResult<()> {
        let mut tx = self.begin().await?;
        append(&mut tx, deed).await?;
        tx.commit().await.map_err(from_sqlx)
    }

    async fn list_deeds(&self, after: i64, limit: u32) -> StorageResult<Vec<AuditEntry>> {
        let rows = sqlx::query!(
            "select number, actor, action, subject, details, at, hash
            from audit
            where number > $1
            order by number
            limit $2",
            after,
            i64::from(limit)
        )
        .fetch_all(&self.pool)
        .await
        .map_err(from_sqlx)?;
        rows.into_iter()
            .map(|row| {
                Ok(AuditEntry {
                    number: row.number,
                    actor: row.actor,
                    action: row.action,
                    subject: row.subject,
                    details: row.details,
                    at: row.at,
                    hash: hash(&row.hash)?,
                })
            })
            .collect()
    }
}
