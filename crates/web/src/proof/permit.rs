//! A mail in the place of proof: its button lets one form through. Whether the e-mail is known to the petition shows nowhere, for
//! nobody asks.

use super::Refused;
use super::challenge::Proof;
use crate::failure::Failure;
use crate::signing::form::SignFields;
use crate::state::AppState;
use redress_model::abuse::guard::{Applicant, ListVerdict};
use redress_model::email::Email;
use redress_model::fingerprint::Fingerprint;
use redress_model::id::{PermitId, PetitionId};
use redress_model::name_key::NameKey;
use redress_model::person_name::PersonName;
use redress_model::petition::Petition;
use redress_storage::proofs::{NewPermit, Permit};
use redress_storage::secrets::{SealedField, Token, TokenPurpose, client_fingerprint};
use std::net::IpAddr;

/// Sends the mail, unless lists or limits keep it back: the pass is given in any case and looks alike.
pub(crate) async fn request(
    state: &AppState,
    petition: &Petition,
    (fields, email): (&SignFields, &Email),
    client: Option<IpAddr>,
) -> Result<String, Failure> {
    let id = PermitId::new(state.clock(), state.random().as_mut());
    let in_force = state.guards().find(state, petition.id).await?;
    let mailbox = in_force.guard.rules.canonical(email);
    let secrets = state.vault().petition(petition.id).await?;
    let client_key = match client {
        Some(client) => {
            let salt = state.salts().find(state).await?;
            Some(client_fingerprint(
                state.vault().instance_key(),
                &salt,
                client,
            ))
        }
        None => None,
    };
    let name = PersonName::parse(&fields.name).map(|name| NameKey::of(&name));
    let verdict = name.map(|name| {
        in_force.guard.judge(&Applicant {
            client,
            domain: email.domain(),
            mailbox: &mailbox,
            name: &name,
        })
    });
    let is_limited = match verdict {
        // A name that is no name is told beside its field.
        Err(_) => Some(true),
        Ok(ListVerdict::Blocked(_)) => None,
        Ok(ListVerdict::Open {
            is_limited_by_client,
            ..
        }) => Some(is_limited_by_client),
    };
    if let Some(is_limited) = is_limited.filter(|_| fields.company.trim().is_empty()) {
        let email_text = email.as_str().as_bytes();
        let permit = NewPermit {
            id,
            petition_id: petition.id,
            email_key: secrets.fingerprint("email", mailbox.as_str()),
            client_key,
            sealed_email: secrets.seal(
                SealedField::Permit,
                id,
                email_text,
                state.random().as_mut(),
            ),
            language: crate::spoken::language().code().to_owned(),
            asked_at: state.now(),
        };
        let most = in_force.limits.client_an_hour.filter(|_| is_limited);
        state.store().proofs.request_permit(&permit, most).await?;
    }
    Ok(pass(state, id))
}

/// What the form carries: a pass without its permit is worth nothing.
pub(crate) fn pass(state: &AppState, id: PermitId) -> String {
    let key = state.vault().instance_key();
    Token::issue(key, TokenPurpose::Pass, id.0, 0).to_string()
}

/// A permit that is good at its petition now.
pub(crate) async fn find(
    state: &AppState,
    text: &str,
    purpose: TokenPurpose,
) -> Result<Option<Permit>, Failure> {
    let key = state.vault().instance_key();
    let token = Token::parse(text).filter(|token| token.is_valid(key, purpose, 0));
    let Some(token) = token else { return Ok(None) };
    let found = state.store().proofs.find_permit(PermitId(token.id)).await?;
    Ok(found.filter(|permit| state.now() < permit.expires_at))
}

/// Reads the pass of a form as proof.
pub(super) async fn read(
    state: &AppState,
    petition: PetitionId,
    text: &str,
) -> Result<Result<Proof, Refused>, Failure> {
    if text.is_empty() {
        return Ok(Err(Refused::Missing));
    }
    let found = find(state, text, TokenPurpose::Pass).await?;
    Ok(
        match found.filter(|permit| permit.petition_id == petition) {
            Some(permit) if permit.is_granted => Ok(Proof {
                key: Fingerprint(*permit.id.0.as_bytes()),
                expires_at: permit.expires_at,
            }),
            // One that was never kept looks like one whose button waits.
            _ => Err(Refused::Waiting),
        },
    )
}

/// To whom the mail of a permit went.
pub(crate) async fn email(state: &AppState, permit: &Permit) -> Result<String, Failure> {
    let secrets = state.vault().petition(permit.petition_id).await?;
    let opened = secrets.open(SealedField::Permit, permit.id, &permit.sealed_email);
    let opened = opened.map_err(|_| Failure::Broken)?;
    String::from_utf8(opened).map_err(|_| Failure::Broken)
}
