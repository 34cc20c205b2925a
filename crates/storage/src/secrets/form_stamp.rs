//! When a form was shown, as the form itself carries it: no cookie, nothing kept.

use super::{InstanceKey, mac};
use chrono::{DateTime, Utc};
use redress_model::id::PetitionId;
use std::fmt::Write;
use subtle::ConstantTimeEq;

/// `milliseconds.MAC(instance key, petition, milliseconds)`.
pub fn stamp_form(key: &InstanceKey, petition: PetitionId, shown_at: DateTime<Utc>) -> String {
    let millis = shown_at.timestamp_millis();
    let mut stamp = format!("{millis}.");
    for byte in proof(key, petition, millis) {
        let _ = write!(stamp, "{byte:02x}");
    }
    stamp
}

/// When the form was shown; `None` for a stamp that is another petition's, or was cut or made up.
pub fn read_form_stamp(
    key: &InstanceKey,
    petition: PetitionId,
    stamp: &str,
) -> Option<DateTime<Utc>> {
    let millis = stamp.split('.').next()?.parse().ok()?;
    let shown_at = DateTime::from_timestamp_millis(millis)?;
    let expected = stamp_form(key, petition, shown_at);
    let is_ours: bool = expected.as_bytes().ct_eq(stamp.as_bytes()).into();
    is_ours.then_some(shown_at)
}

fn proof(key: &InstanceKey, petition: PetitionId, millis: i64) -> [u8; 16] {
    let whole = mac(
        &key.derive("form"),
        &[petition.0.as_bytes(), &millis.to_le_bytes()],
    );
    let mut short = [0; 16];
    short.copy_from_slice(&whole[..16]);
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
    use uuid::Uuid;

    #[test]
    fn a_stamp_is_good_for_its_petition_as_it_was_made() {
        let key = InstanceKey::generate(&mut ChaCha20Rng::seed_from_u64(1));
        let petition = PetitionId(Uuid::from_u128(1));
        let at = "2026-03-02T10:30:00Z".parse().unwrap();
        let stamp = stamp_form(&key, petition, at);
        assert_eq!(read_form_stamp(&key, petition, &stamp), Some(at));
        let other = PetitionId(Uuid::from_u128(2));
        assert_eq!(read_form_stamp(&key, other, &stamp), None);
        let earlier = stamp.replacen("17", "16", 1);
        let cut = &stamp[..stamp.len() - 1];
        for wrong in ["", "x", "1.", cut, &earlier] {
            assert_eq!(read_form_stamp(&key, petition, wrong), None, "{wrong}");
        }
    }
}
