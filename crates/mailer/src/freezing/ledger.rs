//! What is published about a batch.

use crate::letter::hexadecimal;
use redress_letters::manifest::Manifest;
use redress_storage::batches::Batch;

/// The public manifest of a batch of the petition with a slug: hashes and counts, and nothing about anybody in it.
pub fn manifest_of(slug: &str, batch: &Batch) -> Manifest {
    Manifest {
        petition: slug.to_owned(),
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
