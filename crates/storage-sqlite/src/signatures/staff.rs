//! What staff decide about signatures.

use super::change::{Count, erase_standing};
use super::record::displace;
use super::standing::{standing, standings};
use crate::encoding::{fingerprint, micros};
use crate::errors::from_sqlx;
use crate::open::{Connection, Sqlite};
use crate::{audit, household, mails, moves};
use chrono::{DateTime, Utc};
use rand::CryptoRng;
use redress_model::clock::FixedClock;
use redress_model::household::{Household, Slot, Submission, Verdict};
use redress_model::id::{MailId, SignatureId};
use redress_model::petition::LINK_LIFETIME;
use redress_model::signature::RejectionReason;
use redress_model::signature::state::SignatureState;
use redress_storage::StorageResult;
use redress_storage::audit::Deed;
use redress_storage::mails::{Mail, MailKind};
use redress_storage::moves::TallyMoves;
use redress_storage::plan::Standing;

pub(super) async fn reject(
    sqlite: &Sqlite,
    ids: &[SignatureId],
    reason: RejectionReason,
    deed: &Deed,
) -> StorageResult<Vec<SignatureId>> {
    let mut tx = sqlite.begin().await?;
    let mut moves = TallyMoves::default();
    let done = reject_within(&mut tx, ids, reason, deed.at, &mut moves).await?;
    moves::write(&mut tx, &moves).await?;
    audit::append(&mut tx, deed).await?;
    tx.commit().await.map_err(from_sqlx)?;
    Ok(done)
}

/// Rejects within a transaction; its caller writes the moves.
pub(crate) async fn reject_within(
    connection: &mut Connection,
    ids: &[SignatureId],
    reason: RejectionReason,
    at: DateTime<Utc>,
    moves: &mut TallyMoves,
) -> StorageResult<Vec<SignatureId>> {
    let mut chosen: Vec<Standing> = standings(connection, ids.iter().copied())
        .await?
        .into_values()
        .filter(|standing| {
            matches!(
                standing.state,
                SignatureState::Pending | SignatureState::Confirmed
            )
        })
        .collect();
    chosen.sort_by_key(|standing| (standing.petition_id, standing.email_key, standing.id));
    let slots: Vec<_> = chosen
        .iter()
        .map(|standing| ((standing.petition_id, standing.email_key), standing.id))
        .collect();
    household::make_firm(connection, &slots).await?;
    let (reason, ended_at) = (reason.as_str(), micros(at));
    for standing in &chosen {
        sqlx::query!(
            "update signature
            set state = 'rejected', is_counted = false, rejected_by = 'staff', rejection = ?2, ended_at = ?3
            where id = ?1
            and state in ('pending', 'confirmed')",
            standing.id.0,
            reason,
            ended_at
        )
        .execute(&mut *connection)
        .await
        .map_err(from_sqlx)?;
        if standing.state == SignatureState::Pending {
            moves.wait(standing.petition_id, -1);
        } else {
            moves.subtract(
                standing.petition_id,
                &standing.location,
                standing.is_paper(),
                at,
            );
        }
    }
    Ok(chosen.into_iter().map(|standing| standing.id).collect())
}

/// Erases within one transaction what is there to be erased, and puts the deed on record with it.
pub(super) async fn erase(
    sqlite: &Sqlite,
    ids: &[SignatureId],
    deed: &Deed,
) -> StorageResult<Vec<SignatureId>> {
    let mut tx = sqlite.begin().await?;
    let mut chosen: Vec<Standing> = standings(&mut tx, ids.iter().copied())
        .await?
        .into_values()
        .filter(|standing| standing.state != SignatureState::Erased)
        .collect();
    if chosen.is_empty() {
        return Ok(Vec::new());
    }
    chosen.sort_by_key(|standing| (standing.petition_id, standing.email_key, standing.id));
    let mut moves = TallyMoves::default();
    for standing in &chosen {
        erase_standing(&mut tx, standing, deed.at, Count::Ends, &mut moves).await?;
    }
    moves::write(&mut tx, &moves).await?;
    audit::append(&mut tx, deed).await?;
    tx.commit().await.map_err(from_sqlx)?;
    Ok(chosen.into_iter().map(|standing| standing.id).collect())
}

pub(super) async fn put_back(
    sqlite: &Sqlite,
    ids: &[SignatureId],
    deed: &Deed,
    random: &mut (dyn CryptoRng + Send),
) -> StorageResult<Vec<SignatureId>> {
    let mut tx = sqlite.begin().await?;
    let mut moves = TallyMoves::default();
    let done = put_back_within(&mut tx, ids, deed.at, random, &mut moves).await?;
    moves::write(&mut tx, &moves).await?;
    audit::append(&mut tx, deed).await?;
    tx.commit().await.map_err(from_sqlx)?;
    Ok(done)
}

