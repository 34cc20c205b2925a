//! Households: the two slots of a mailbox.

mod taking;

pub(crate) use taking::take_slots;

use crate::encoding::fingerprint;
use crate::errors::from_sqlx;
use crate::open::Connection;
use chrono::{DateTime, Duration, Utc};
use redress_model::fingerprint::Fingerprint;
use redress_model::household::{Household, Slot};
use redress_model::id::{PetitionId, SignatureId};
use redress_storage::plan::Recording;
use redress_storage::proofs::MAILS_A_DAY;
use redress_storage::{StorageError, StorageResult};
use uuid::Uuid;

/// A household's key.
pub(crate) type HouseholdKey = (PetitionId, Fingerprint);

/// Locks the households of signatures, by key. What is read of these signatures afterwards stays
/// true until the transaction ends.
pub(crate) async fn lock(connection: &mut Connection, ids: &[SignatureId]) -> StorageResult<()> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let keys = sqlx::query!(
        "select petition_id, email_key from signature where id = any($1)",
        &ids
    )
    .fetch_all(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    let (petitions, emails): (Vec<Uuid>, Vec<Vec<u8>>) = keys
        .into_iter()
        .map(|key| (key.petition_id, key.email_key))
        .unzip();
    // Not one join with the table of signatures: the planner would walk all households for it.
    sqlx::query!(
        "select h.petition_id
        from unnest($1::uuid[], $2::bytea[]) as k (petition_id, email_key)
        join household h on h.petition_id = k.petition_id and h.email_key = k.email_key
        order by h.petition_id, h.email_key
        for update of h",
        &petitions,
        &emails
    )
    .fetch_all(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// Counts a mail for each that had fewer than five in 24 hours.
pub(crate) async fn allow_mails(
    connection: &mut Connection,
    recording: &mut Recording<'_>,
    askers: &[usize],
) -> StorageResult<()> {
    for &index in askers {
        let new = recording.submission(index);
        if count_mail(connection, (new.petition_id, new.email_key), new.signed_at).await? {
            recording.allow_mail(index);
        }
    }
    Ok(())
}

/// Counts one mail to a household, if it had fewer than five in 24 hours, those of permits included.
pub(crate) async fn count_mail(
    connection: &mut Connection,
    (petition, email_key): HouseholdKey,
    at: DateTime<Utc>,
) -> StorageResult<bool> {
    let since = at - Duration::hours(24);
    let counted = sqlx::query!(
        "update household
        set
          mail_5_at = mail_4_at,
          mail_4_at = mail_3_at,
          mail_3_at = mail_2_at,
          mail_2_at = mail_1_at,
          mail_1_at = $3
        where petition_id = $1
        and email_key = $2
        and $5::bigint > (
          select count(*)
          from permit
          where permit.petition_id = $1
          and permit.email_key = $2
          and asked_at > $4
        ) + coalesce((mail_1_at > $4)::int, 0) + coalesce((mail_2_at > $4)::int, 0)
          + coalesce((mail_3_at > $4)::int, 0) + coalesce((mail_4_at > $4)::int, 0)
          + coalesce((mail_5_at > $4)::int, 0)",
        petition.0,
        email_key.as_bytes(),
        at,
        since,
        MAILS_A_DAY
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(counted.rows_affected() > 0)
}

/// A household as the model knows it.
pub(crate) async fn find(
    connection: &mut Connection,
    (petition, email_key): HouseholdKey,
) -> StorageResult<Option<Household>> {
    let row = sqlx::query!(
        "select zip_key, a_id, a_name, a_content, a_firm, b_id, b_name, b_content, b_firm
        from household
        where petition_id = $1
        and email_key = $2
        for update",
        petition.0,
        email_key.as_bytes()
    )
    .fetch_optional(connection)
    .await
    .map_err(from_sqlx)?;
    let Some(row) = row else { return Ok(None) };
    let slot = |id, name: &[u8], content: &[u8], is_firm| {
        Ok::<_, StorageError>(Slot {
            signature: SignatureId(id),
            name: fingerprint(name)?,
            content: fingerprint(content)?,
            is_firm,
        })
    };
    let second = match (row.b_id, row.b_name, row.b_content) {
        (Some(id), Some(name), Some(content)) => Some(slot(id, &name, &content, row.b_firm)?),
        _ => None,
    };
    let first = slot(row.a_id, &row.a_name, &row.a_content, row.a_firm)?;
    Ok(Some(Household {
        zip: fingerprint(&row.zip_key)?,
        first,
        second,
    }))
}

/// Begins a household; busy if another transaction has just begun it.
pub(crate) async fn begin(
    connection: &mut Connection,
    (petition, email_key): HouseholdKey,
    household: &Household,
) -> StorageResult<()> {
    let first = &household.first;
    let begun = sqlx::query!(
        "insert into household (petition_id, email_key, zip_key, a_id, a_name, a_content, a_firm)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (petition_id, email_key) do nothing",
        petition.0,
        email_key.as_bytes(),
        household.zip.as_bytes(),
        first.signature.0,
        first.name.as_bytes(),
        first.content.as_bytes(),
        first.is_firm
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    if begun.rows_affected() == 0 {
        return Err(StorageError::Busy("the household has just begun".into()));
    }
    Ok(())
}

/// Writes a household back, as it became within the transaction that locked it; `None` frees its
/// last slot.
pub(crate) async fn save(
    connection: &mut Connection,
    (petition, email_key): HouseholdKey,
    household: Option<&Household>,
) -> StorageResult<()> {
    let Some(household) = household else {
        sqlx::query!(
            "delete from household where petition_id = $1 and email_key = $2",
            petition.0,
            email_key.as_bytes()
        )
        .execute(connection)
        .await
        .map_err(from_sqlx)?;
        return Ok(());
    };
    let (first, second) = (&household.first, household.second.as_ref());
    sqlx::query!(
        "update household
        set
          zip_key = $3,
          a_id = $4,
          a_name = $5,
          a_content = $6,
          a_firm = $7,
          b_id = $8,
          b_name = $9,
          b_content = $10,
          b_firm = $11,
          takings = takings + 1
        where petition_id = $1
        and email_key = $2",
        petition.0,
        email_key.as_bytes(),
        household.zip.as_bytes(),
        first.signature.0,
        first.name.as_bytes(),
        first.content.as_bytes(),
        first.is_firm,
        second.map(|slot| slot.signature.0),
        second.map(|slot| slot.name.as_bytes()),
        second.map(|slot| slot.content.as_bytes()),
        second.is_some_and(|slot| slot.is_firm)
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// Makes the slots of signatures firm; their households are locked.
pub(crate) async fn make_firm(
    connection: &mut Connection,
    slots: &[(HouseholdKey, SignatureId)],
) -> StorageResult<()> {
    let petitions: Vec<Uuid> = slots.iter().map(|((petition, _), _)| petition.0).collect();
    let emails: Vec<Vec<u8>> = slots
        .iter()
        .map(|((_, email_key), _)| email_key.as_bytes().to_vec())
        .collect();
    let ids: Vec<Uuid> = slots.iter().map(|(_, id)| id.0).collect();
    // One statement changes a row once: the slots of a household are joined first.
    sqlx::query!(
        "update household
        set
          a_firm = a_firm or a_id = any(c.ids),
          b_firm = b_firm or coalesce(b_id = any(c.ids), false)
        from (
          select petition_id, email_key, array_agg(id) as ids
          from unnest($1::uuid[], $2::bytea[], $3::uuid[]) as slot (petition_id, email_key, id)
          group by petition_id, email_key
        ) as c
        where household.petition_id = c.petition_id
        and household.email_key = c.email_key",
        &petitions,
        &emails,
        &ids
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}
