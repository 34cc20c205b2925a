//! Confirming and withdrawing batches of signatures.

use super::standing::standings;
use crate::errors::from_sqlx;
use crate::open::{Connection, Postgres};
use crate::{household, moves};
use chrono::{DateTime, Utc};
use redress_model::signature::state::SignatureState;
use redress_storage::StorageResult;
use redress_storage::moves::TallyMoves;
use redress_storage::plan::Confirming;
use redress_storage::signatures::{ConfirmOutcome, Confirmation, WithdrawOutcome, Withdrawal};
use uuid::Uuid;

pub(super) async fn confirm(
    postgres: &Postgres,
    confirmations: &[Confirmation],
) -> StorageResult<Vec<ConfirmOutcome>> {
    let node = postgres.node().await?;
    let mut tx = postgres.begin().await?;
    let ids: Vec<_> = confirmations
        .iter()
        .map(|confirmation| confirmation.id)
        .collect();
    household::lock(&mut tx, &ids).await?;
    let standings = standings(&mut tx, ids).await?;
    let totals = moves::totals(&mut tx, Confirming::petitions(&standings)).await?;
    let confirming = Confirming::new(confirmations, &standings, totals);
    let slots: Vec<_> = confirming
        .chosen()
        .iter()
        .map(|(standing, _, _)| ((standing.petition_id, standing.email_key), standing.id))
        .collect();
    household::make_firm(&mut tx, &slots).await?;
    update(&mut tx, &confirming).await?;
    moves::write(&mut tx, confirming.moves(), node).await?;
    tx.commit().await.map_err(from_sqlx)?;
    Ok(confirming.finish())
}

async fn update(connection: &mut Connection, confirming: &Confirming) -> StorageResult<()> {
    let chosen = confirming.chosen();
    let ids: Vec<Uuid> = chosen
        .iter()
        .map(|(standing, _, _)| standing.id.0)
        .collect();
    let instants: Vec<DateTime<Utc>> = chosen.iter().map(|(_, at, _)| *at).collect();
    let numbers: Vec<i64> = chosen.iter().map(|(_, _, number)| *number).collect();
    sqlx::query!(
        "update signature
        set
          state = 'confirmed',
          is_counted = true,
          confirmed_at = c.at,
          number = c.number
        from unnest($1::uuid[], $2::timestamptz[], $3::bigint[]) as c (id, at, number)
        where signature.id = c.id
        and signature.state = 'pending'",
        &ids,
        &instants,
        &numbers
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

pub(super) async fn withdraw(
    postgres: &Postgres,
    withdrawals: &[Withdrawal],
) -> StorageResult<Vec<WithdrawOutcome>> {
    let node = postgres.node().await?;
    let mut tx = postgres.begin().await?;
    let ids: Vec<_> = withdrawals.iter().map(|withdrawal| withdrawal.id).collect();
    household::lock(&mut tx, &ids).await?;
    let mut standings = standings(&mut tx, ids).await?;
    let mut moves = TallyMoves::default();
    let mut outcomes = Vec::with_capacity(withdrawals.len());
    for withdrawal in withdrawals {
        let Some(standing) = standings.get_mut(&withdrawal.id) else {
            outcomes.push(WithdrawOutcome::Unknown);
            continue;
        };
        outcomes.push(match standing.state {
            SignatureState::Withdrawn => WithdrawOutcome::Already,
            SignatureState::Confirmed => {
                let at = withdrawal.at;
                sqlx::query!(
                    "update signature
                    set state = 'withdrawn', is_counted = false, ended_at = $2
                    where id = $1
                    and state = 'confirmed'",
                    standing.id.0,
                    at
                )
                .execute(&mut *tx)
                .await
                .map_err(from_sqlx)?;
                moves.subtract(
                    standing.petition_id,
                    &standing.location,
                    standing.is_paper(),
                    withdrawal.at,
                );
                standing.state = SignatureState::Withdrawn;
                WithdrawOutcome::Withdrawn
            }
            other => WithdrawOutcome::NotCounted(other),
        });
    }
    moves::write(&mut tx, &moves, node).await?;
    tx.commit().await.map_err(from_sqlx)?;
    Ok(outcomes)
}
