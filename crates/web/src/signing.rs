//! Signing: the same for people and programs.

pub(crate) mod form;
pub(crate) mod home;
pub(crate) mod submission;

use crate::abuse;
use crate::failure::Failure;
use crate::state::AppState;
use redress_civics::parse::Input;
use redress_model::home::Home;
use redress_model::id::SignatureId;
use redress_model::petition::Petition;
use redress_model::resolution::Resolution;
use redress_model::signature::Origin;
use redress_storage::secrets::Personal;
use redress_storage::signatures::{NewSignature, Refusal, SignOutcome};
use std::net::IpAddr;
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
    (submission, client): (&Submission, Option<IpAddr>),
) -> Result<Signed, Failure> {
    let resolution = resolve(state, &submission.input());
    let secrets = state.vault().petition(petition.id).await?;
    let judged = abuse::judge(state, petition, (submission, client)).await?;
    let new = {
        let mut random = state.random();
        let id = SignatureId::new(state.clock(), random.as_mut());
        let location = home::locate(&resolution, submission.choice.as_deref());
        let street = submission.street_as_found(&resolution);
        let personal = Personal {
            name: &submission.name,
            email: &submission.email,
            mailbox: &judged.mailbox,
            street: &street,
            unit: submission.unit_as_found(&resolution),
            city: &submission.city,
            state: &submission.state,
            zip: &submission.zip,
            block: None,
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
            client_key: judged.client_key,
            arrival: judged.arrival,
            sealed: sealed.fields,
            location,
            level: resolution.level.as_str().to_owned(),
            pack: resolution.pack.to_string(),
            origin: Origin::Online,
            sheet: None,
            wishes: submission.wishes,
            language: "en".to_owned(),
            rejection: judged.rejection,
            signed_at: state.now(),
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
