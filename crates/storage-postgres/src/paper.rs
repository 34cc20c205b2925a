//! Lines of paper, looked up before they are saved.

use crate::encoding::fingerprint;
use crate::errors::from_sqlx;
use crate::open::Postgres;
use async_trait::async_trait;
use redress_model::fingerprint::Fingerprint;
use redress_model::household::{Household, Slot};
use redress_model::id::{PetitionId, SignatureId};
use redress_storage::paper::Paper;
use redress_storage::{StorageError, StorageResult};

pub(crate) fn keys(keys: &[Fingerprint]) -> Vec<Vec<u8>> {
    keys.iter().map(|key| key.as_bytes().to_vec()).collect()
}

#[async_trait]
impl Paper for Postgres {
    // Not the look-up of the intake: that one locks what it reads.
    async fn list_households(
        &self,
        petition: PetitionId,
        email_keys: &[Fingerprint],
    ) -> StorageResult<Vec<(Fingerprint, Household)>> {
        let rows = sqlx::query!(
            "select
              email_key, zip_key, a_id, a_name, a_content, a_firm, b_id, b_name, b_content, b_firm
            from household
            where petition_id = $1
            and email_key = any($2)",
            petition.0,
            &keys(email_keys)
        )
        .fetch_all(&self.pool)
        .await
        .map_err(from_sqlx)?;
        let slot = |id, name: &[u8], content: &[u8], is_firm| {
            Ok::<_, StorageError>(Slot {
                signature: SignatureId(id),
                name: fingerprint(name)?,
                content: fingerprint(content)?,
                is_firm,
            })
        };
        let mut households = Vec::with_capacity(rows.len());
        for row in rows {
            let second = match (row.b_id, row.b_name, row.b_content) {
                (Some(id), Some(name), Some(content)) => {
                    Some(slot(id, &name, &content, row.b_firm)?)
                }
                _ => None,
            };
            let household = Household {
                zip: fingerprint(&row.zip_key)?,
                first: slot(row.a_id, &row.a_name, &row.a_content, row.a_firm)?,
                second,
            };
            households.push((fingerprint(&row.email_key)?, household));
        }
        Ok(households)
    }

    async fn list_counted_addresses(
        &self,
        petition: PetitionId,
        address_keys: &[Fingerprint],
    ) -> StorageResult<Vec<Fingerprint>> {
        let found = sqlx::query_scalar!(
            r#"select distinct address_key as "address_key!"
            from signature
            where petition_id = $1
            and is_counted
            and address_key = any($2)"#,
            petition.0,
            &keys(address_keys)
        )
        .fetch_all(&self.pool)
        .await
        .map_err(from_sqlx)?;
        found.iter().map(|key| fingerprint(key)).collect()
    }

    async fn list_erased_sheets(
        &self,
        petition: PetitionId,
        sheets: &[String],
    ) -> StorageResult<Vec<String>> {
        sqlx::query_scalar!(
            r#"select distinct sheet as "sheet!"
            from signature
            where petition_id = $1
            and sheet = any($2)
            and state = 'erased'"#,
            petition.0,
            sheets
        )
        .fetch_all(&self.pool)
        .await
        .map_err(from_sqlx)
    }
}
