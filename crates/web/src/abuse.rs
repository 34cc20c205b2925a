//! What holds off abuse when somebody signs: lists and limits of the petition, the day's salt, the age of the form.
//!
//! The signer never learns of it: a submission that a rule rejects is stored with its reason and answered like any other.

pub(crate) mod condition;
mod day_salts;
pub(crate) mod finding;
mod form_age;
mod guards;
pub(crate) mod rehearsal;
pub(crate) mod sweeping;

pub(crate) use day_salts::DaySalts;
pub(crate) use form_age::stamp;
pub(crate) use guards::{Guards, InForce, keep, read};

use crate::failure::Failure;
use crate::signing::submission::Submission;
use crate::state::AppState;
use redress_model::abuse::guard::{Applicant, ListVerdict};
use redress_model::fingerprint::Fingerprint;
use redress_model::name_key::NameKey;
use redress_model::petition::Petition;
use redress_model::signature::RejectionReason;
use redress_storage::secrets::{PetitionSecrets, client_fingerprint};
use redress_storage::signatures::{Arrival, Counted};
use std::net::IpAddr;
use std::sync::Arc;

/// What is known of a submission before it is stored.
pub(crate) struct Judged {
    /// The rules that it was judged by.
    pub in_force: Arc<InForce>,
    /// The client's hash.
    pub client_key: Option<Fingerprint>,
    /// What limits count it by.
    pub arrival: Arrival,
    /// Why it is rejected at once.
    pub rejection: Option<RejectionReason>,
}

/// The hash of an e-mail's domain, under the petition's key.
pub(crate) fn domain_key(secrets: &PetitionSecrets, domain: &str) -> Fingerprint {
    secrets.fingerprint("domain", domain)
}

/// Judges a submission by the rules in force.
pub(crate) async fn judge(
    state: &AppState,
    petition: &Petition,
    (submission, client): (&Submission, Option<IpAddr>),
) -> Result<Judged, Failure> {
    let in_force = state.guards().find(state, petition.id).await?;
    let secrets = state.vault().petition(petition.id).await?;
    let client_key = match client {
        Some(client) => {
            let salt = state.salts().find(state).await?;
            let key = state.vault().instance_key();
            Some(client_fingerprint(key, &salt, client))
        }
        None => None,
    };
    let guard = &in_force.guard;
    // Whoever signs at the form or by the API has an e-mail.
    let email = submission.email.as_ref().ok_or(Failure::Broken)?;
    let (mailbox, domain) = (guard.rules.canonical(email), email.domain());
    let verdict = guard.judge(&Applicant {
        client,
        domain,
        mailbox: &mailbox,
        name: &NameKey::of(&submission.name),
    });
    let (by_client, by_domain, blocked) = match verdict {
        ListVerdict::Blocked(reason) => (false, false, Some(reason)),
        ListVerdict::Open {
            is_limited_by_client,
            is_limited_by_domain,
        } => (is_limited_by_client, is_limited_by_domain, None),
    };
    let has_limits = state.limits().is_some();
    let is_robot = submission.is_trapped
        || (has_limits
            && form_age::is_too_young(state, petition.id, &submission.form, guard.form_seconds));
    let counted = |key, is_limited| Counted { key, is_limited };
    Ok(Judged {
        arrival: if has_limits {
            Arrival {
                client: client_key.map(|key| counted(key, by_client)),
                domain: Some(counted(domain_key(&secrets, domain), by_domain)),
            }
        } else {
            Arrival::default()
        },
        rejection: is_robot.then_some(RejectionReason::Robot).or(blocked),
        client_key,
        in_force: Arc::clone(&in_force),
    })
}
