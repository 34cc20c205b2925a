//! A signature, as a reviewer sees it.

use crate::abuse::condition::key_text;
use crate::civics::Civics;
use crate::console::words;
use crate::places;
use chrono_tz::Tz;
use redress_model::abuse::guard::Guard;
use redress_model::email::Email;
use redress_model::signature::state::SignatureState;
use redress_storage::secrets::SignerFields;
use redress_storage::signatures::Signature;

/// One line of the page.
pub(crate) struct Row {
    /// Its id.
    pub id: String,
    /// Who, if it was not erased.
    pub name: String,
    /// Their e-mail.
    pub email: String,
    /// Where it is counted.
    pub place: String,
    /// When it was signed.
    pub signed_at: String,
    /// Where it stands.
    pub state: &'static str,
    /// Why it was rejected, and by whom.
    pub why: String,
    /// Its network's hash, for a search.
    pub network: Option<String>,
    /// The first letters of it.
    pub short: String,
    /// Whether its domain is one of those made for a minute.
    pub is_disposable: bool,
    /// How many e-mails this name signed with from this unit of this street, if several, and the hash that finds them.
    pub twins: Option<(u32, String)>,
    person: Option<String>,
    /// Whether it can be rejected or put back.
    pub is_open: bool,
    /// Whether there is somebody to erase.
    pub is_erasable: bool,
}

impl Row {
    /// The line of a signature.
    pub(crate) fn of(
        (signature, signer): (&Signature, Option<&SignerFields>),
        guard: &Guard,
        (civics, zone): (&Civics, Tz),
    ) -> Self {
        let email = signer.map(|signer| signer.email.clone());
        let network = signature.client_key.as_ref().map(key_text);
        let home = places::name(civics, &signature.location.home);
        let district = signature.location.district_key();
        let why = signature
            .rejection
            .map(|(by, reason)| format!("{}, by {}", words::plain(reason.as_str()), by.as_str()));
        let is_disposable = email
            .as_deref()
            .and_then(|email| Email::parse(email).ok())
            .is_some_and(|email| guard.is_disposable(&email));
        Self {
            id: signature.id.to_string(),
            name: signer.map_or_else(|| "(erased)".to_owned(), |signer| signer.name.clone()),
            email: email.unwrap_or_default(),
            place: if district.is_empty() {
                home
            } else {
                format!("{home}, district {district}")
            },
            signed_at: signature
                .signed_at
                .with_timezone(&zone)
                .format("%Y-%m-%d %H:%M:%S")
                .to_string(),
            state: signature.state.as_str(),
            why: why.unwrap_or_default(),
            short: network
                .as_ref()
                .map_or_else(String::new, |key| key[..8].to_owned()),
            network,
            is_disposable,
            twins: None,
            person: signature.address_key.as_ref().map(key_text),
            is_erasable: signature.state != SignatureState::Erased,
            is_open: matches!(
                signature.state,
                SignatureState::Pending | SignatureState::Confirmed | SignatureState::Rejected
            ),
        }
    }
    /// Marks a person who signed with so many e-mails.
    pub(crate) fn of_several(mut self, mailboxes: Option<u32>) -> Self {
        self.twins = mailboxes.zip(self.person.take());
        self
    }
}
