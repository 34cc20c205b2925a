//! Rows of a list and the batch that they make.

use chrono::{NaiveDate, TimeZone, Utc};
use redress_letters::list::hashes::leaf;
use redress_letters::list::{ListRow, Verified, csv};
use redress_letters::manifest::{BatchIdentity, Manifest};

/// A signer of Springfield.
pub fn row(number: u32) -> ListRow {
    ListRow {
        number,
        name: Some(format!("Signer {number}")),
        city: "Springfield".to_owned(),
        zip: "62701".to_owned(),
        district: "3".to_owned(),
        signed_on: NaiveDate::from_ymd_opt(2026, 2, 14).expect("a day of the calendar"),
        verified: Verified::Confirmed,
        comment: None,
        is_correction: false,
    }
}

/// Signers with consecutive numbers.
pub fn rows(first: u32, count: u32) -> Vec<ListRow> {
    (first..first + count).map(row).collect()
}

pub fn leaves(rows: &[ListRow]) -> Vec<[u8; 32]> {
    rows.iter().map(leaf).collect()
}

/// The manifest of the rows as a batch.
pub fn manifest(rows: &[ListRow]) -> Manifest {
    let numbers = || {
        rows.iter()
            .filter(|row| !row.is_correction)
            .map(|row| row.number)
    };
    let batch = BatchIdentity {
        petition: "open-doors".to_owned(),
        batch: 7,
        geoid: "1772000".to_owned(),
        letter: 3,
        first: numbers().min().unwrap_or(1),
        last: numbers().max().unwrap_or(0),
        total: numbers().max().unwrap_or(0),
        frozen_at: Utc
            .with_ymd_and_hms(2026, 3, 4, 15, 6, 7)
            .single()
            .expect("an instant"),
    };
    Manifest::new(batch, &leaves(rows), &csv(rows))
}
