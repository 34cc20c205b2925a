//! What timers do with signatures that wait.

use super::change::{Count, erase_standing};
use super::standing::standings;
use crate::errors::from_sqlx;
use crate::open::Postgres;
use crate::{household, mails, moves};
use chrono::{DateTime, Utc};
use rand::CryptoRng;
use redress_model::clock::FixedClock;
use redress_model::fingerprint::Fingerprint;
use redress_model::id::{MailId, PetitionId, SignatureId};
use redress_model::signature::state::SignatureState;
use redress_storage::mails::{Mail, MailKind};
use redress_storage::moves::TallyMoves;
use redress_storage::plan::Standing;
use redress_storage::{StorageError, StorageResult};

pub(super) async fn erase_expired(
    postgres: &Postgres,
    at: DateTime<Utc>,
    limit: u32,
) -> StorageResult<u32> {
    let node = postgres.node().await?;
    let mut tx = postgres.begin().await?;
    let ids = sqlx::query_scalar!(
        r#"select id
        from signature
        where state = 'pending'
        and confirm_by_at < $1
        order by confirm_by_at, id
        limit $2"#,
        at,
        i64::from(limit)
    )
    .fetch_all(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    let ids: Vec<SignatureId> = ids.into_iter().map(SignatureId).collect();
    household::lock(&mut tx, &ids).await?;
    let mut expired: Vec<Standing> = standings(&mut tx, ids)
        .await?
        .into_values()
        // Somebody may have confirmed since.
        .filter(|standing| standing.state == SignatureState::Pending && standing.confirm_by_at < at)
        .collect();
    expired.sort_by_key(|standing| (standing.petition_id, standing.email_key, standing.id));
    let mut moves = TallyMoves::default();
    for standing in &expired {
        erase_standing(&mut tx, standing, at, Count::Ends, &mut moves).await?;
    }
    moves::write(&mut tx, &moves, node).await?;
    tx.commit().await.map_err(from_sqlx)?;
    Ok(u32::try_from(expired.len()).unwrap_or(u32::MAX))
}

pub(super) async fn list_left_over(
    postgres: &Postgres,
    at: DateTime<Utc>,
    limit: u32,
) -> StorageResult<Vec<SignatureId>> {
    let ids = sqlx::query_scalar!(
        r#"select s.id as "id!"
        from petition p
        join signature s on s.petition_id = p.id
        where p.state in ('closed', 'archived')
        and p.closed_at + make_interval(days => p.retention_days) <= $1
        and s.state = 'confirmed'
        and s.frozen_at is null
        union all
        select s.id
        from petition p
        join signature s on s.petition_id = p.id
        where s.state in ('withdrawn', 'rejected')
        and s.signed_at <= $1 - make_interval(days => p.retention_days)
        and coalesce(s.ended_at, s.signed_at) + make_interval(days => p.retention_days) <= $1
        and s.frozen_at is null
        limit $2"#,
        at,
        i64::from(limit)
    )
    .fetch_all(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    Ok(ids.into_iter().map(SignatureId).collect())
}

pub(super) async fn remind(
    postgres: &Postgres,
    signed_before_at: DateTime<Utc>,
    at: DateTime<Utc>,
    limit: u32,
    random: &mut (dyn CryptoRng + Send),
) -> StorageResult<u32> {
    let mut tx = postgres.begin().await?;
    let rows = sqlx::query!(
        r#"select
          s.id, s.petition_id, s.email_key
        from signature s
        join petition p on p.id = s.petition_id
        where s.state = 'pending'
        and s.reminded_at is null
        and s.signed_at < $1
        and s.confirm_by_at > $2
        and p.state in ('open', 'paused')
        order by s.petition_id, s.email_key, s.id
        limit $3"#,
        signed_before_at,
        at,
        i64::from(limit)
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
            "update signature set reminded_at = $2 where id = $1",
            row.id,
            at
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
    }
    mails::queue(&mut tx, &queued).await?;
    tx.commit().await.map_err(from_sqlx)?;
    Ok(u32::try_from(rows.len()).unwrap_or(u32::MAX))
}
