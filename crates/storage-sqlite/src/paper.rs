//! Lines of paper, looked up before they are saved.

use crate::encoding::{fingerprint, hex};
use crate::errors::from_sqlx;
use crate::household;
use crate::open::Sqlite;
use async_trait::async_trait;
use redress_model::fingerprint::Fingerprint;
use redress_model::household::Household;
use redress_model::id::PetitionId;
use redress_storage::StorageResult;
use redress_storage::paper::Paper;
use serde_json::Value;

pub(crate) fn keys(keys: &[Fingerprint]) -> String {
    let keys = keys.iter().map(|key| hex(key.as_bytes()));
    keys.collect::<Value>().to_string()
}

#[async_trait]
impl Paper for Sqlite {
    async fn list_households(
        &self,
        petition: PetitionId,
        email_keys: &[Fingerprint],
    ) -> StorageResult<Vec<(Fingerprint, Household)>> {
        let mut connection = self.reader.acquire().await.map_err(from_sqlx)?;
        let mut households = Vec::new();
        for &key in email_keys {
            if let Some(household) = household::find(&mut connection, (petition, key)).await? {
                households.push((key, household));
            }
        }
        Ok(households)
    }

    async fn list_counted_addresses(
        &self,
        petition: PetitionId,
        address_keys: &[Fingerprint],
    ) -> StorageResult<Vec<Fingerprint>> {
        let address_keys = keys(address_keys);
        let found = sqlx::query_scalar!(
            r#"select distinct address_key as "address_key!"
            from signature
            where petition_id = ?1
            and is_counted
            and address_key in (select unhex(value) from json_each(?2))"#,
            petition.0,
            address_keys
        )
        .fetch_all(&self.reader)
        .await
        .map_err(from_sqlx)?;
        found.iter().map(|key| fingerprint(key)).collect()
    }

    async fn list_erased_sheets(
        &self,
        petition: PetitionId,
        sheets: &[String],
    ) -> StorageResult<Vec<String>> {
        let sheets = serde_json::json!(sheets).to_string();
        sqlx::query_scalar!(
            r#"select distinct sheet as "sheet!"
            from signature
            where petition_id = ?1
            and sheet is not null
            and sheet in (select value from json_each(?2))
            and state = 'erased'"#,
            petition.0,
            sheets
        )
        .fetch_all(&self.reader)
        .await
        .map_err(from_sqlx)
    }
}
