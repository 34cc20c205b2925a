//! Mails of permits, as the mails of signatures count them.

use crate::encoding::{fingerprint, hex, hex_id, micros};
use crate::errors::from_sqlx;
use crate::open::Connection;
use chrono::Duration;
use redress_model::id::PetitionId;
use redress_storage::StorageResult;
use redress_storage::plan::Recording;
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// Tells a batch how many permits each of its e-mails was sent within 24 hours; nearly always none.
pub(crate) async fn count(
    connection: &mut Connection,
    recording: &mut Recording<'_>,
) -> StorageResult<()> {
    let mailboxes = recording.mailboxes();
    let Some(last_at) = recording.last_at().filter(|_| !mailboxes.is_empty()) else {
        return Ok(());
    };
    let since = micros(last_at - Duration::hours(24));
    let mailboxes = mailboxes
        .into_iter()
        .map(|(petition, email)| json!([hex_id(petition.0), hex(email.as_bytes())]));
    let mailboxes = mailboxes.collect::<Value>().to_string();
    let rows = sqlx::query!(
        r#"select
          p.petition_id as "petition_id!: Uuid",
          p.email_key as "email_key!",
          count(*) as "permits!: i64"
        from json_each(?1) as k
        join permit p
        on p.petition_id = unhex(k.value ->> 0)
        and p.email_key = unhex(k.value ->> 1)
        where p.asked_at > ?2
        group by p.petition_id, p.email_key"#,
        mailboxes,
        since
    )
    .fetch_all(connection)
    .await
    .map_err(from_sqlx)?;
    let mut permits = HashMap::with_capacity(rows.len());
    for row in rows {
        let mailbox = (PetitionId(row.petition_id), fingerprint(&row.email_key)?);
        permits.insert(mailbox, row.permits);
    }
    recording.count_permits(permits);
    Ok(())
}
