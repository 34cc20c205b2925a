//! Our own addresses and ids: each carries a seal, so that what comes back is believed only if it was ours.

pub use redress_storage::secrets::{base32, bounce_address, read_address, reply_address};

use redress_model::delivery::LetterVariant;
use redress_model::id::DeliveryId;
use redress_storage::secrets::{InstanceKey, Token, TokenPurpose};
use sha2::{Digest, Sha256};

/// The domain of an instance that is reached by a number and has no name: reserved, so that nothing goes there
/// (RFC 6761).
const NAMELESS: &str = "redress.test";

/// The domain of our addresses where none is set: the host of the public URL.
pub fn domain_of(public_url: &str) -> String {
    let rest = public_url
        .split_once("://")
        .map_or(public_url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host
        .rsplit_once(':')
        .map_or(host, |(host, _)| host)
        .to_ascii_lowercase();
    let is_name = host.contains('.') && host.bytes().any(|letter| letter.is_ascii_lowercase());
    if is_name { host } else { NAMELESS.to_owned() }
}

/// What a letter's Message-ID is made of.
#[derive(Debug, Clone, Copy)]
pub struct LetterName<'a> {
    /// The petition's word.
    pub slug: &'a str,
    /// The batch's number.
    pub batch: u32,
    /// The seat.
    pub post_id: &'a str,
    /// Which letter.
    pub variant: LetterVariant,
    /// The delivery.
    pub id: DeliveryId,
}

/// `<petition.batch.post.variant.mac@domain>`; of the post a digest. It is the same whenever it is made.
pub fn message_id(key: &InstanceKey, name: &LetterName<'_>, domain: &str) -> String {
    let post = Sha256::digest(name.post_id);
    let mac = Token::issue(key, TokenPurpose::Message, name.id.0, 0).mac();
    format!(
        "<{}.{}.{}.{}.{}@{domain}>",
        name.slug,
        name.batch,
        base32::write(&post[..5]),
        name.variant,
        base32::write(&mac[..10])
    )
}

/// The domain of a Message-ID of ours: what a letter was settled with stays, whatever the settings say today.
pub fn domain_of_id(message_id: &str) -> &str {
    message_id
        .rsplit_once('@')
        .map_or(NAMELESS, |(_, domain)| domain.trim_end_matches('>'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
    use uuid::Uuid;

    fn key(seed: u64) -> InstanceKey {
        InstanceKey::generate(&mut ChaCha20Rng::seed_from_u64(seed))
    }

    fn id(id: u128) -> DeliveryId {
        DeliveryId(Uuid::from_u128(id))
    }

    #[test]
    fn the_domain_is_the_host_and_a_number_is_none() {
        for (url, domain) in [
            ("https://petition.example", "petition.example"),
            ("https://Petition.Example:8443/p/", "petition.example"),
            ("http://127.0.0.1:8080", "redress.test"),
            ("http://localhost:8080", "redress.test"),
        ] {
            assert_eq!(domain_of(url), domain);
        }
    }

    #[test]
    fn a_message_id_names_its_letter_and_differs_by_variant() {
        let name = LetterName {
            slug: "forbid-it",
            batch: 7,
            post_id: "0804000/mayor",
            variant: LetterVariant::Letter,
            id: id(1),
        };
        let made = message_id(&key(1), &name, "petition.example");
        assert!(
            made.starts_with("<forbid-it.7.") && made.ends_with("@petition.example>"),
            "{made}"
        );
        assert!(made.contains(".letter."));
        assert_eq!(made, message_id(&key(1), &name, "petition.example"));
        let link = LetterName {
            variant: LetterVariant::Link,
            ..name
        };
        assert_ne!(made, message_id(&key(1), &link, "petition.example"));
        assert_eq!(domain_of_id(&made), "petition.example");
    }

    proptest! {
        #[test]
        fn an_address_comes_back_in_any_case_and_for_its_purpose_alone(number: u128) {
            let key = key(1);
            let bounce = bounce_address(&key, id(number), "petition.example");
            let local = bounce.split('@').next().unwrap_or_default();
            prop_assert!(local.len() <= 64);
            prop_assert_eq!(read_address(&key, &bounce.to_uppercase()), Some((TokenPurpose::Bounce, id(number))));
            prop_assert_eq!(read_address(&key, &bounce.replacen("bounce", "reply", 1)), None);
            prop_assert_eq!(read_address(&self::key(2), &bounce), None);
        }

        #[test]
        fn a_changed_address_is_not_ours(number: u128, at in 7_usize..60, letter in "[a-z2-7]") {
            let key = key(1);
            let address = reply_address(&key, id(number), "petition.example");
            let at = at.min(address.find('@').unwrap_or(1) - 1);
            let mut changed = address.clone();
            changed.replace_range(at..=at, &letter);
            prop_assume!(changed != address);
            prop_assert_eq!(read_address(&key, &changed), None);
        }

        #[test]
        fn no_address_is_too_strange(address in "\\PC{0,90}", tail in "bounce\\+[a-z2-7]{0,30}-[a-z2-7]{0,30}@x") {
            prop_assert_eq!(read_address(&key(1), &address), None);
            prop_assert_eq!(read_address(&key(1), &tail), None);
        }
    }
}
