//! Our own addresses: each carries a seal, so that what comes back is believed only if it was ours.

use super::{InstanceKey, Token, TokenPurpose, base32};
use redress_model::id::DeliveryId;
use uuid::Uuid;

/// Where bounces of a letter come back to: `bounce+<delivery>-<mac>@domain`, lower case, at most 60 characters before
/// the `@`. Some servers lower the case of what they return, which base32 survives.
pub fn bounce_address(key: &InstanceKey, id: DeliveryId, domain: &str) -> String {
    sealed_address("bounce", TokenPurpose::Bounce, key, id, domain)
}

/// Where answers to a letter come back to: `reply+<delivery>-<mac>@domain`.
pub fn reply_address(key: &InstanceKey, id: DeliveryId, domain: &str) -> String {
    sealed_address("reply", TokenPurpose::Reply, key, id, domain)
}

/// Of which delivery an address says that it is the way back: for bounces and for answers. `None` for every address that we
/// did not make, whatever it looks like.
pub fn read_address(key: &InstanceKey, address: &str) -> Option<(TokenPurpose, DeliveryId)> {
    let (local, _) = address.trim_matches(['<', '>']).split_once('@')?;
    let local = local.to_ascii_lowercase();
    let (kind, rest) = local.split_once('+')?;
    let purpose = match kind {
        "bounce" => TokenPurpose::Bounce,
        "reply" => TokenPurpose::Reply,
        _ => return None,
    };
    let (id, mac) = rest.split_once('-')?;
    let id = Uuid::from_bytes(base32::read(id)?);
    let token = Token::from_parts(id, base32::read(mac)?);
    token
        .is_valid(key, purpose, 0)
        .then_some((purpose, DeliveryId(id)))
}

fn sealed_address(
    kind: &str,
    purpose: TokenPurpose,
    key: &InstanceKey,
    id: DeliveryId,
    domain: &str,
) -> String {
    let mac = Token::issue(key, purpose, id.0, 0).mac();
    format!(
        "{kind}+{}-{}@{domain}",
        base32::write(id.0.as_bytes()),
        base32::write(&mac)
    )
}
