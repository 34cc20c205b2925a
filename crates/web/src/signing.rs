//! Signing: the same for people and programs.

pub(crate) mod doubts;
pub(crate) mod form;
pub(crate) mod handle;
pub(crate) mod home;
pub(crate) mod repeat;
pub(crate) mod sealing;
pub(crate) mod submission;

use crate::abuse;
use crate::dates;
use crate::failure::Failure;
use crate::state::AppState;
use chrono::NaiveDate;
use redress_civics::parse::Input;
use redress_model::id::SignatureId;
use redress_model::petition::Petition;
use redress_model::resolution::Resolution;
use redress_storage::signatures::{Refusal, SignOutcome};
use repeat::Turn;
use sealing::{Coming, Located, Sealing};
use std::net::IpAddr;
use submission::Submission;

/// What became of a submission, as far as the signer may know.
pub(crate) struct Signed {
    /// The answer for the address.
    pub resolution: Resolution,
    /// Whose code may be entered next; of nobody if there is no such code.
    pub id: SignatureId,
}

/// The answer for an address on a day.
pub(crate) fn resolve(state: &AppState, input: &Input<'_>, on: NaiveDate) -> Resolution {
    state.civics().resolve(input, on)
}

/// The turn of a submission that comes once.
pub(crate) fn first_turn(state: &AppState) -> Turn {
    Turn {
        id: SignatureId::new(state.clock(), state.random().as_mut()),
        at: state.now(),
        is_done: false,
    }
}

/// The answer for a submission, on the petition's day of its turn.
pub(crate) fn answer(
    state: &AppState,
    petition: &Petition,
    submission: &Submission,
    turn: Turn,
) -> Resolution {
    let on = dates::date_of(turn.at, petition);
    resolve(state, &submission.input(), on)
}

/// Resolves, seals and saves a submission. Success means durable.
pub(crate) async fn sign(
    state: &AppState,
    petition: &Petition,
    (submission, client): (&Submission, Option<IpAddr>),
    turn: Turn,
) -> Result<Signed, Failure> {
    let resolution = answer(state, petition, submission, turn);
    let secrets = state.vault().petition(petition.id).await?;
    let judged = abuse::judge(state, petition, (submission, client)).await?;
    let sealing = Sealing {
        petition,
        secrets: &secrets,
        rules: &judged.in_force.guard.rules,
        language: crate::spoken::language().code(),
        signed_at: turn.at,
    };
    let coming = Coming {
        client_key: judged.client_key,
        arrival: judged.arrival,
        rejection: judged.rejection,
        sheet: None,
    };
    let located = Located {
        resolution: &resolution,
        block: state.civics().block_of(&resolution),
    };
    let new = {
        let mut random = state.random();
        sealing.seal(turn.id, submission, &located, coming, random.as_mut())
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
