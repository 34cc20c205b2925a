//! A view made ready for templates: text cleaned, dates and numbers in the form in which they are printed. No sentence is made here.

use super::{Confirming, Position, Reaches, SignerMail, SignerView};
use crate::english::{self, Count};
use crate::parts::Language;
use crate::plain::{lines, one_line, paragraphs, shortened};
use crate::spanish;
use chrono::NaiveDate;
use redress_model::{person_name, spanish_post};

/// Characters of the ask that a mail quotes.
const ASK_QUOTED: usize = 280;

/// What the templates of a mail print.
#[derive(Debug)]
pub(super) struct Said {
    pub name: String,
    pub petition: String,
    pub ask: Option<String>,
    pub mail: Mail,
    pub public_url: String,
    pub unsubscribe_url: String,
    pub sender: Option<Signed>,
}

/// Who stands behind the petition.
#[derive(Debug)]
pub(super) struct Signed {
    pub organization: String,
    pub postal_address: Vec<String>,
    pub contact: String,
}

/// [`SignerMail`] in the form in which it is printed.
#[derive(Debug)]
pub(super) enum Mail {
    Confirm(Confirm),
    Reminder(Confirm),
    AlreadySigned { receipt_url: String },
    Permit { permit_url: String },
    Delivery(Delivery),
    Response(Response),
}

#[derive(Debug)]
pub(super) struct Confirm {
    pub url: String,
    /// `123 456`.
    pub code: String,
    pub expires_on: String,
    pub reaches: Option<Reaches>,
}

#[derive(Debug)]
pub(super) struct Delivery {
    pub receipt_url: String,
    pub delivered_on: String,
    pub reached: Reaches,
    pub letter: Count,
    pub total: Count,
}

#[derive(Debug)]
pub(super) struct Response {
    pub receipt_url: String,
    pub official: String,
    pub responded_on: String,
    pub position: Position,
    pub paragraphs: Vec<String>,
}

impl Said {
    pub(super) fn of(view: &SignerView) -> Self {
        let first = paragraphs(&view.ask_text).into_iter().next();
        Self {
            name: shortened(&one_line(&view.name), person_name::LONGEST),
            petition: one_line(&view.petition_title),
            ask: first.map(|paragraph| shortened(&paragraph, ASK_QUOTED)),
            mail: mail(&view.mail, view.language),
            public_url: view.public_url.clone(),
            unsubscribe_url: view.unsubscribe_url.clone(),
            sender: view.sender.as_ref().map(|sender| Signed {
                organization: one_line(&sender.organization),
                postal_address: lines(&sender.postal_address),
                contact: sender.contact_email.as_str().to_owned(),
            }),
        }
    }
}

/// A day in words.
fn long_date(day: NaiveDate, language: Language) -> String {
    match language {
        Language::English => english::long_date(day),
        Language::Spanish => spanish::long_date(day),
    }
}

fn mail(mail: &SignerMail, language: Language) -> Mail {
    match mail {
        SignerMail::Confirm(confirming) => Mail::Confirm(confirm(confirming, language)),
        SignerMail::Reminder(confirming) => Mail::Reminder(confirm(confirming, language)),
        SignerMail::AlreadySigned { receipt_url } => Mail::AlreadySigned {
            receipt_url: receipt_url.clone(),
        },
        SignerMail::Permit { permit_url } => Mail::Permit {
            permit_url: permit_url.clone(),
        },
        SignerMail::DeliveryNotice(notice) => Mail::Delivery(Delivery {
            receipt_url: notice.receipt_url.clone(),
            delivered_on: long_date(notice.delivered_on, language),
            reached: reaches(&notice.reached, language),
            letter: Count(notice.letter),
            total: Count(notice.total),
        }),
        SignerMail::ResponseNotice(notice) => Mail::Response(Response {
            receipt_url: notice.receipt_url.clone(),
            official: official(&notice.official, language),
            responded_on: long_date(notice.responded_on, language),
            position: notice.position,
            paragraphs: paragraphs(&notice.text),
        }),
    }
}

fn confirm(confirming: &Confirming, language: Language) -> Confirm {
    let (left, right) = confirming.code.split_at(3);
    Confirm {
        url: confirming.confirm_url.clone(),
        code: format!("{left} {right}"),
        expires_on: long_date(confirming.expires_on, language),
        reaches: confirming
            .reaches
            .as_ref()
            .map(|reached| reaches(reached, language)),
    }
}

/// An official with the post, in the language of the mail.
fn official(named: &str, language: Language) -> String {
    let named = one_line(named);
    match language {
        Language::English => named,
        Language::Spanish => spanish_post::official(&named),
    }
}

fn reaches(reaches: &Reaches, language: Language) -> Reaches {
    Reaches {
        place: one_line(&reaches.place),
        officials: reaches
            .officials
            .iter()
            .map(|named| official(named, language))
            .collect(),
    }
}
