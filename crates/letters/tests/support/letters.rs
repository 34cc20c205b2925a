//! Letters to other officials of Springfield.

use super::mayor::{day, district, to_the_mayor};
use redress_letters::official::{
    CityStatus, Fellow, LetterKind, LetterView, ListPlace, Recipient, VerifiedCounts, Withdrawn,
};

/// The first letter, to a member of the council, where a partnership exists.
pub fn to_the_member_of_ward_3() -> LetterView {
    let counted = district("Ward 3", 1, 1);
    LetterView {
        ask_line: "end its police department's partnership with Doorwatch".to_owned(),
        status: CityStatus::End {
            matter: "a partnership between its police and Doorwatch, a home-surveillance company"
                .to_owned(),
            known_since: Some(day(2019, 5, 3)),
            source: Some("Springfield Ledger of that day".to_owned()),
        },
        recipient: Recipient {
            title: "Council Member".to_owned(),
            name: Some("Sam T. Okafor".to_owned()),
            district: Some("Ward 3".to_owned()),
            term_ended: true,
        },
        list: ListPlace::Attached {
            filename: "springfield-letter-1.csv".to_owned(),
        },
        letter: 1,
        batch: 2,
        first: 1,
        last: 1,
        count: 1,
        total: 1,
        new_since_last: 1,
        in_district: Some(counted.clone()),
        verified: VerifiedCounts {
            unconfirmed: 1,
            ..VerifiedCounts::default()
        },
        needs_confirmation: false,
        districts: vec![counted],
        comments: Vec::new(),
        withdrawn: Withdrawn::default(),
        retention_days: 1,
        ..to_the_mayor()
    }
}

/// The same as to the mayor, to a seat of the council that nobody is known to hold.
pub fn to_a_vacant_seat() -> LetterView {
    LetterView {
        recipient: Recipient {
            title: "Council Member".to_owned(),
            name: None,
            district: Some("Ward 2".to_owned()),
            term_ended: false,
        },
        in_district: Some(district("Ward 2", 65, 310)),
        ..to_the_mayor()
    }
}

/// The cover for the clerk, who is asked to pass it on.
pub fn to_the_clerk() -> LetterView {
    LetterView {
        kind: LetterKind::Clerk {
            on_behalf_of: vec![
                "Council Member, Ward 2".to_owned(),
                "Council Member at large".to_owned(),
            ],
        },
        recipient: Recipient {
            title: "City Clerk".to_owned(),
            name: Some("Robert Dale Jr.".to_owned()),
            district: None,
            term_ended: false,
        },
        status: CityStatus::None,
        comments: Vec::new(),
        ..to_the_mayor()
    }
}

/// The same as to the mayor, to two members of the council too, by way of the clerk. One of their seats nobody is known to hold.
pub fn to_the_whole_body() -> LetterView {
    let member = |name: Option<&str>, ward: &str, new, total| Fellow {
        recipient: Recipient {
            title: "Council Member".to_owned(),
            name: name.map(str::to_owned),
            district: Some(ward.to_owned()),
            term_ended: false,
        },
        in_district: Some(district(ward, new, total)),
        desk_url: format!(
            "https://petitions.example/desk/{}",
            ward.replace(' ', "-").to_lowercase()
        ),
    };
    LetterView {
        fellows: vec![
            member(Some("Bo Diaz"), "Ward 1", 120, 402),
            member(None, "Ward 2", 65, 310),
        ],
        ..to_the_mayor()
    }
}

/// The second of three parts, for a server that takes no large mail.
pub fn without_attachment() -> LetterView {
    LetterView {
        list: ListPlace::AtDesk,
        part: 2,
        parts: 3,
        first: 50_927,
        last: 100_926,
        count: 50_000,
        total: 120_924,
        new_since_last: 120_000,
        verified: VerifiedCounts {
            confirmed: 50_000,
            ..VerifiedCounts::default()
        },
        districts: Vec::new(),
        comments: Vec::new(),
        ..to_the_mayor()
    }
}
