//! What a letter is made of: everything that it may say, as one value.

use crate::list::{ListRow, Verified};
use crate::parts::Language;
use chrono::NaiveDate;
use redress_model::petition::Sender;

/// Everything that a letter says. Counts are of signers, in the petition's jurisdiction `place`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterView {
    /// In which language.
    pub language: Language,
    /// What the letter is to its reader.
    pub kind: LetterKind,
    /// Where the list of signers is found.
    pub list: ListPlace,
    /// Who writes; a letter without them is an error.
    pub sender: Option<Sender>,
    /// The petition's headline.
    pub petition_title: String,
    /// What is asked of this place, as it follows "ask you to": `forbid partnerships between ...`.
    pub ask_line: String,
    /// What the petition asks, in its organizer's words; a blank line parts paragraphs.
    pub ask_text: String,
    /// Which ask applies here, and why.
    pub status: CityStatus,
    /// To whom; the first of them, where it goes to several.
    pub recipient: Recipient,
    /// The others that it is for, in a letter to the whole body by way of the clerk.
    pub fellows: Vec<Fellow>,
    /// The jurisdiction's name: `Springfield`.
    pub place: String,
    /// The state's name: `Illinois`.
    pub state: String,
    /// Number of the letter within petition and jurisdiction, from 1.
    pub letter: u32,
    /// Which part of the letter this is, from 1.
    pub part: u32,
    /// Into how many parts the letter was split, each a batch of its own.
    pub parts: u32,
    /// The batch's number within the petition.
    pub batch: u32,
    /// Number of the first new signer in it.
    pub first: u32,
    /// Number of the last.
    pub last: u32,
    /// New signers in it: `last - first + 1`.
    pub count: u32,
    /// Signers counted in the place, this letter with all its parts included: the last number given less who was withdrawn.
    pub total: u32,
    /// New signers since the last letter, over all parts of this one.
    pub new_since_last: u32,
    /// Signers in the recipient's own district; `None` for a mayor, a clerk, a member at large.
    pub in_district: Option<DistrictCount>,
    /// How the `count` new signers are known.
    pub verified: VerifiedCounts,
    /// Whether the petition counts a signature only when it was confirmed by e-mail.
    pub needs_confirmation: bool,
    /// Where they live, district by district, one row for those without; empty where there are no districts. Sums to `count`
    /// and `total`.
    pub districts: Vec<DistrictCount>,
    /// At most five comments whose authors agreed and which a reviewer passed.
    pub comments: Vec<PrintedComment>,
    /// Who is no longer counted.
    pub withdrawn: Withdrawn,
    /// SHA-256 of the list, hexadecimal.
    pub csv_sha256: String,
    /// The recipient's own page, secret.
    pub desk_url: String,
    /// Where a list is compared with the record.
    pub verify_url: String,
    /// The record of all letters of the petition.
    pub ledger_url: String,
    /// Days after delivery until names and comments are erased.
    pub retention_days: u16,
    /// The day on which the batch was frozen, in the petition's time zone.
    pub frozen_on: NaiveDate,
}

/// What the letter is to its reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetterKind {
    /// A letter to who can act on it.
    Official,
    /// A letter to the keeper of the record.
    Clerk {
        /// The posts whom no address reaches, as `Council Member, Ward 3`; the clerk is asked to pass the letter on.
        on_behalf_of: Vec<String>,
    },
}

/// Where the list of signers is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListPlace {
    /// It is attached.
    Attached {
        /// Name of the attached file.
        filename: String,
    },
    /// It is at the desk: the variant for servers that take no large mail.
    AtDesk,
}

/// Which ask applies to a place. `matter` is what the petition is about as it follows "Springfield has": `a partnership between its
/// police and a home-surveillance company`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CityStatus {
    /// Nothing of the kind is known here: the ask is to forbid it.
    Forbid {
        /// The thing.
        matter: String,
    },
    /// It exists: the ask is to end it.
    End {
        /// The thing.
        matter: String,
        /// Since when, as far as known.
        known_since: Option<NaiveDate>,
        /// Where that was read.
        source: Option<String>,
    },
    /// The petition does not tell places apart.
    None,
}

/// To whom a letter goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The post's title as people say it: `Mayor`, `Council Member`, `City Clerk`.
    pub title: String,
    /// Who holds it; `None` where nobody is known to, and the office is addressed.
    pub name: Option<String>,
    /// The district that the post answers for: `Ward 3`.
    pub district: Option<String>,
    /// Whether the term of who is named is known to be over.
    pub term_ended: bool,
}

/// One more to whom a letter goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fellow {
    /// Who.
    pub recipient: Recipient,
    /// Signers in their own district.
    pub in_district: Option<DistrictCount>,
    /// Their own page, secret.
    pub desk_url: String,
}

/// How many signers live in a district.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistrictCount {
    /// The district as people say it: `Ward 3`, `no district known`.
    pub label: String,
    /// In this letter.
    pub new: u32,
    /// In all.
    pub total: u32,
}

/// How signers are known; each is counted once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct VerifiedCounts {
    /// Confirmed by e-mail, address found on the map.
    pub confirmed: u32,
    /// The signer chose the place or district.
    pub self_asserted: u32,
    /// On paper.
    pub paper: u32,
    /// Not confirmed, because the petition does not ask for it; address found on the map.
    pub unconfirmed: u32,
}

impl VerifiedCounts {
    /// Of the new signers in a list; rows that take earlier signatures back are not counted.
    pub fn of(rows: &[ListRow]) -> Self {
        let count = |verified| {
            rows.iter()
                .filter(|row| !row.is_correction && row.verified == verified)
                .count() as u32
        };
        Self {
            confirmed: count(Verified::Confirmed),
            self_asserted: count(Verified::SelfAsserted),
            paper: count(Verified::Paper),
            unconfirmed: count(Verified::Unconfirmed),
        }
    }
}

/// A signer's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedComment {
    /// The words.
    pub text: String,
    /// Whose they are; `None` for who withholds the name.
    pub name: Option<String>,
}

/// Signers of earlier letters who are no longer counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Withdrawn {
    /// Their numbers, of those who withdrew since the last letter.
    pub since_last: Vec<u32>,
    /// How many ever, these included.
    pub in_all: u32,
}
