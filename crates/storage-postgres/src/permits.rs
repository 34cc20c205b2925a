//! Mails of permits, as the mails of signatures count them.

use crate::encoding::fingerprint;
use crate::errors::from_sqlx;
use crate::open::Connection;
use chrono::Duration;
use redress_model::id::PetitionId;
use redress_storage::StorageResult;
use redress_storage::plan::Recording;
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
    let (petitions, emails): (Vec<Uuid>, Vec<Vec<u8>>) = mailboxes
        .into_iter()
        .map(|(petition, email)| (petition.0, email.as_bytes().to_vec()))
        .unzip();
    let rows = sqlx::query!(
        r#"select p.petition_id, p.email_key, count(*) as "permits!"
        from unnest($1::uuid[], $2::bytea[]) as k (petition_id, email_key)
        join permit p
        on p.petition_id = k.petition_id
        and p.email_key = k.email_key
        where p.asked_at > $3
        group by p.petition_id, p.email_key"#,
        &petitions,
        &emails,
        last_at - Duration::hours(24)
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
