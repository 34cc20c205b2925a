//! Which letter a message is about: by the seal of an address of ours, then by the envelope's id, then by a Message-ID. Never by
//! an address alone: anybody can write "your letter to the mayor came back".

use super::Traces;
use crate::address::{base32, read_address};
use redress_model::id::DeliveryId;
use redress_storage::secrets::InstanceKey;
use uuid::Uuid;

/// What the traces name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// A letter, by a seal that holds.
    Sealed(DeliveryId),
    /// An address in the shape of ours whose seal does not hold: the message changes nothing, whatever else it says.
    Forged,
    /// No address of ours: storage may know one of these.
    Ids {
        /// Deliveries that envelopes' ids name.
        envelopes: Vec<DeliveryId>,
        /// Message-IDs at a domain of ours, with their angle brackets.
        messages: Vec<String>,
    },
}

/// What the traces name; `domain` is that of our addresses. Where several letters are named the first counts: that of the envelope's
/// recipient, if the way in knows it.
pub fn named(traces: &Traces, key: &InstanceKey, domain: &str) -> Named {
    let sealed = traces
        .addresses
        .iter()
        .find_map(|address| read_address(key, address));
    if let Some((_, id)) = sealed {
        return Named::Sealed(id);
    }
    if traces
        .addresses
        .iter()
        .any(|it| looks_like_ours(it, domain))
    {
        return Named::Forged;
    }
    let envelopes = traces
        .envelope_ids
        .iter()
        .filter_map(|id| base32::read(&id.to_ascii_lowercase()))
        .map(|id| DeliveryId(Uuid::from_bytes(id)))
        .collect();
    // Ids are compared with those that were settled, seal and all: a changed one is simply unknown.
    Named::Ids {
        envelopes,
        messages: traces.message_ids.clone(),
    }
}

fn looks_like_ours(address: &str, domain: &str) -> bool {
    let address = address.to_ascii_lowercase();
    let Some((local, at)) = address.rsplit_once('@') else {
        return false;
    };
    at == domain && (local.starts_with("bounce+") || local.starts_with("reply+"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::{bounce_address, reply_address};
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    const DOMAIN: &str = "petition.example";

    fn key(seed: u64) -> InstanceKey {
        InstanceKey::generate(&mut ChaCha20Rng::seed_from_u64(seed))
    }

    fn id(number: u128) -> DeliveryId {
        DeliveryId(Uuid::from_u128(number))
    }

    fn traces(addresses: &[String]) -> Traces {
        Traces {
            addresses: addresses.to_vec(),
            envelope_ids: vec![base32::write(id(7).0.as_bytes()).to_uppercase()],
            message_ids: vec!["<a@petition.example>".into()],
        }
    }

    #[test]
    fn a_seal_comes_before_everything_else() {
        let stranger = "mayor@city.example".to_owned();
        let ours = bounce_address(&key(1), id(1), DOMAIN).to_uppercase();
        let found = named(&traces(&[stranger, ours]), &key(1), DOMAIN);
        assert_eq!(found, Named::Sealed(id(1)));
        let ours = reply_address(&key(1), id(2), DOMAIN);
        assert_eq!(
            named(&traces(&[ours]), &key(1), DOMAIN),
            Named::Sealed(id(2))
        );
    }

    #[test]
    fn a_bad_seal_spoils_every_other_trace() {
        let forged = bounce_address(&key(2), id(1), DOMAIN);
        assert_eq!(named(&traces(&[forged]), &key(1), DOMAIN), Named::Forged);
        let bare = "bounce+@petition.example".to_owned();
        assert_eq!(named(&traces(&[bare]), &key(1), DOMAIN), Named::Forged);
    }

    #[test]
    fn the_envelopes_recipient_comes_before_what_headers_name() {
        let [one, other] = [1, 2].map(|number| reply_address(&key(1), id(number), DOMAIN));
        let forged = reply_address(&key(2), id(3), DOMAIN);
        let text = format!(
            "Delivered-To: {forged}\r\nTo: {one}, {other}\r\nFrom: clerk@city.example\r\n\r\nYes.\r\n"
        );
        let found = |recipients: &[String]| {
            let coming = crate::coming::read(text.as_bytes(), recipients);
            named(&coming.traces, &key(1), DOMAIN)
        };
        assert_eq!(found(std::slice::from_ref(&one)), Named::Sealed(id(1)));
        assert_eq!(found(std::slice::from_ref(&other)), Named::Sealed(id(2)));
        // Where the way in knows none, the first that headers name counts.
        assert_eq!(found(&[]), Named::Sealed(id(1)));
    }

    #[test]
    fn an_address_alone_names_nothing() {
        let Named::Ids {
            envelopes,
            messages,
        } = named(&traces(&["mayor@city.example".into()]), &key(1), DOMAIN)
        else {
            panic!("no seal was there");
        };
        assert_eq!(envelopes, [id(7)]);
        assert_eq!(messages, ["<a@petition.example>"]);
        let nothing = named(&Traces::default(), &key(1), DOMAIN);
        assert_eq!(
            nothing,
            Named::Ids {
                envelopes: vec![],
                messages: vec![]
            }
        );
    }
}
