//! Saving a batch of signatures.

use super::insert;
use crate::encoding::{json_ids, micros, word};
use crate::errors::from_sqlx;
use crate::open::{Connection, Sqlite};
use crate::{arrivals, household, mails, moves, permits};
use redress_model::id::{PetitionId, SignatureId};
use redress_model::petition::LINK_LIFETIME;
use redress_storage::StorageResult;
use redress_storage::mails::{Mail, MailKind};
use redress_storage::plan::{PetitionRule, Recording};
use redress_storage::signatures::{NewSignature, SignOutcome};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

pub(super) async fn record(
    sqlite: &Sqlite,
    new: &[NewSignature],
) -> StorageResult<Vec<SignOutcome>> {
    let mut tx = sqlite.begin().await?;
    let rules = rules(&mut tx, new.iter().map(|new| new.petition_id).collect()).await?;
    let mut recording = Recording::new(new, &rules);
    arrivals::limit(&mut tx, &mut recording).await?;
    permits::count(&mut tx, &mut recording).await?;
    loop {
        let round = recording.next_round();
        if round.is_empty() {
            break;
        }
        household::take_slots(&mut tx, &mut recording, &round).await?;
        let askers = recording.askers(&round);
        household::allow_mails(&mut tx, &mut recording, &askers).await?;
    }
    let totals = moves::totals(&mut tx, recording.petitions_that_count()).await?;
    recording.number(totals);
    insert::insert(&mut tx, &recording.rows()).await?;
    for petition in displace(&mut tx, recording.displaced_before()).await? {
        recording.end_waiting(petition);
    }
    moves::write(&mut tx, recording.moves()).await?;
    queue_mails(&mut tx, &recording).await?;
    tx.commit().await.map_err(from_sqlx)?;
    Ok(recording.finish())
}

async fn rules(
    connection: &mut Connection,
    petitions: BTreeSet<PetitionId>,
) -> StorageResult<HashMap<PetitionId, PetitionRule>> {
    let mut rules = HashMap::new();
    for id in petitions {
        let row = sqlx::query!(
            r#"select
              p.state,
              p.confirmation,
              (r.petition_id is not null) as "has_rules!: bool",
              r.client_an_hour,
              r.domain_an_hour
            from petition p
            left join abuse_rule r on r.petition_id = p.id
            where p.id = ?1"#,
            id.0
        )
        .fetch_optional(&mut *connection)
        .await
        .map_err(from_sqlx)?;
        if let Some(row) = row {
            let rule = PetitionRule {
                state: word("petition state", &row.state)?,
                confirmation: word("confirmation", &row.confirmation)?,
                limits: arrivals::limits(row.has_rules, row.client_an_hour, row.domain_an_hour),
            };
            rules.insert(id, rule);
        }
    }
    Ok(rules)
}

/// Rejects pending signatures that lost their slots. Gives back the petition of each.
pub(super) async fn displace(
    connection: &mut Connection,
    ids: Vec<SignatureId>,
) -> StorageResult<Vec<PetitionId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids = json_ids(ids.into_iter().map(|id| id.0));
    let petitions = sqlx::query_scalar!(
        r#"update signature
        set state = 'rejected', rejected_by = 'rule', rejection = 'replaced'
        where id in (select unhex(value) from json_each(?1))
        and state = 'pending'
        returning petition_id as "petition_id: Uuid""#,
        ids
    )
    .fetch_all(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(petitions.into_iter().map(PetitionId).collect())
}

async fn queue_mails(connection: &mut Connection, recording: &Recording<'_>) -> StorageResult<()> {
    let mut queued = Vec::new();
    for mail in recording.mails() {
        let at = mail.new.signed_at;
        if mail.kind == MailKind::Confirm && mail.signature_id != mail.new.id {
            // A link sent again is good for as long as a new one.
            let confirm_by_at = micros(at + LINK_LIFETIME);
            sqlx::query!(
                "update signature
                set confirm_by_at = ?2
                where id = ?1
                and state = 'pending'",
                mail.signature_id.0,
                confirm_by_at
            )
            .execute(&mut *connection)
            .await
            .map_err(from_sqlx)?;
        }
        queued.push(Mail {
            id: mail.id,
            petition_id: mail.new.petition_id,
            signature_id: mail.signature_id,
            kind: mail.kind,
            sealed_signer: mail.sealed_signer().map(<[u8]>::to_vec),
            response_id: None,
            queued_at: at,
            attempts: 0,
        });
    }
    mails::queue(connection, &queued).await
}