/// Puts back within a transaction and queues the mails; its caller writes the moves.
pub(crate) async fn put_back_within(
    connection: &mut Connection,
    ids: &[SignatureId],
    at: DateTime<Utc>,
    random: &mut (dyn CryptoRng + Send),
    moves: &mut TallyMoves,
) -> StorageResult<Vec<SignatureId>> {
    let (mut done, mut queued) = (Vec::new(), Vec::new());
    for &id in ids {
        let standing = standing(connection, id).await?;
        let Some(standing) = standing.filter(|standing| standing.state == SignatureState::Rejected)
        else {
            continue;
        };
        let counts =
            standing.confirmed_at.is_some() || needs_no_click(connection, &standing).await?;
        if !take_slot(connection, &standing, counts, moves).await? {
            continue;
        }
        revive(connection, &standing, counts, at, moves).await?;
        if !counts
            && household::count_mail(connection, (standing.petition_id, standing.email_key), at)
                .await?
        {
            queued.push(Mail {
                id: MailId::new(&FixedClock(at), random),
                petition_id: standing.petition_id,
                signature_id: id,
                kind: MailKind::Confirm,
                sealed_signer: None,
                response_id: None,
                queued_at: at,
                attempts: 0,
            });
        }
        done.push(id);
    }
    mails::queue(connection, &queued).await?;
    Ok(done)
}

async fn needs_no_click(connection: &mut Connection, standing: &Standing) -> StorageResult<bool> {
    let confirmation = sqlx::query_scalar!(
        "select confirmation from petition where id = ?1",
        standing.petition_id.0
    )
    .fetch_one(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(standing.is_paper() || confirmation == "none")
}

/// Finds it a slot: the one that it kept, or one under the rule that everybody is under.
async fn take_slot(
    connection: &mut Connection,
    standing: &Standing,
    counts: bool,
    moves: &mut TallyMoves,
) -> StorageResult<bool> {
    let key = (standing.petition_id, standing.email_key);
    let row = sqlx::query!(
        "select name_key, zip_key, content_key from signature where id = ?1",
        standing.id.0
    )
    .fetch_one(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    let slot = Slot {
        signature: standing.id,
        name: fingerprint(&row.name_key)?,
        content: fingerprint(&row.content_key)?,
        is_firm: counts,
    };
    let submission = Submission {
        slot,
        zip: fingerprint(&row.zip_key)?,
        is_rejected: false,
    };
    let household = match household::find(connection, key).await? {
        None => Household::begin(&submission),
        Some(mut household) => {
            if !household.set_firm(standing.id, counts) {
                let Verdict::Taken { displaced } = household.submit(&submission) else {
                    return Ok(false);
                };
                for petition in displace(connection, displaced).await? {
                    moves.wait(petition, -1);
                }
            }
            household
        }
    };
    household::save(connection, key, Some(&household)).await?;
    Ok(true)
}

async fn revive(
    connection: &mut Connection,
    standing: &Standing,
    counts: bool,
    at: DateTime<Utc>,
    moves: &mut TallyMoves,
) -> StorageResult<()> {
    let state = if counts {
        SignatureState::Confirmed
    } else {
        SignatureState::Pending
    }
    .as_str();
    let number = match standing.number {
        None if counts => {
            let totals = moves::totals(connection, [standing.petition_id]).await?;
            let here = moves
                .petitions
                .get(&standing.petition_id)
                .map_or(0, |(tally, _)| tally.counted);
            totals
                .get(&standing.petition_id)
                .map(|total| total + here + 1)
        }
        number => number,
    };
    let (now, confirm_by_at) = (micros(at), micros(at + LINK_LIFETIME));
    sqlx::query!(
        "update signature
        set
          state = ?2,
          is_counted = ?3,
          rejected_by = null,
          rejection = null,
          ended_at = null,
          number = ?4,
          confirmed_at = case when ?3 then coalesce(confirmed_at, ?5) else confirmed_at end,
          confirm_by_at = ?6
        where id = ?1
        and state = 'rejected'",
        standing.id.0,
        state,
        counts,
        number,
        now,
        confirm_by_at
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    if counts {
        moves.add(
            standing.petition_id,
            &standing.location,
            standing.is_paper(),
            at,
        );
    } else {
        moves.wait(standing.petition_id, 1);
    }
    Ok(())
}
