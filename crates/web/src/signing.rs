//! Signing: the same for people and programs.

pub(crate) mod doubts;
pub(crate) mod form;
pub(crate) mod handle;
pub(crate) mod home;
pub(crate) mod repeat;
pub(crate) mod submission;

use crate::dates;
use crate::failure::Failure;
use crate::state::AppState;
use chrono::NaiveDate;
use redress_civics::parse::Input;
use redress_model::home::Home;
use redress_model::id::SignatureId;
use redress_model::petition::Petition;
use redress_model::resolution::Resolution;
use redress_model::signature::{Origin, RejectionReason};
use redress_storage::secrets::Personal;
use redress_storage::signatures::{NewSignature, Refusal, SignOutcome};
use repeat::Turn;
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
    submission: &Submission,
    turn: Turn,
) -> Result<Signed, Failure> {
    let resolution = answer(state, petition, submission, turn);
    let secrets = state.vault().petition(petition.id).await?;
    let new = {
        let mut random = state.random();
        let id = turn.id;
        let location = home::locate(&resolution, submission.choice.as_deref());
        let question = home::question(&resolution);
        let mailbox = state.rules().canonical(&submission.email);
        let street = submission.street_as_found(&resolution);
        let personal = Personal {
            name: &submission.name,
            email: &submission.email,
            mailbox: &mailbox,
            street: &street,
            unit: submission.unit_as_found(&resolution),
            city: &submission.city,
            state: &submission.state,
            zip: &submission.zip,
            block: None,
            question: question.as_ref(),
            choice: submission.choice.as_deref().unwrap_or_default(),
            comment: submission.comment.as_ref(),
            keeps_address: petition.terms.keeps_address || location.home == Home::NotLocated,
        };
        let sealed = secrets.seal_personal(id, &personal, random.as_mut());
        NewSignature {
            id,
            petition_id: petition.id,
            email_key: sealed.email_key,
            name_key: sealed.name_key,
            zip_key: sealed.zip_key,
            content_key: sealed.content_key,
            address_key: Some(sealed.address_key),
            client_key: None,
            sealed: sealed.fields,
            location,
            level: resolution.level.as_str().to_owned(),
            pack: resolution.pack.to_string(),
            origin: Origin::Online,
            sheet: None,
            wishes: submission.wishes,
            language: crate::spoken::language().code().to_owned(),
            rejection: submission.is_trapped.then_some(RejectionReason::Robot),
            signed_at: turn.at,
        }
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
