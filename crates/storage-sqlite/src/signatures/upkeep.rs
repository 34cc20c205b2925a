//! What timers do with signatures that wait.

use super::change::{Count, erase_standing};
use super::standing::standings;
use crate::encoding::micros;
use crate::errors::from_sqlx;
use crate::open::Sqlite;
use crate::{household, mails, moves};
use chrono::{DateTime, Utc};
use rand::CryptoRng;
use redress_model::clock::FixedClock;
use redress_model::fingerprint::Fingerprint;
use redress_model::id::{MailId, PetitionId, SignatureId};
use redress_storage::mails::{Mail, MailKind};
use redress_storage::moves::TallyMoves;
use redress_storage::plan::Standing;
use redress_storage::{StorageError, StorageResult};
use uuid::Uuid;

pub(super) async fn erase_expired(
    sqlite: &Sqlite,
    at: DateTime<Utc>,
    limit: u32,
) -> StorageResult<u32> {
    let mut tx = sqlite.begin().await?;
    let before = micros(at);
    let ids = sqlx::query_scalar!(
        r#"select id as "id: Uuid"
        from signature
        where state = 'pending'
        and confirm_by_at < ?1
        order by confirm_by_at, id
        limit ?2"#,
        before,
        limit
    )
    .fetch_all(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    let mut expired: Vec<Standing> = standings(&mut tx, ids.into_iter().map(SignatureId))
        .await?
        .into_values()
        .collect();
    expired.sort_by_key(|standing| (standing.petition_id, standing.email_key, standing.id));
    let mut moves = TallyMoves::default();
    for standing in &expired {
        erase_standing(&mut tx, standing, at, Count::Ends, &mut moves).await?;
    }
    moves::write(&mut tx, &moves).await?;
    tx.commit().await.map_err(from_sqlx)?;
    Ok(u32::try_from(expired.len()).unwrap_or(u32::MAX))
}

pub(super) async fn list_left_over(
    sqlite: &Sqlite,
    at: DateTime<Utc>,
    limit: u32,
) -> StorageResult<Vec<SignatureId>> {
    let (at, limit) = (micros(at), i64::from(limit));
    let ids = sqlx::query_scalar!(
        r#"select s.id as "id!: Uuid"
        from petition p
        join signature s on s.petition_id = p.id
        where p.state in ('closed', 'archived')
        and p.closed_at + p.retention_days * 86400000000 <= ?1
        and s.state = 'confirmed'
        and s.frozen_at is null
        union all
        select s.id
        from petition p
        join signature s on s.petition_id = p.id
        where s.state in ('withdrawn', 'rejected')
        and s.signed_at <= ?1 - p.retention_days * 86400000000
        and coalesce(s.ended_at, s.signed_at) + p.retention_days * 86400000000 <= ?1
        and s.frozen_at is null
        limit ?2"#,
        at,
        limit
    )
    .fetch_all(&sqlite.reader)
    .await
    .map_err(from_sqlx)?;
    Ok(ids.into_iter().map(SignatureId).collect())
}

pub(super) async fn remind(
    sqlite: &Sqlite,
    signed_before_at: DateTime<Utc>,
    at: DateTime<Utc>,
    limit: u32,
    random: &mut (dyn CryptoRng + Send),
) -> StorageResult<u32> {
    let mut tx = sqlite.begin().await?;
    let (before, now) = (micros(signed_before_at), micros(at));
    let rows = sqlx::query!(
        r#"select
          s.id as "id: Uuid", s.petition_id as "petition_id: Uuid", s.email_key
        from signature s
        join petition p on p.id = s.petition_id
        where s.state = 'pending'
        and s.reminded_at is null
        and s.signed_at < ?1
        and s.confirm_by_at > ?2
        and p.state in ('open', 'paused')
        order by s.petition_id, s.email_key, s.id
        limit ?3"#,
        before,
        now,
        limit
    )
    .fetch_all(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    let mut queued = Vec::new();
    for row in &rows {
        let email_key = Fingerprint::from_bytes(&row.email_key)
            .ok_or_else(|| StorageError::unreadable("keyed hash", row.id))?;
        let petition_id = PetitionId(row.petition_id);
        if household::count_mail(&mut tx, (petition_id, email_key), at).await? {
            queued.push(Mail {
                id: MailId::new(&FixedClock(at), random),
                petition_id,
                signature_id: SignatureId(row.id),
                kind: MailKind::Reminder,
                sealed_signer: None,
                response_id: None,
                queued_at: at,
                attempts: 0,
            });
        }
        sqlx::query!(
            "update signature set reminded_at = ?2 where id = ?1",
            row.id,
            now
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
    }
    mails::queue(&mut tx, &queued).await?;
    tx.commit().await.map_err(from_sqlx)?;
    Ok(u32::try_from(rows.len()).unwrap_or(u32::MAX))
}
