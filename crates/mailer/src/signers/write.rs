//! From a queued mail, which holds ids, to the message that goes.

use crate::address::base32;
use crate::error::MailerError;
use crate::mailer::Mailer;
use crate::policy::{day_in, zone_of};
use redress_letters::mime::{Head, Mailbox, assemble};
use redress_letters::parts::Language;
use redress_letters::signer::{Confirming, ResponseNotice, SignerMail, SignerView, render};
use redress_model::id::{PermitId, SignatureId};
use redress_model::petition::Petition;
use redress_model::petition::state::PetitionState;
use redress_model::response::ResponseState;
use redress_model::signature::state::SignatureState;
use redress_storage::StorageError;
use redress_storage::mails::{Mail, MailKind};
use redress_storage::responses::Response;
use redress_storage::secrets::{
    PetitionSecrets, SealedField, SecretError, Token, TokenPurpose, confirmation_code,
};
use redress_storage::signatures::Signature;

/// A mail, ready to go or needed no more.
pub(super) enum Written {
    /// Ready.
    Mail(Ready),
    /// What it is about is done, or gone.
    Unneeded,
}

/// A message with its envelope.
pub(super) struct Ready {
    pub(super) sender: String,
    pub(super) recipient: String,
    pub(super) bytes: Vec<u8>,
}

impl Mailer {
    /// Writes a mail as it is needed now.
    pub(super) async fn write_mail(&self, mail: &Mail) -> Result<Written, MailerError> {
        if mail.kind == MailKind::Permit {
            return self.write_permit(mail).await;
        }
        let Some(signature) = self
            .store()
            .signatures
            .find_signature(mail.signature_id)
            .await?
        else {
            return Ok(Written::Unneeded);
        };
        let Some(petition) = self
            .store()
            .petitions
            .find_petition(mail.petition_id)
            .await?
        else {
            return Ok(Written::Unneeded);
        };
        let response = self.find_shown(mail).await?;
        if !self.is_needed(mail, &signature, &petition)
            || response.is_some() != (mail.kind == MailKind::Response)
        {
            return Ok(Written::Unneeded);
        }
        let secrets = match self.vault().petition(petition.id).await {
            Ok(secrets) => secrets,
            Err(StorageError::Secret(SecretError::Destroyed)) => return Ok(Written::Unneeded),
            Err(error) => return Err(error.into()),
        };
        let Some(sealed) = &signature.sealed else {
            return Ok(Written::Unneeded);
        };
        let signer = secrets
            .open_signer(signature.id, &sealed.signer)
            .map_err(StorageError::from)?;
        if signer.email.is_empty() {
            // A line of paper without an address.
            return Ok(Written::Unneeded);
        }
        let name = greeted(mail, &secrets, signer.name)?;
        let view = self.signer_view(mail, &signature, &petition, (name, response.as_ref()));
        Ok(Written::Mail(self.ready(mail, &view, &signer.email)?))
    }

    /// What a mail tells of, if that is still shown to everybody.
    async fn find_shown(&self, mail: &Mail) -> Result<Option<Response>, MailerError> {
        let Some(id) = mail.response_id else {
            return Ok(None);
        };
        let found = self.store().responses.find_response(id).await?;
        Ok(found.filter(|response| response.state == ResponseState::Published))
    }

    /// Writes the mail that lets somebody sign without proof of work.
    async fn write_permit(&self, mail: &Mail) -> Result<Written, MailerError> {
        let found = self.store().proofs.find_permit(PermitId(mail.id.0)).await?;
        let Some(permit) = found.filter(|permit| self.now() < permit.expires_at) else {
            return Ok(Written::Unneeded);
        };
        let petition = self.store().petitions.find_petition(permit.petition_id);
        let petition = petition.await?;
        let Some(petition) = petition.filter(|it| it.state == PetitionState::Open) else {
            return Ok(Written::Unneeded);
        };
        let secrets = match self.vault().petition(petition.id).await {
            Ok(secrets) => secrets,
            Err(StorageError::Secret(SecretError::Destroyed)) => return Ok(Written::Unneeded),
            Err(error) => return Err(error.into()),
        };
        let email = secrets
            .open(SealedField::Permit, permit.id, &permit.sealed_email)
            .and_then(|email| String::from_utf8(email).map_err(|_| SecretError::Sealed))
            .map_err(StorageError::from)?;
        let language = Language::of_code(&permit.language);
        let site = self.site(language);
        let key = self.vault().instance_key();
        let token = Token::issue(key, TokenPurpose::Permit, permit.id.0, 0);
        let view = SignerView {
            language,
            mail: SignerMail::Permit {
                permit_url: format!("{site}/permit/{token}"),
            },
            name: String::new(),
            petition_title: petition.terms.title.clone(),
            ask_text: petition.terms.ask.clone(),
            public_url: format!("{site}/p/{}", petition.slug),
            unsubscribe_url: String::new(),
            sender: petition.terms.sender,
        };
        Ok(Written::Mail(self.ready(mail, &view, &email)?))
    }

