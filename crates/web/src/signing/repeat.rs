//! `Idempotency-Key`: a program that sends the same again, since it has not heard the answer, signs once.
//!
//! Kept are keyed hashes of key and body under the petition's key, nothing personal. The answer is made again from the body,
//! for the day of the first.

use super::form::FieldError;
use crate::body::JsonFields;
use crate::failure::Failure;
use crate::spoken::english;
use crate::state::AppState;
use axum::http::{HeaderMap, HeaderName};
use chrono::{DateTime, Utc};
use redress_model::fingerprint::Fingerprint;
use redress_model::id::{PetitionId, SignatureId};
use redress_model::petition::Petition;
use redress_storage::submission_keys::{Claimed, SubmissionKey};

/// The header (draft-ietf-httpapi-idempotency-key-header).
const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// The longest key, in characters.
const LONGEST: usize = 255;

/// A key, with what was sent under it.
pub(crate) struct Repeat {
    petition: PetitionId,
    key: Fingerprint,
    body: Fingerprint,
}

/// As which signature a submission is to be saved.
#[derive(Clone, Copy)]
pub(crate) struct Turn {
    /// Its id, the same for every repetition.
    pub id: SignatureId,
    /// When the first came.
    pub at: DateTime<Utc>,
    /// Whether it was answered before, so that nothing is left to save.
    pub is_done: bool,
}

impl Repeat {
    /// The key of a request, if it has one.
    pub(crate) async fn of(
        state: &AppState,
        petition: &Petition,
        headers: &HeaderMap,
        body: &JsonFields,
    ) -> Result<Option<Self>, Failure> {
        let mut keys = headers.get_all(HEADER).iter();
        let Some(key) = keys.next() else {
            return Ok(None);
        };
        let key = key.to_str().unwrap_or_default().trim();
        if keys.next().is_some() || !(1..=LONGEST).contains(&key.len()) {
            return Err(refused(
                "idempotency_key_malformed",
                english("an Idempotency-Key has 1 to 255 visible characters, and stands once"),
            ));
        }
        let secrets = state.vault().petition(petition.id).await?;
        // Members of an object are sorted, so that their order makes no other body.
        let body = serde_json::to_string(&body.0).map_err(|_| Failure::Broken)?;
        Ok(Some(Self {
            petition: petition.id,
            key: secrets.fingerprint("idempotency key", key),
            body: secrets.fingerprint("idempotency body", &body),
        }))
    }

    /// Whether it was answered already: then it is answered again, even when the petition has closed since.
    pub(crate) async fn find(&self, state: &AppState) -> Result<Option<Turn>, Failure> {
        let keys = &state.store().submission_keys;
        let found = keys
            .find_submission_key(self.petition, self.key, state.now())
            .await?;
        let turn = found.map(|claimed| self.turn(&claimed)).transpose()?;
        Ok(turn.filter(|turn| turn.is_done))
    }

    /// Claims the key for a signature of that id, or takes the turn of whoever has it.
    pub(crate) async fn claim(&self, state: &AppState, id: SignatureId) -> Result<Turn, Failure> {
        let key = SubmissionKey {
            petition_id: self.petition,
            key_hash: self.key,
            body_hash: self.body,
            signature_id: id,
            claimed_at: state.now(),
        };
        let claimed = state
            .store()
            .submission_keys
            .claim_submission_key(&key)
            .await?;
        self.turn(&claimed)
    }

    /// Says that it was answered.
    pub(crate) async fn finish(&self, state: &AppState) -> Result<(), Failure> {
        let keys = &state.store().submission_keys;
        Ok(keys.finish_submission_key(self.petition, self.key).await?)
    }

    fn turn(&self, claimed: &Claimed) -> Result<Turn, Failure> {
        if claimed.body_hash != self.body {
            return Err(refused(
                "idempotency_key_reused",
                english("another body was sent under this Idempotency-Key; take a new key"),
            ));
        }
        Ok(Turn {
            id: claimed.signature_id,
            at: claimed.claimed_at,
            is_done: claimed.is_done,
        })
    }
}

fn refused(code: &'static str, message: &str) -> Failure {
    Failure::Fields(vec![FieldError {
        field: "Idempotency-Key",
        code,
        message: message.to_owned(),
    }])
}
