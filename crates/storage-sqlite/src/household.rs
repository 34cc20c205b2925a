//! Households: the two slots of a mailbox.

mod taking;

pub(crate) use taking::take_slots;

use crate::encoding::{fingerprint, hex, hex_id, micros};
use crate::errors::from_sqlx;
use crate::open::Connection;
use chrono::{DateTime, Duration, Utc};
use redress_model::fingerprint::Fingerprint;
use redress_model::household::{Household, Slot};
use redress_model::id::{PetitionId, SignatureId};
use redress_storage::plan::Recording;
use redress_storage::proofs::MAILS_A_DAY;
use redress_storage::{StorageError, StorageResult};
use serde_json::{Value, json};
use uuid::Uuid;

/// A household's key.
pub(crate) type HouseholdKey = (PetitionId, Fingerprint);

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
    let (email_key, at, since) = (
        email_key.as_bytes(),
        micros(at),
        micros(at - Duration::hours(24)),
    );
    let counted = sqlx::query!(
        "update household
        set
          mail_5_at = mail_4_at,
          mail_4_at = mail_3_at,
          mail_3_at = mail_2_at,
          mail_2_at = mail_1_at,
          mail_1_at = ?3
        where petition_id = ?1
        and email_key = ?2
        and ?5 > (
          select count(*)
          from permit
          where permit.petition_id = ?1
          and permit.email_key = ?2
          and asked_at > ?4
        ) + (coalesce(mail_1_at, 0) > ?4) + (coalesce(mail_2_at, 0) > ?4)
          + (coalesce(mail_3_at, 0) > ?4) + (coalesce(mail_4_at, 0) > ?4)
          + (coalesce(mail_5_at, 0) > ?4)",
        petition.0,
        email_key,
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
    let email_key = email_key.as_bytes();
    let row = sqlx::query!(
        r#"select
          zip_key,
          a_id as "a_id: Uuid", a_name, a_content, a_firm as "a_firm: bool",
          b_id as "b_id: Uuid", b_name, b_content, b_firm as "b_firm: bool"
        from household
        where petition_id = ?1
        and email_key = ?2"#,
        petition.0,
        email_key
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

/// Writes a household back, as it became within the transaction; `None` frees its last slot.
pub(crate) async fn save(
    connection: &mut Connection,
    (petition, email_key): HouseholdKey,
    household: Option<&Household>,
) -> StorageResult<()> {
    let email_key = email_key.as_bytes();
    let Some(household) = household else {
        sqlx::query!(
            "delete from household where petition_id = ?1 and email_key = ?2",
            petition.0,
            email_key
        )
        .execute(connection)
        .await
        .map_err(from_sqlx)?;
        return Ok(());
    };
    let (first, second) = (&household.first, household.second.as_ref());
    let zip = household.zip.as_bytes();
    let (a_name, a_content) = (first.name.as_bytes(), first.content.as_bytes());
    let (b_id, b_firm) = (
        second.map(|slot| slot.signature.0),
        second.is_some_and(|slot| slot.is_firm),
    );
    let (b_name, b_content) = (
        second.map(|slot| slot.name.as_bytes()),
        second.map(|slot| slot.content.as_bytes()),
    );
    sqlx::query!(
        "insert into household (
          petition_id, email_key, zip_key, a_id, a_name, a_content, a_firm, b_id, b_name, b_content, b_firm
        )
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        on conflict (petition_id, email_key) do update
        set
          zip_key = excluded.zip_key,
          a_id = excluded.a_id,
          a_name = excluded.a_name,
          a_content = excluded.a_content,
          a_firm = excluded.a_firm,
          b_id = excluded.b_id,
          b_name = excluded.b_name,
          b_content = excluded.b_content,
          b_firm = excluded.b_firm,
          takings = takings + 1",
        petition.0,
        email_key,
        zip,
        first.signature.0,
        a_name,
        a_content,
        first.is_firm,
        b_id,
        b_name,
        b_content,
        b_firm
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// Makes the slots of signatures firm.
pub(crate) async fn make_firm(
    connection: &mut Connection,
    slots: &[(HouseholdKey, SignatureId)],
) -> StorageResult<()> {
    let slots = slots.iter().map(|((petition, email_key), id)| {
        json!([hex_id(petition.0), hex(email_key.as_bytes()), hex_id(id.0)])
    });
    let slots = slots.collect::<Value>().to_string();
    sqlx::query!(
        "update household
        set
          a_firm = a_firm or a_id = c.id,
          b_firm = b_firm or coalesce(b_id = c.id, 0)
        from (
          select
            unhex(value ->> 0) as petition_id,
            unhex(value ->> 1) as email_key,
            unhex(value ->> 2) as id
          from json_each(?1)
        ) as c
        where household.petition_id = c.petition_id
        and household.email_key = c.email_key
        and (household.a_id = c.id or household.b_id = c.id)",
        slots
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}
