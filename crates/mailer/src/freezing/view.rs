//! What the letters of a batch are made of, as it is sealed with the batch: a letter can be written from it for whoever sits
//! later.

use super::wording::{bare_title, district_name};
use chrono::NaiveDate;
use redress_letters::official::{
    CityStatus, DistrictCount, Fellow, LetterKind, LetterView, ListPlace, PrintedComment,
    Recipient, VerifiedCounts, Withdrawn,
};
use redress_letters::parts::Language;
use redress_model::email::Email;
use redress_model::official::Role;
use redress_model::petition::Sender;
use redress_storage::deliveries::Addressee;
use serde::{Deserialize, Serialize};

/// Everything that is the same in all letters of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BatchView {
    /// The petition's word.
    pub(crate) slug: String,
    /// Its headline.
    pub(crate) title: String,
    /// Its ask.
    pub(crate) ask_text: String,
    /// What is asked of this place.
    pub(crate) ask_line: String,
    /// What is known of the place, and what the petition is about.
    pub(crate) standing: Option<Standing>,
    /// The place in a sentence.
    pub(crate) place: String,
    /// Its state.
    pub(crate) state: String,
    /// What its districts are called: `Ward`.
    pub(crate) district_noun: String,
    /// The letter's number.
    pub(crate) letter: u32,
    /// Which part.
    pub(crate) part: u32,
    /// Of how many.
    pub(crate) parts: u32,
    /// The batch's number.
    pub(crate) batch: u32,
    /// Number of the first new signer.
    pub(crate) first: u32,
    /// Of the last.
    pub(crate) last: u32,
    /// How many are new in this part.
    pub(crate) count: u32,
    /// All of the place, with every part of this letter.
    pub(crate) total: u32,
    /// New over all parts.
    pub(crate) new_since_last: u32,
    /// Confirmed, self-asserted, on paper, unconfirmed.
    pub(crate) verified: [u32; 4],
    /// Whether signatures count only when confirmed.
    pub(crate) needs_confirmation: bool,
    /// By district, bare labels, the empty one for none.
    pub(crate) districts: Vec<DistrictRow>,
    /// Text, and name if it may be told.
    pub(crate) comments: Vec<(String, Option<String>)>,
    /// Numbers of those who withdrew since the last letter.
    pub(crate) withdrawn: Vec<u32>,
    /// How many ever.
    pub(crate) withdrawn_in_all: u32,
    /// The attached list's name.
    pub(crate) filename: String,
    /// Whether the list is at the desk, in the letter that is being written: never in a view as it is sealed.
    #[serde(skip)]
    pub(crate) is_list_at_desk: bool,
    /// Its SHA-256, hexadecimal.
    pub(crate) csv_sha256: String,
    /// Root of the tree over its rows, hexadecimal; empty in views that were sealed without it.
    #[serde(default)]
    pub(crate) merkle_root: String,
    /// Days until names are erased.
    pub(crate) retention_days: u16,
    /// The day of freezing, in the petition's time zone.
    pub(crate) frozen_on: NaiveDate,
    /// Who stood behind the petition then.
    pub(crate) sender: Option<SealedSender>,
}

/// One district's counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DistrictRow {
    /// Its bare label.
    pub(crate) label: String,
    /// In this part.
    pub(crate) new: u32,
    /// In all.
    pub(crate) total: u32,
}

/// What a place has done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Standing {
    /// Whether the thing exists there.
    pub(crate) exists: bool,
    /// The thing.
    pub(crate) matter: String,
    /// Since when.
    pub(crate) since_on: Option<NaiveDate>,
    /// Who says so.
    pub(crate) source: Option<String>,
}

/// A petition's sender, as it is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SealedSender {
    organization: String,
    postal_address: String,
    contact_email: String,
}

impl SealedSender {
    pub(super) fn of(sender: &Sender) -> Self {
        Self {
            organization: sender.organization.clone(),
            postal_address: sender.postal_address.clone(),
            contact_email: sender.contact_email.as_str().to_owned(),
        }
    }

    fn open(&self) -> Option<Sender> {
        Some(Sender {
            organization: self.organization.clone(),
            postal_address: self.postal_address.clone(),
            contact_email: Email::parse(&self.contact_email).ok()?,
        })
    }
}

/// The addresses of pages that a letter names.
#[derive(Debug, Clone)]
pub(crate) struct Links {
    /// The official's own.
    pub(crate) desk: String,
    /// The record of all letters.
    pub(crate) ledger: String,
}

