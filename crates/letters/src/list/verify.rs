//! Whether a list that somebody holds is the one that was delivered.
//!
//! A spreadsheet that opens and saves a list may end its lines differently, quote other cells or put a byte order mark in front. That
//! changes the file and no row, so that rows decide: each is read, written again as the list writes it, and hashed.

use super::hashes::{leaf_of_line, merkle_root, rows_sha256, sha256};
use super::{COLUMNS, WITHDRAWN, push_joined};
use crate::manifest::Manifest;
use crate::plain::hexadecimal;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What a comparison found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verification {
    /// All rows of the batch, in their order, and none besides.
    Unchanged,
    /// A list of this batch in which something is different. Both may be empty: rows are in another order, one that takes an
    /// earlier signature back is missing, or one was altered and it takes the leaves ([`verify_with_leaves`]) to say which.
    RowsChanged {
        /// Numbers of signers who are in the batch and not in the list, ascending.
        missing: Vec<u32>,
        /// Numbers of signers in the list that are not in the batch, or there more than once, ascending. With leaves an
        /// altered row stands in both.
        added: Vec<u32>,
    },
    /// No list of this batch.
    NotOurs,
}

/// Compares a list with what is published about a batch.
pub fn verify(csv_bytes: &[u8], manifest: &Manifest) -> Verification {
    if is_the_file(csv_bytes, manifest) {
        return Verification::Unchanged;
    }
    let Some(rows) = read(csv_bytes) else {
        return Verification::NotOurs;
    };
    if are_the_rows(&rows, manifest) {
        return Verification::Unchanged;
    }
    let batch = manifest.first..=manifest.last;
    let mut times: BTreeMap<u32, u32> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.takes_back) {
        *times.entry(row.number).or_default() += 1;
    }
    if !times.keys().any(|number| batch.contains(number)) {
        return Verification::NotOurs;
    }
    let missing = batch
        .clone()
        .filter(|number| !times.contains_key(number))
        .collect();
    let added = times
        .into_iter()
        .filter(|(number, times)| !batch.contains(number) || *times > 1)
        .map(|(number, _)| number)
        .collect();
    Verification::RowsChanged { missing, added }
}

/// Compares a list with a batch whose leaves are at hand: an altered row is found too. The leaves are in the order of the batch's
/// rows, new signers by number and then the rows that take earlier signatures back.
pub fn verify_with_leaves(
    csv_bytes: &[u8],
    manifest: &Manifest,
    leaves: &[[u8; 32]],
) -> Verification {
    let by_numbers = verify(csv_bytes, manifest);
    let Some(rows) = read(csv_bytes) else {
        return by_numbers;
    };
    if by_numbers == Verification::Unchanged {
        return by_numbers;
    }
    let mut unmatched: HashMap<[u8; 32], Vec<u32>> = HashMap::new();
    for (position, leaf) in (0_u32..).zip(leaves) {
        let number = manifest.first.saturating_add(position);
        unmatched.entry(*leaf).or_default().push(number);
    }
    let mut added = BTreeSet::new();
    for row in &rows {
        if unmatched.get_mut(&row.leaf).and_then(Vec::pop).is_none() {
            added.insert(row.number);
        }
    }
    if added.len() == rows.len() {
        return Verification::NotOurs;
    }
    let missing: BTreeSet<u32> = unmatched
        .into_values()
        .flatten()
        .filter(|number| *number <= manifest.last)
        .collect();
    Verification::RowsChanged {
        missing: missing.into_iter().collect(),
        added: added.into_iter().collect(),
    }
}

struct ReadRow {
    number: u32,
    takes_back: bool,
    leaf: [u8; 32],
}

fn is_the_file(csv_bytes: &[u8], manifest: &Manifest) -> bool {
    hexadecimal(&sha256(csv_bytes)) == manifest.csv_sha256
}

fn are_the_rows(rows: &[ReadRow], manifest: &Manifest) -> bool {
    let leaves: Vec<_> = rows.iter().map(|row| row.leaf).collect();
    let new = rows.iter().filter(|row| !row.takes_back).count();
    u32::try_from(new) == Ok(manifest.count)
        && hexadecimal(&rows_sha256(&leaves)) == manifest.rows_sha256
        && hexadecimal(&merkle_root(&leaves)) == manifest.merkle_root
}

/// The rows of a list; `None` when it has other columns or is no table of ours.
fn read(csv_bytes: &[u8]) -> Option<Vec<ReadRow>> {
    let bytes = csv_bytes
        .strip_prefix("\u{FEFF}".as_bytes())
        .unwrap_or(csv_bytes);
    let mut reader = csv::Reader::from_reader(bytes);
    if !reader.headers().ok()?.iter().eq(COLUMNS) {
        return None;
    }
    reader
        .records()
        .map(|record| {
            let cells: Vec<String> = record.ok()?.iter().map(str::to_owned).collect();
            let mut line = String::new();
            push_joined(&mut line, &cells);
            Some(ReadRow {
                number: cells[0].parse().ok()?,
                takes_back: cells[6] == WITHDRAWN,
                leaf: leaf_of_line(&line),
            })
        })
        .collect()
}
