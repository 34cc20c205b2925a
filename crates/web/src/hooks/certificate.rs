//! The public key of a certificate (RFC 5280, section 4.1). The certificate is trusted because somebody put it into a file; nothing
//! else of it is looked at.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
/// The OID of RSA keys (RFC 8017, appendix A.1), as it is encoded.
const RSA: [u8; 11] = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];

/// The RSA public keys (`SubjectPublicKeyInfo`, DER) of the certificates of a PEM text; `None` when it holds none, or something
/// else.
pub(super) fn public_keys(pem: &str) -> Option<Vec<Vec<u8>>> {
    let mut keys = Vec::new();
    let mut rest = pem;
    while let Some((_, after)) = rest.split_once("-----BEGIN CERTIFICATE-----") {
        let (body, after) = after.split_once("-----END CERTIFICATE-----")?;
        let bare: String = body.chars().filter(|it| !it.is_whitespace()).collect();
        let der = STANDARD.decode(bare).ok()?;
        keys.push(public_key(&der)?.to_vec());
        rest = after;
    }
    (!keys.is_empty()).then_some(keys)
}

/// Version, serial number, algorithm, issuer, validity and subject stand before it.
fn public_key(der: &[u8]) -> Option<&[u8]> {
    let (certificate, _) = element(der, Some(SEQUENCE))?;
    let (mut fields, _) =
        element(certificate.inside, Some(SEQUENCE)).map(|(it, rest)| (it.inside, rest))?;
    if fields.first() == Some(&VERSION) {
        fields = element(fields, None)?.1;
    }
    for _ in 0..5 {
        fields = element(fields, None)?.1;
    }
    let (key, _) = element(fields, Some(SEQUENCE))?;
    let is_rsa = key.inside.windows(RSA.len()).take(8).any(|it| it == RSA);
    is_rsa.then_some(key.whole)
}

struct Element<'a> {
    whole: &'a [u8],
    inside: &'a [u8],
}

/// The first element of a text in DER (X.690, section 8.1), and what follows it.
fn element(der: &[u8], tag: Option<u8>) -> Option<(Element<'_>, &[u8])> {
    let (first, rest) = der.split_first()?;
    if tag.is_some_and(|tag| tag != *first) {
        return None;
    }
    let (length, rest) = rest.split_first()?;
    let (length, rest) = if *length < 0x80 {
        (usize::from(*length), rest)
    } else {
        let count = usize::from(length & 0x7f);
        if !(1..=4).contains(&count) || rest.len() < count {
            return None;
        }
        let (digits, rest) = rest.split_at(count);
        let length = digits
            .iter()
            .fold(0_usize, |length, digit| length << 8 | usize::from(*digit));
        (length, rest)
    };
    let inside = rest.get(..length)?;
    let before = der.len() - rest.len();
    let element = Element {
        whole: der.get(..before + length)?,
        inside,
    };
    Some((element, &rest[length..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "\\PC{0,100}") {
            let _ = public_key(&bytes);
            let pem = format!("-----BEGIN CERTIFICATE-----{text}-----END CERTIFICATE-----");
            prop_assert!(public_keys(&pem).is_none_or(|keys| keys.len() == 1));
        }
    }
}
