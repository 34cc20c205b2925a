//! Proof of work, asked for while a petition is under attack, and the mail that stands in its place for who has no script.
//!
//! A program that signs has to try some ten thousand numbers first; a person's browser does so while the button is pressed. The scheme
//! is ALTCHA's, and nobody else is asked.

mod challenge;
pub(crate) mod permit;
mod unreturned;
mod watch;

pub(crate) use challenge::Challenge;
pub(crate) use unreturned::Unreturned;
pub(crate) use watch::Watches;

use crate::failure::Failure;
use crate::signing::form::{FieldError, SignFields};
use crate::spoken::english;
use crate::state::AppState;
use chrono::Duration;
use redress_model::fingerprint::Fingerprint;
use redress_model::id::{PetitionId, SignatureId};
use redress_model::petition::Petition;

/// For how long a challenge may be worked on.
const WORKED: Duration = Duration::minutes(10);

/// Why a submission is not let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It has no proof.
    Missing,
    /// Its proof proves nothing here.
    Wrong,
    /// Its proof is too old.
    Expired,
    /// Its proof was good for another already.
    Spent,
    /// The button behind the mail was not pressed yet.
    Waiting,
}

impl Refused {
    /// As programs are told.
    pub(crate) fn error(self) -> FieldError {
        let (code, message) = match self {
            Self::Missing | Self::Waiting => (
                "proof_missing",
                english("this petition asks for proof of work now"),
            ),
            Self::Wrong => (
                "proof_wrong",
                english("that is no proof of work for this petition"),
            ),
            Self::Expired => ("proof_expired", english("that proof of work is too old")),
            Self::Spent => (
                "proof_spent",
                english("that proof of work was used already"),
            ),
        };
        FieldError {
            field: "altcha",
            code,
            message: message.to_owned(),
        }
    }
}

/// What was spent for a signature; nothing where nothing was asked.
pub(crate) struct Spent(Option<Use>);

struct Use {
    petition: PetitionId,
    proof: Fingerprint,
    signature: SignatureId,
}

impl Spent {
    /// Gives the proof back if its signature could not be saved for now: the same form may be sent again with it. While the database
    /// is away this server remembers it.
    pub(crate) async fn unless_saved<T>(
        self,
        state: &AppState,
        saved: Result<T, Failure>,
    ) -> Result<T, Failure> {
        if let (Some(spent), Err(failure)) = (self.0, &saved)
            && failure.is_passing()
        {
            let (proof, signature) = (spent.proof, spent.signature);
            let proofs = &state.store().proofs;
            let returned = proofs.return_proof(spent.petition, proof, signature).await;
            if returned.is_err() {
                state.unreturned().add(spent.petition, proof, signature);
            }
        }
        saved
    }
}

/// Whether a petition asks for proof now.
pub(crate) async fn is_needed(state: &AppState, petition: PetitionId) -> Result<bool, Failure> {
    if state.limits().is_none() {
        return Ok(false);
    }
    state.watches().is_asking(state, petition).await
}

/// A challenge to work on.
pub(crate) fn challenge(state: &AppState, petition: PetitionId) -> Challenge {
    let mut random = state.random();
    let key = state.vault().instance_key();
    Challenge::make(key, petition, state.now() + WORKED, random.as_mut())
}

/// Lets a submission through that needs no proof, or spends its proof for the signature that it becomes.
pub(crate) async fn check(
    state: &AppState,
    petition: &Petition,
    fields: &SignFields,
    signature: SignatureId,
) -> Result<Result<Spent, Refused>, Failure> {
    if !is_needed(state, petition.id).await? {
        return Ok(Ok(Spent(None)));
    }
    let spent = spend(state, petition.id, fields, signature).await?;
    if spent.is_err() {
        state.watches().record_refusal(petition.id, state.now());
    }
    Ok(spent)
}

async fn spend(
    state: &AppState,
    petition: PetitionId,
    fields: &SignFields,
    signature: SignatureId,
) -> Result<Result<Spent, Refused>, Failure> {
    let found = if fields.altcha.is_empty() {
        permit::read(state, petition, &fields.permit).await?
    } else {
        let key = state.vault().instance_key();
        challenge::read(key, petition, &fields.altcha, state.now())
    };
    let proof = match found {
        Ok(proof) => proof,
        Err(refused) => return Ok(Err(refused)),
    };
    let proofs = &state.store().proofs;
    if let Some(unsaved) = state.unreturned().find(petition, proof.key) {
        proofs.return_proof(petition, proof.key, unsaved).await?;
        state.unreturned().remove(petition, proof.key);
    }
    let is_ours = proofs
        .spend_proof(petition, proof.key, signature, proof.expires_at)
        .await?;
    let spent = Spent(Some(Use {
        petition,
        proof: proof.key,
        signature,
    }));
    Ok(if is_ours {
        Ok(spent)
    } else {
        Err(Refused::Spent)
    })
}
