//! The public record of batches: what page and API publish alike.

use crate::spoken::say;
use redress_letters::manifest::Manifest;
use redress_model::slug::Slug;
use redress_storage::batches::Batch;
use std::fmt::Write;

/// A batch's manifest, made of what was frozen with it: its list is not needed, and may be gone.
pub(crate) fn manifest(petition: &Slug, batch: &Batch) -> Manifest {
    Manifest {
        petition: petition.to_string(),
        batch: batch.number,
        geoid: batch.geoid.to_string(),
        letter: batch.letter,
        first: batch.first,
        last: batch.last,
        count: batch.count,
        total: batch.total,
        rows_sha256: hexadecimal(&batch.rows_sha256),
        csv_sha256: hexadecimal(&batch.csv_sha256),
        merkle_root: hexadecimal(&batch.merkle_root),
        frozen_at: batch.frozen_at,
    }
}

/// Bytes in hexadecimal, lower case.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Which letter a batch is: `letter 3`, or `letter 3, part 1 of 2`.
pub(crate) fn letter(batch: &Batch) -> String {
    if batch.parts > 1 {
        let Batch {
            letter,
            part,
            parts,
            ..
        } = batch;
        say("letter {}, part {} of {}", &[letter, part, parts])
    } else {
        say("letter {}", &[&batch.letter])
    }
}
