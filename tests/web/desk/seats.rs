//! Who is written to, and what.

use crate::stage::Known;
use redress_letters::official::{
    CityStatus, DistrictCount, LetterKind, LetterView, ListPlace, Recipient, VerifiedCounts,
    Withdrawn, render,
};
use redress_letters::parts::{Language, LetterParts};
use redress_model::delivery::NoContactReason;
use redress_model::email::Email;
use redress_model::official::Role;
use redress_model::petition::Sender;
use redress_storage::batches::Batch;
use redress_storage::deliveries::Addressee;
use std::fmt::Write;

/// A seat of the known place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Seat {
    /// The mayor, who has an address.
    Mayor,
    /// The member of the known district, who has one too.
    Member,
    /// The clerk, who has none.
    Clerk,
}

impl Seat {
    fn title(self) -> &'static str {
        match self {
            Self::Mayor => "Mayor",
            Self::Member => "Council Member",
            Self::Clerk => "City Clerk",
        }
    }

    fn person(self) -> Option<&'static str> {
        match self {
            Self::Mayor => Some("Elena Ortiz"),
            Self::Member => Some("Sam Okafor"),
            Self::Clerk => None,
        }
    }

    pub fn addressee(self, known: &Known) -> Addressee {
        let (role, post) = match self {
            Self::Mayor => (Role::Mayor, "mayor".to_owned()),
            Self::Member => (
                Role::CouncilMember,
                format!("council_member/{}", known.district),
            ),
            Self::Clerk => (Role::Clerk, "clerk".to_owned()),
        };
        let person = self.person().map(str::to_owned);
        Addressee {
            post_id: format!("{}/{post}", known.geoid),
            role,
            title: self.title().to_owned(),
            district: (self == Self::Member).then(|| known.district.clone()),
            email: person.as_ref().map(|_| "office@city.example".to_owned()),
            no_contact: person.is_none().then_some(NoContactReason::NoEmail),
            person,
        }
    }

    /// The letter about a batch.
    pub fn letter(self, batch: &Batch, known: &Known) -> LetterParts {
        let counted = DistrictCount {
            label: format!("District {}", known.district),
            new: batch.count,
            total: batch.total,
        };
        let is_member = self == Self::Member;
        let sha256 = batch.csv_sha256.iter();
        let view = LetterView {
            language: Language::English,
            kind: LetterKind::Official,
            list: ListPlace::Attached {
                filename: format!("signers-{}.csv", batch.number),
            },
            sender: Some(sender()),
            petition_title: "Forbid it".into(),
            ask_line: "forbid it".into(),
            ask_text: "We ask our city to forbid it.".into(),
            status: CityStatus::None,
            recipient: Recipient {
                title: self.title().into(),
                name: self.person().map(str::to_owned),
                district: is_member.then(|| counted.label.clone()),
                term_ended: false,
            },
            fellows: Vec::new(),
            place: "the city".into(),
            state: "Ohio".into(),
            letter: batch.letter,
            part: 1,
            parts: 1,
            batch: batch.number,
            first: batch.first,
            last: batch.last,
            count: batch.count,
            total: batch.total,
            new_since_last: batch.count,
            in_district: is_member.then(|| counted.clone()),
            verified: VerifiedCounts {
                confirmed: batch.count,
                ..VerifiedCounts::default()
            },
            needs_confirmation: true,
            districts: vec![counted],
            comments: Vec::new(),
            withdrawn: Withdrawn::default(),
            csv_sha256: sha256.fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            }),
            desk_url: "https://petition.example/desk/secret".into(),
            verify_url: "https://petition.example/p/forbid-it/ledger".into(),
            ledger_url: "https://petition.example/p/forbid-it/ledger".into(),
            retention_days: 180,
            frozen_on: batch.frozen_at.date_naive(),
        };
        render(&view).expect("the letter is written")
    }
}

fn sender() -> Sender {
    Sender {
        organization: "Open Doors Coalition".into(),
        postal_address: "100 Main Street\nSpringfield, OH 45001".into(),
        contact_email: Email::parse("letters@opendoors.example").expect("an address"),
    }
}
