//! Hashes by which an office can tell that a list is the one that was delivered. SHA-256 throughout (FIPS 180-4).
//!
//! The tree is that of Certificate Transparency (RFC 6962, section 2.1): a leaf is the hash of a zero byte and the row's line, a node
//! the hash of a one byte and its two children, so that no node passes for a leaf. The left half of a tree takes the
//! largest power of two that is smaller than its number of leaves. One row is thus proved to be in a batch without showing another.

use super::{ListRow, line};
use sha2::{Digest, Sha256};

/// The hash of bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The leaf of a row: SHA-256 of `0x00` and its line without CR LF.
pub fn leaf(row: &ListRow) -> [u8; 32] {
    leaf_of_line(&line(row))
}

pub(super) fn leaf_of_line(line: &str) -> [u8; 32] {
    Sha256::new()
        .chain_update([0])
        .chain_update(line)
        .finalize()
        .into()
}

/// The root over the leaves in the order of the rows; of none it is the hash of nothing (RFC 6962).
pub fn merkle_root(leaves: &[[u8; 32]]) -> [u8; 32] {
    let mut level = leaves.to_vec();
    while level.len() > 1 {
        // Pairing from the left and carrying an odd one up gives the same tree as splitting at powers of two.
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => node(left, right),
                odd => odd[0],
            })
            .collect();
    }
    level.first().copied().unwrap_or_else(|| sha256(b""))
}

fn node(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// The hash of all leaves, one after another in the order of the rows.
pub fn rows_sha256(leaves: &[[u8; 32]]) -> [u8; 32] {
    sha256(leaves.as_flattened())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plain::hexadecimal;
    use proptest::prelude::*;

    /// The tree as RFC 6962 defines it.
    fn by_definition(leaves: &[[u8; 32]]) -> [u8; 32] {
        match leaves.len() {
            0 => sha256(b""),
            1 => leaves[0],
            many => {
                let split = many.next_power_of_two() / 2;
                let (left, right) = leaves.split_at(split);
                node(&by_definition(left), &by_definition(right))
            }
        }
    }

    #[test]
    fn the_published_vectors_of_certificate_transparency_come_out() {
        let inputs: [&[u8]; 3] = [b"", &[0x00], &[0x10]];
        let leaves = inputs.map(|input| sha256(&[&[0], input].concat()));
        assert_eq!(
            hexadecimal(&merkle_root(&leaves[..1])),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
        );
        assert_eq!(
            hexadecimal(&merkle_root(&leaves[..2])),
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
        );
        assert_eq!(
            hexadecimal(&merkle_root(&leaves)),
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
        );
    }

    proptest! {
        #[test]
        fn the_root_is_that_of_the_definition(seed: u8, count in 0_usize..70) {
            let leaves: Vec<_> = (0..count).map(|index| sha256(&[seed, index as u8])).collect();
            prop_assert_eq!(merkle_root(&leaves), by_definition(&leaves));
        }
    }
}