impl BatchView {
    /// As it is sealed.
    pub(crate) fn to_json(&self) -> Vec<u8> {
        // A struct of strings and numbers always serializes.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// As it was sealed.
    pub(crate) fn from_json(json: &[u8]) -> Option<Self> {
        serde_json::from_slice(json).ok()
    }

    /// Who stands behind it: as frozen, else as named since.
    pub(crate) fn sender(&self, named_since: Option<&Sender>) -> Option<Sender> {
        self.sender
            .as_ref()
            .and_then(SealedSender::open)
            .or_else(|| named_since.cloned())
    }

    /// The letter to one seat.
    pub(crate) fn letter_to(
        &self,
        addressee: &Addressee,
        sender: Option<Sender>,
        links: &Links,
    ) -> LetterView {
        let is_clerk = addressee.role == Role::Clerk;
        let own = addressee.district.as_deref().filter(|_| !is_clerk);
        LetterView {
            language: Language::English,
            kind: if is_clerk {
                LetterKind::Clerk {
                    on_behalf_of: Vec::new(),
                }
            } else {
                LetterKind::Official
            },
            list: if self.is_list_at_desk {
                ListPlace::AtDesk
            } else {
                ListPlace::Attached {
                    filename: self.filename.clone(),
                }
            },
            sender,
            petition_title: self.title.clone(),
            ask_line: self.ask_line.clone(),
            ask_text: self.ask_text.clone(),
            status: self.status(),
            recipient: self.recipient(addressee),
            fellows: Vec::new(),
            place: self.place.clone(),
            state: self.state.clone(),
            letter: self.letter,
            part: self.part,
            parts: self.parts,
            batch: self.batch,
            first: self.first,
            last: self.last,
            count: self.count,
            total: self.total,
            new_since_last: self.new_since_last,
            in_district: own.and_then(|label| self.in_district(label)),
            verified: self.verified(),
            needs_confirmation: self.needs_confirmation,
            districts: self.districts.iter().map(|row| self.named(row)).collect(),
            comments: self.comments.iter().map(printed).collect(),
            withdrawn: Withdrawn {
                since_last: self.withdrawn.clone(),
                in_all: self.withdrawn_in_all,
            },
            csv_sha256: self.csv_sha256.clone(),
            desk_url: links.desk.clone(),
            verify_url: format!("{}#batch-{}", links.ledger, self.batch),
            ledger_url: links.ledger.clone(),
            retention_days: self.retention_days,
            frozen_on: self.frozen_on,
        }
    }

    /// One letter to several seats, each with the address of its desk. None of them is the clerk's.
    pub(crate) fn letter_to_all(
        &self,
        addressee: &Addressee,
        fellows: &[(&Addressee, String)],
        sender: Option<Sender>,
        links: &Links,
    ) -> LetterView {
        let fellows = fellows.iter().map(|(addressee, desk)| {
            let own = addressee.district.as_deref();
            Fellow {
                recipient: self.recipient(addressee),
                in_district: own.and_then(|label| self.in_district(label)),
                desk_url: desk.clone(),
            }
        });
        LetterView {
            fellows: fellows.collect(),
            ..self.letter_to(addressee, sender, links)
        }
    }

    /// A seat as it is addressed. A clerk answers for no district.
    fn recipient(&self, addressee: &Addressee) -> Recipient {
        let own = addressee.district.as_deref();
        let own = own.filter(|_| addressee.role != Role::Clerk);
        Recipient {
            title: bare_title(&addressee.title).to_owned(),
            name: addressee.person.clone(),
            district: own.map(|label| district_name(&self.district_noun, label)),
            term_ended: false,
        }
    }

    fn status(&self) -> CityStatus {
        match &self.standing {
            Some(Standing {
                exists: true,
                matter,
                since_on,
                source,
            }) => CityStatus::End {
                matter: matter.clone(),
                known_since: *since_on,
                source: source.clone(),
            },
            Some(Standing {
                exists: false,
                matter,
                ..
            }) => CityStatus::Forbid {
                matter: matter.clone(),
            },
            None => CityStatus::None,
        }
    }

    fn verified(&self) -> VerifiedCounts {
        let [confirmed, self_asserted, paper, unconfirmed] = self.verified;
        VerifiedCounts {
            confirmed,
            self_asserted,
            paper,
            unconfirmed,
        }
    }

    /// A district's own count, where the table is known to be right.
    fn in_district(&self, label: &str) -> Option<DistrictCount> {
        if self.districts.is_empty() {
            return None;
        }
        let row = self.districts.iter().find(|row| row.label == label);
        row.map(|row| self.named(row))
    }

    fn named(&self, row: &DistrictRow) -> DistrictCount {
        DistrictCount {
            label: district_name(&self.district_noun, &row.label),
            new: row.new,
            total: row.total,
        }
    }
}

fn printed((text, name): &(String, Option<String>)) -> PrintedComment {
    PrintedComment {
        text: text.clone(),
        name: name.clone(),
    }
}
