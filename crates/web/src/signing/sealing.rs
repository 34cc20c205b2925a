//! From a submission and its resolution to what the intake takes: the same for the form and for paper.

use super::home;
use super::submission::Submission;
use chrono::{DateTime, Utc};
use rand::CryptoRng;
use redress_model::email::canonical::CanonicalRules;
use redress_model::fingerprint::Fingerprint;
use redress_model::home::Home;
use redress_model::id::SignatureId;
use redress_model::petition::Petition;
use redress_model::resolution::Resolution;
use redress_model::signature::{Origin, RejectionReason};
use redress_storage::secrets::{Personal, PetitionSecrets};
use redress_storage::signatures::{Arrival, NewSignature};

/// What many submissions of a petition have in common.
pub(crate) struct Sealing<'a> {
    /// What is signed.
    pub petition: &'a Petition,
    /// Its key.
    pub secrets: &'a PetitionSecrets,
    /// Whose mailbox an e-mail is.
    pub rules: &'a CanonicalRules,
    /// The language in which the signer is written to.
    pub language: &'a str,
    /// When.
    pub signed_at: DateTime<Utc>,
}

/// How a submission came.
#[derive(Default)]
pub(crate) struct Coming {
    /// The client's hash.
    pub client_key: Option<Fingerprint>,
    /// What limits count it by.
    pub arrival: Arrival,
    /// Why it is rejected at once.
    pub rejection: Option<RejectionReason>,
    /// The sheet and line that it was typed from.
    pub sheet: Option<String>,
}

/// Where a submission is, as far as the map says.
pub(crate) struct Located<'a> {
    /// The answer.
    pub resolution: &'a Resolution,
    /// The side of the block, to be asked about again when the address is dropped.
    pub block: Option<String>,
}

impl Sealing<'_> {
    /// Seals what is personal and locates the rest; a sheet says that it was signed on paper.
    pub(crate) fn seal(
        &self,
        id: SignatureId,
        submission: &Submission,
        located: &Located<'_>,
        coming: Coming,
        random: &mut (dyn CryptoRng + Send),
    ) -> NewSignature {
        let resolution = located.resolution;
        let location = home::locate(resolution, submission.choice.as_deref());
        let question = home::question(resolution);
        let street = submission.street_as_found(resolution);
        let is_agreed = self.petition.terms.keeps_address && submission.keeps_address;
        let email = submission.email.as_ref();
        let mailbox = email.map(|email| self.rules.canonical(email));
        let personal = Personal {
            name: &submission.name,
            email: email.zip(mailbox.as_ref()),
            is_paper: coming.sheet.is_some(),
            street: &street,
            unit: submission.unit_as_found(resolution),
            city: &submission.city,
            state: &submission.state,
            zip: &submission.zip,
            block: located.block.as_deref(),
            question: question.as_ref(),
            choice: submission.choice.as_deref().unwrap_or_default(),
            comment: submission.comment.as_ref(),
            keeps_address: is_agreed || location.home == Home::NotLocated,
            is_agreed,
        };
        let sealed = self.secrets.seal_personal(id, &personal, random);
        NewSignature {
            id,
            petition_id: self.petition.id,
            email_key: sealed.email_key,
            name_key: sealed.name_key,
            zip_key: sealed.zip_key,
            content_key: sealed.content_key,
            address_key: Some(sealed.address_key),
            client_key: coming.client_key,
            arrival: coming.arrival,
            sealed: sealed.fields,
            has_block: located.block.is_some(),
            location,
            level: resolution.level.as_str().to_owned(),
            pack: resolution.pack.to_string(),
            origin: if coming.sheet.is_some() {
                Origin::Paper
            } else {
                Origin::Online
            },
            sheet: coming.sheet,
            wishes: submission.wishes,
            language: self.language.to_owned(),
            rejection: coming.rejection,
            signed_at: self.signed_at,
        }
    }
}
