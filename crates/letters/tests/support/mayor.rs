//! A letter to the mayor of Springfield, which is not in this world.

use chrono::NaiveDate;
use redress_letters::official::{
    CityStatus, DistrictCount, LetterKind, LetterView, ListPlace, PrintedComment, Recipient,
    VerifiedCounts, Withdrawn,
};
use redress_letters::parts::Language;
use redress_model::email::Email;
use redress_model::petition::Sender;

pub fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar")
}

pub fn district(label: &str, new: u32, total: u32) -> DistrictCount {
    DistrictCount {
        label: label.to_owned(),
        new,
        total,
    }
}

pub fn sender() -> Sender {
    Sender {
        organization: "Open Doors Coalition".to_owned(),
        postal_address: "100 Main Street, Suite 4\nSpringfield, IL 62701".to_owned(),
        contact_email: Email::parse("letters@opendoors.example").expect("an address"),
    }
}

/// The third letter, to the mayor, where nothing of the kind is known.
pub fn to_the_mayor() -> LetterView {
    LetterView {
        language: Language::English,
        kind: LetterKind::Official,
        list: ListPlace::Attached {
            filename: "springfield-letter-3.csv".to_owned(),
        },
        sender: Some(sender()),
        petition_title: "Neighbors, not informants".to_owned(),
        ask_line: "forbid partnerships between the police and home-surveillance companies".to_owned(),
        ask_text: "Doorbell cameras film whoever passes: the mail carrier, the neighbor's children, the visitor. A partnership hands that \
            film to the police without a warrant, and makes the police a salesman of the cameras.\n\nWe ask our local governments to forbid \
            such partnerships by ordinance, and to publish every request for film that was ever made."
            .to_owned(),
        status: CityStatus::Forbid {
            matter: "a partnership between its police and a home-surveillance company".to_owned(),
        },
        recipient: Recipient {
            title: "Mayor".to_owned(),
            name: Some("Elena Ruiz".to_owned()),
            district: None,
            term_ended: false,
        },
        fellows: Vec::new(),
        place: "Springfield".to_owned(),
        state: "Illinois".to_owned(),
        letter: 3,
        part: 1,
        parts: 1,
        batch: 7,
        first: 927,
        last: 1_236,
        count: 310,
        total: 1_234,
        new_since_last: 310,
        in_district: None,
        verified: VerifiedCounts {
            confirmed: 290,
            self_asserted: 15,
            paper: 5,
            unconfirmed: 0,
        },
        needs_confirmation: true,
        districts: vec![
            district("Ward 1", 120, 402),
            district("Ward 2", 65, 310),
            district("Ward 3", 121, 498),
            district("no district known", 4, 24),
        ],
        comments: vec![
            PrintedComment {
                text: "My daughter walks to school past eleven of these cameras. She did not agree to be filmed, and neither did I."
                    .to_owned(),
                name: Some("Ngô Thị Lan".to_owned()),
            },
            PrintedComment {
                text: "I was an officer for twenty years. A warrant was never what slowed us down.".to_owned(),
                name: None,
            },
        ],
        withdrawn: Withdrawn {
            since_last: vec![17, 204],
            in_all: 2,
        },
        csv_sha256: "6375f28781bc1645d3c1052dd4c35a728d697203b295fcddc34b86cb5a637da7".to_owned(),
        desk_url: "https://petitions.example/desk/0b7d5c2e9f4a".to_owned(),
        verify_url: "https://petitions.example/p/open-doors/verify".to_owned(),
        ledger_url: "https://petitions.example/p/open-doors/ledger".to_owned(),
        retention_days: 180,
        frozen_on: day(2026, 3, 4),
    }
}
