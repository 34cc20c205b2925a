//! What the page after signing carries: whose code is entered, and what was typed, so that a mistyped e-mail can be changed.
//!
//! Sealed under the petition's key and stored nowhere else. It looks alike for everybody, for signers already in as well.

use super::form::SignFields;
use crate::failure::Failure;
use crate::state::AppState;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use redress_model::id::{PetitionId, SignatureId};
use redress_storage::secrets::SealedField;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A handle, opened.
#[derive(Serialize, Deserialize)]
pub(crate) struct Handle {
    /// Of which petition.
    pub petition: PetitionId,
    /// Whose code may be entered; of nobody if there is no such code.
    pub id: SignatureId,
    /// What was typed.
    pub fields: SignFields,
}

impl Handle {
    /// As the page carries it: the petition's id, and the rest sealed under that id in the place of a signature's.
    pub(crate) async fn seal(&self, state: &AppState) -> Result<String, Failure> {
        let secrets = state.vault().petition(self.petition).await?;
        let text = serde_json::to_vec(self).map_err(|_| Failure::Broken)?;
        let context = SignatureId(self.petition.0);
        let mut random = state.random();
        let sealed = secrets.seal(SealedField::Handle, context, &text, random.as_mut());
        let petition = self.petition.0.simple();
        Ok(format!("{petition}.{}", URL_SAFE_NO_PAD.encode(sealed)))
    }

    /// Opens one; `None` for what is no handle.
    pub(crate) async fn open(state: &AppState, text: &str) -> Result<Option<Self>, Failure> {
        let parts = text.split_once('.').and_then(|(petition, sealed)| {
            let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
            Some((Uuid::try_parse(petition).ok()?, sealed))
        });
        let Some((petition, sealed)) = parts else {
            return Ok(None);
        };
        let Ok(secrets) = state.vault().petition(PetitionId(petition)).await else {
            return Ok(None);
        };
        let opened = secrets.open(SealedField::Handle, SignatureId(petition), &sealed);
        Ok(opened
            .ok()
            .and_then(|text| serde_json::from_slice(&text).ok()))
    }
}