    /// A mail as it goes to an address.
    fn ready(&self, mail: &Mail, view: &SignerView, recipient: &str) -> Result<Ready, MailerError> {
        let parts = render(view)?;
        let ours = format!("mail@{}", self.domain());
        let message_id = format!(
            "<{}.mail@{}>",
            base32::write(mail.id.0.as_bytes()),
            self.domain()
        );
        let sender = view.sender.as_ref();
        let from_name = sender
            .map(|sender| sender.organization.clone())
            .unwrap_or_default();
        let head = Head {
            from: Mailbox {
                name: from_name.clone(),
                email: ours.clone(),
            },
            reply_to: sender.map(|sender| Mailbox {
                name: from_name,
                email: sender.contact_email.as_str().to_owned(),
            }),
            to: Mailbox {
                name: String::new(),
                email: recipient.to_owned(),
            },
            date: self.now(),
            message_id: message_id.clone(),
            references: Vec::new(),
            list_id: None,
            list_unsubscribe: Some(view.unsubscribe_url.clone())
                .filter(|url| url.starts_with("https://")),
            extra: Vec::new(),
        };
        let mut bytes = assemble(
            &head,
            &parts.subject,
            &parts.text,
            &parts.html,
            &[],
            message_id.as_bytes(),
        )?;
        if let Some(signer) = self.signer() {
            let signature = signer.sign_mail(&bytes, head.date)?;
            bytes.splice(..0, signature.bytes());
        }
        Ok(Ready {
            sender: ours,
            recipient: recipient.to_owned(),
            bytes,
        })
    }

    /// Whether anybody still waits for it.
    fn is_needed(&self, mail: &Mail, signature: &Signature, petition: &Petition) -> bool {
        let now = self.now();
        match mail.kind {
            MailKind::Confirm | MailKind::Reminder => {
                signature.state == SignatureState::Pending
                    && signature.confirm_by_at > now
                    && petition.state.takes_confirmations(petition.closed_at, now)
            }
            MailKind::AlreadySigned => signature.state != SignatureState::Erased,
            // Consent may have been taken back since it was queued.
            MailKind::Response => {
                signature.state == SignatureState::Confirmed && signature.wishes.wants_updates
            }
            // It is about no signature.
            MailKind::Permit => false,
        }
    }

    /// Pages go on in the language that their link begins with.
    fn site(&self, language: Language) -> String {
        match language {
            Language::English => self.public_url().to_owned(),
            Language::Spanish => format!("{}/es", self.public_url()),
        }
    }

    fn signer_view(
        &self,
        mail: &Mail,
        signature: &Signature,
        petition: &Petition,
        (name, response): (String, Option<&Response>),
    ) -> SignerView {
        let key = self.vault().instance_key();
        let language = Language::of_code(&signature.language);
        let site = self.site(language);
        let link = |word: &str, purpose| {
            let token = Token::issue(key, purpose, signature.id.0, signature.epoch);
            format!("{site}/{word}/{token}")
        };
        let zone = zone_of(&petition.terms.time_zone);
        let confirming = || Confirming {
            confirm_url: link("confirm", TokenPurpose::Confirm),
            code: confirmation_code(key, signature.id.0, signature.epoch),
            expires_on: day_in(zone, signature.confirm_by_at),
            reaches: None,
        };
        SignerView {
            language,
            mail: match (mail.kind, response) {
                (MailKind::Response, Some(response)) => {
                    let receipt_url = link("r", TokenPurpose::Receipt);
                    let responded_on = day_in(zone, response.responded_at);
                    SignerMail::ResponseNotice(ResponseNotice {
                        receipt_url,
                        official: response.official(),
                        responded_on,
                        position: response.position,
                        text: response.text.clone(),
                    })
                }
                (MailKind::Confirm, _) => SignerMail::Confirm(confirming()),
                (MailKind::Reminder, _) => SignerMail::Reminder(confirming()),
                (MailKind::AlreadySigned | MailKind::Permit | MailKind::Response, _) => {
                    SignerMail::AlreadySigned {
                        receipt_url: link("r", TokenPurpose::Receipt),
                    }
                }
            },
            name,
            petition_title: petition.terms.title.clone(),
            ask_text: petition.terms.ask.clone(),
            public_url: format!("{site}/p/{}", petition.slug),
            unsubscribe_url: link("unsubscribe", TokenPurpose::Unsubscribe),
            sender: petition.terms.sender.clone(),
        }
    }
}

/// Whom the mail greets: as typed this time, where somebody signed again.
fn greeted(mail: &Mail, secrets: &PetitionSecrets, name: String) -> Result<String, StorageError> {
    match &mail.sealed_signer {
        Some(sealed) => Ok(secrets.open_signer(SignatureId(mail.id.0), sealed)?.name),
        None => Ok(name),
    }
}
