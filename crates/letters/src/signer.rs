//! Mail to a signer about their own signature.
//!
//! Its outside, the subject, never says for which petition it comes. Its links lead to pages; nothing in it acts by being opened. The wording is in `templates/mail`.

mod said;

use crate::error::LettersError;
use crate::parts::{Language, MailParts};
use crate::web_address;
use crate::wrap::wrapped;
use askama::Template;
use chrono::NaiveDate;
use redress_model::petition::Sender;
pub use redress_model::response::Position;
use said::{Mail, Said};

/// Everything that a mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignerView {
    /// In which language.
    pub language: Language,
    /// What it is about.
    pub mail: SignerMail,
    /// The name to greet, as typed this time; empty for none.
    pub name: String,
    /// The petition's headline.
    pub petition_title: String,
    /// What the petition asks; the mail quotes the beginning.
    pub ask_text: String,
    /// The petition's public page.
    pub public_url: String,
    /// The page that stops mail about this petition; empty where there is nothing to stop.
    pub unsubscribe_url: String,
    /// Who stands behind the petition, if they are named yet.
    pub sender: Option<Sender>,
}

/// What a mail is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignerMail {
    /// Somebody signed with this address for the first time.
    Confirm(Confirming),
    /// The same, two days later.
    Reminder(Confirming),
    /// Somebody signed with the address of a signature that counts.
    AlreadySigned {
        /// The signer's own page, secret.
        receipt_url: String,
    },
    /// Somebody without script wants to sign while proof of work is asked for.
    Permit {
        /// The page with the button.
        permit_url: String,
    },
    /// A letter with this signature reached the officials' servers.
    DeliveryNotice(DeliveryNotice),
    /// An official answered.
    ResponseNotice(ResponseNotice),
}

/// How a signature is confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirming {
    /// The page with the button.
    pub confirm_url: String,
    /// Six digits.
    pub code: String,
    /// The last day on which link and code work, in the petition's time zone.
    pub expires_on: NaiveDate,
    /// Where the signature will be counted, and who will hear of it: `Springfield`, `Mayor Elena Ruiz`.
    pub reaches: Option<Reaches>,
}

/// Who answers for where somebody lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaches {
    /// The place with its state: `Springfield, Illinois`.
    pub place: String,
    /// Officials with their posts; may be empty.
    pub officials: Vec<String>,
}

/// What was delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryNotice {
    /// The signer's own page, secret.
    pub receipt_url: String,
    /// The day on which the first server took the letter, in the petition's time zone.
    pub delivered_on: NaiveDate,
    /// Where, and the officials whose servers took it: at least one.
    pub reached: Reaches,
    /// The letter's number.
    pub letter: u32,
    /// Signers counted in the place, the letter's own included.
    pub total: u32,
}

/// What an official answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseNotice {
    /// The signer's own page, secret.
    pub receipt_url: String,
    /// Who answered: `Mayor Elena Ruiz`.
    pub official: String,
    /// When, in the petition's time zone.
    pub responded_on: NaiveDate,
    /// Where they stand.
    pub position: Position,
    /// Their words, as published.
    pub text: String,
}

#[derive(Template)]
#[template(path = "en/signer.subject.txt")]
struct EnglishSubject<'a> {
    m: &'a Said,
}

#[derive(Template)]
#[template(path = "en/signer.txt")]
struct EnglishText<'a> {
    m: &'a Said,
}

#[derive(Template)]
#[template(path = "en/signer.html")]
struct EnglishHtml<'a> {
    m: &'a Said,
}

#[derive(Template)]
#[template(path = "es/signer.subject.txt")]
struct SpanishSubject<'a> {
    m: &'a Said,
}

#[derive(Template)]
#[template(path = "es/signer.txt")]
struct SpanishText<'a> {
    m: &'a Said,
}

#[derive(Template)]
#[template(path = "es/signer.html")]
struct SpanishHtml<'a> {
    m: &'a Said,
}

/// Writes the mail. Fails for links that are none, and where something that every such mail says is missing.
pub fn render(view: &SignerView) -> Result<MailParts, LettersError> {
    check(view)?;
    let said = Said::of(view);
    let m = &said;
    Ok(match view.language {
        Language::English => MailParts {
            subject: EnglishSubject { m }.render()?,
            text: wrapped(&EnglishText { m }.render()?),
            html: EnglishHtml { m }.render()?,
        },
        Language::Spanish => MailParts {
            subject: SpanishSubject { m }.render()?,
            text: wrapped(&SpanishText { m }.render()?),
            html: SpanishHtml { m }.render()?,
        },
    })
}

fn check(view: &SignerView) -> Result<(), LettersError> {
    web_address::check("the link to the petition", &view.public_url)?;
    if !view.unsubscribe_url.is_empty() {
        web_address::check("the link to unsubscribe", &view.unsubscribe_url)?;
    }
    if view.petition_title.trim().is_empty() {
        return Err(LettersError::Missing("the petition's title"));
    }
    match &view.mail {
        SignerMail::Confirm(confirming) | SignerMail::Reminder(confirming) => {
            let code = &confirming.code;
            if code.len() != 6 || !code.bytes().all(|digit| digit.is_ascii_digit()) {
                return Err(LettersError::Missing("a code of six digits"));
            }
            web_address::check("the link to confirm", &confirming.confirm_url)
        }
        SignerMail::AlreadySigned { receipt_url } => {
            web_address::check("the link to the receipt", receipt_url)
        }
        SignerMail::Permit { permit_url } => web_address::check("the link to sign", permit_url),
        SignerMail::DeliveryNotice(notice) => {
            if notice.reached.officials.is_empty() {
                return Err(LettersError::Missing("an official whom the letter reached"));
            }
            web_address::check("the link to the receipt", &notice.receipt_url)
        }
        SignerMail::ResponseNotice(notice) => {
            if notice.text.trim().is_empty() || notice.official.trim().is_empty() {
                return Err(LettersError::Missing("what was answered and by whom"));
            }
            web_address::check("the link to the receipt", &notice.receipt_url)
        }
    }
}
