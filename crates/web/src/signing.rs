//! Signing: the same for people and programs.

pub(crate) mod form;
pub(crate) mod home;
pub(crate) mod sealing;
pub(crate) mod submission;

use crate::failure::Failure;
use crate::state::AppState;
use redress_civics::parse::Input;
use redress_model::id::SignatureId;
use redress_model::petition::Petition;
use redress_model::resolution::Resolution;
use redress_storage::signatures::{Refusal, SignOutcome};
use sealing::Sealing;
use submission::Submission;

/// What became of a submission, as far as the signer may know.
pub(crate) struct Signed {
    /// The answer for the address.
    pub resolution: Resolution,
    /// Whose code may be entered next; of nobody if there is no such code.
    pub id: SignatureId,
}

/// The answer for an address, today.
pub(crate) fn resolve(state: &AppState, input: &Input<'_>) -> Resolution {
    state.civics().resolve(input, state.today())
}

/// Resolves, seals and saves a submission. Success means durable.
pub(crate) async fn sign(
    state: &AppState,
    petition: &Petition,
    submission: &Submission,
) -> Result<Signed, Failure> {
    let resolution = resolve(state, &submission.input());
    let secrets = state.vault().petition(petition.id).await?;
    let sealing = Sealing {
        petition,
        secrets: &secrets,
        rules: state.rules(),
        signed_at: state.now(),
    };
    let new = {
        let mut random = state.random();
        let id = SignatureId::new(state.clock(), random.as_mut());
        sealing.seal(id, submission, &resolution, None, random.as_mut())
    };
    let fresh = new.id;
    let id = match state.intake().sign(new).await? {
        SignOutcome::Refused {
            refusal: Refusal::Again(waiting),
            ..
        } => waiting,
        SignOutcome::Refused {
            refusal: Refusal::NotOpen(now),
            ..
        } => return Err(Failure::NotOpen(now)),
        SignOutcome::Refused {
            refusal: Refusal::UnknownPetition,
            ..
        } => return Err(Failure::NotFound),
        SignOutcome::Saved { .. } | SignOutcome::Refused { .. } => fresh,
    };
    Ok(Signed { resolution, id })
}
