//! Confirming and withdrawing batches of signatures.

use super::standing::standings;
use crate::encoding::{hex_id, micros};
use crate::errors::from_sqlx;
use crate::open::{Connection, Sqlite};
use crate::{household, moves};
use redress_model::signature::state::SignatureState;
use redress_storage::StorageResult;
use redress_storage::moves::TallyMoves;
use redress_storage::plan::Confirming;
use redress_storage::signatures::{ConfirmOutcome, Confirmation, WithdrawOutcome, Withdrawal};
use serde_json::{Value, json};

pub(super) async fn confirm(
    sqlite: &Sqlite,
    confirmations: &[Confirmation],
) -> StorageResult<Vec<ConfirmOutcome>> {
    let mut tx = sqlite.begin().await?;
    let standings = standings(
        &mut tx,
        confirmations.iter().map(|confirmation| confirmation.id),
    )
    .await?;
    let totals = moves::totals(&mut tx, Confirming::petitions(&standings)).await?;
    let confirming = Confirming::new(confirmations, &standings, totals);
    let slots: Vec<_> = confirming
        .chosen()
        .iter()
        .map(|(standing, _, _)| ((standing.petition_id, standing.email_key), standing.id))
        .collect();
    household::make_firm(&mut tx, &slots).await?;
    update(&mut tx, &confirming).await?;
    moves::write(&mut tx, confirming.moves()).await?;
    tx.commit().await.map_err(from_sqlx)?;
    Ok(confirming.finish())
}

async fn update(connection: &mut Connection, confirming: &Confirming) -> StorageResult<()> {
    let chosen = confirming
        .chosen()
        .iter()
        .map(|(standing, at, number)| json!([hex_id(standing.id.0), micros(*at), number]));
    let chosen = chosen.collect::<Value>().to_string();
    sqlx::query!(
        "update signature
        set
          state = 'confirmed',
          is_counted = true,
          confirmed_at = c.at,
          number = c.number
        from (
          select
            unhex(value ->> 0) as id,
            value ->> 1 as at,
            value ->> 2 as number
          from json_each(?1)
        ) as c
        where signature.id = c.id
        and signature.state = 'pending'",
        chosen
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

pub(super) async fn withdraw(
    sqlite: &Sqlite,
    withdrawals: &[Withdrawal],
) -> StorageResult<Vec<WithdrawOutcome>> {
    let mut tx = sqlite.begin().await?;
    let mut standings =
        standings(&mut tx, withdrawals.iter().map(|withdrawal| withdrawal.id)).await?;
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
                let at = micros(withdrawal.at);
                sqlx::query!(
                    "update signature
                    set state = 'withdrawn', is_counted = false, ended_at = ?2
                    where id = ?1
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
    moves::write(&mut tx, &moves).await?;
    tx.commit().await.map_err(from_sqlx)?;
    Ok(outcomes)
}
