//! What a petition's key does: it seals fields and hashes look-ups.

use super::{InstanceKey, SecretError, mac};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand::CryptoRng;
use redress_model::fingerprint::Fingerprint;
use redress_model::id::PetitionId;
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Which field is sealed: a sealed address never opens as a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealedField {
    /// Name, e-mail, ZIP, city, block side.
    Signer,
    /// Street and unit.
    Address,
    /// The comment.
    Comment,
    /// A line of a batch's list; its id is the batch's.
    Line,
    /// The list as it is attached; its id is the batch's.
    List,
    /// What a batch's letters are made of; its id is the batch's.
    View,
    /// The lists against abuse; its id is the petition's.
    Rules,
    /// What a sweep rejects; its id is the sweep's.
    Condition,
    /// A letter's subject and bodies; its id is the delivery's.
    Letter,
    /// What the page after signing carries; its id is the petition's.
    Handle,
    /// To whom a permit is sent; its id is the permit's.
    Permit,
    /// What a person answered to a letter; its id is the event's.
    Answer,
}

impl SealedField {
    const fn word(self) -> &'static [u8] {
        match self {
            Self::Signer => b"signer",
            Self::Address => b"address",
            Self::Comment => b"comment",
            Self::Line => b"line",
            Self::List => b"list",
            Self::View => b"view",
            Self::Rules => b"rules",
            Self::Condition => b"condition",
            Self::Letter => b"letter",
            Self::Handle => b"handle",
            Self::Permit => b"permit",
            Self::Answer => b"answer",
        }
    }
}

/// The keys of one petition, ready for use.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct PetitionSecrets {
    root: [u8; 32],
    seal: [u8; 32],
    hash: [u8; 32],
}

const NONCE: usize = 24;

impl PetitionSecrets {
    /// Makes a petition's key.
    pub fn generate(random: &mut (dyn CryptoRng + Send)) -> Self {
        let mut root = [0; 32];
        random.fill_bytes(&mut root);
        Self::from_root(root)
    }

    fn from_root(root: [u8; 32]) -> Self {
        Self {
            root,
            seal: mac(&root, &[b"seal"]),
            hash: mac(&root, &[b"hash"]),
        }
    }

    /// The petition's key, sealed by the instance's: nonce, ciphertext and tag, 72 bytes.
    pub fn wrap(
        &self,
        instance: &InstanceKey,
        petition: PetitionId,
        random: &mut (dyn CryptoRng + Send),
    ) -> Vec<u8> {
        seal(
            &instance.derive("wrap"),
            &self.root,
            petition.0.as_bytes(),
            random,
        )
    }

    /// Opens a wrapped key.
    pub fn unwrap(
        instance: &InstanceKey,
        petition: PetitionId,
        wrapped: &[u8],
    ) -> Result<Self, SecretError> {
        let mut opened = instance
            .derive_all("wrap")
            .find_map(|key| open(&key, wrapped, petition.0.as_bytes()).ok())
            .ok_or(SecretError::Sealed)?;
        let root = opened
            .as_slice()
            .try_into()
            .map_err(|_| SecretError::Sealed)?;
        opened.zeroize();
        Ok(Self::from_root(root))
    }

    /// Seals a field of a signature, batch or delivery: nonce, ciphertext and tag, 40 bytes longer than the text.
    pub fn seal(
        &self,
        field: SealedField,
        id: impl Into<Uuid>,
        text: &[u8],
        random: &mut (dyn CryptoRng + Send),
    ) -> Vec<u8> {
        seal(&self.seal, text, &context(field, id.into()), random)
    }

    /// Opens a field of a signature, batch or delivery.
    pub fn open(
        &self,
        field: SealedField,
        id: impl Into<Uuid>,
        sealed: &[u8],
    ) -> Result<Vec<u8>, SecretError> {
        open(&self.seal, sealed, &context(field, id.into()))
    }

    /// The keyed hash of something personal, such as `("email", "ana@example.org")`.
    pub fn fingerprint(&self, kind: &str, text: &str) -> Fingerprint {
        let whole = mac(&self.hash, &[kind.as_bytes(), text.as_bytes()]);
        let mut short = [0; 16];
        short.copy_from_slice(&whole[..16]);
        Fingerprint(short)
    }
}

impl std::fmt::Debug for PetitionSecrets {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("PetitionSecrets(..)")
    }
}

fn context(field: SealedField, id: Uuid) -> Vec<u8> {
    [id.as_bytes(), field.word()].concat()
}

fn seal(
    key: &[u8; 32],
    text: &[u8],
    context: &[u8],
    random: &mut (dyn CryptoRng + Send),
) -> Vec<u8> {
    let mut nonce = [0; NONCE];
    random.fill_bytes(&mut nonce);
    let payload = Payload {
        msg: text,
        aad: context,
    };
    // Encryption fails only for texts of 256 GiB.
    let sealed = XChaCha20Poly1305::new(&(*key).into())
        .encrypt(&XNonce::from(nonce), payload)
        .unwrap_or_default();
    [nonce.as_slice(), &sealed].concat()
}

fn open(key: &[u8; 32], sealed: &[u8], context: &[u8]) -> Result<Vec<u8>, SecretError> {
    let (nonce, sealed) = sealed
        .split_first_chunk::<NONCE>()
        .ok_or(SecretError::Sealed)?;
    XChaCha20Poly1305::new(&(*key).into())
        .decrypt(
            &XNonce::from(*nonce),
            Payload {
                msg: sealed,
                aad: context,
            },
        )
        .map_err(|_| SecretError::Sealed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
    use redress_model::id::SignatureId;

    fn id(id: u128) -> SignatureId {
        SignatureId(Uuid::from_u128(id))
    }

    #[test]
    fn a_field_opens_only_as_itself_for_its_signature_under_its_key() {
        let mut random = ChaCha20Rng::seed_from_u64(1);
        let secrets = PetitionSecrets::generate(&mut random);
        let sealed = secrets.seal(SealedField::Signer, id(1), b"Ana", &mut random);
        assert_eq!(sealed.len(), 3 + 40);
        assert_eq!(
            secrets.open(SealedField::Signer, id(1), &sealed),
            Ok(b"Ana".to_vec())
        );
        assert!(secrets.open(SealedField::Address, id(1), &sealed).is_err());
        assert!(secrets.open(SealedField::Signer, id(2), &sealed).is_err());
        assert!(
            PetitionSecrets::generate(&mut random)
                .open(SealedField::Signer, id(1), &sealed)
                .is_err()
        );
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert!(secrets.open(SealedField::Signer, id(1), &changed).is_err());
        }
        assert!(
            secrets
                .open(SealedField::Signer, id(1), &sealed[..10])
                .is_err()
        );
    }

    #[test]
    fn a_wrapped_key_opens_for_its_petition_and_hashes_as_before() {
        let mut random = ChaCha20Rng::seed_from_u64(1);
        let instance = InstanceKey::generate(&mut random);
        let (petition, other) = (
            PetitionId(Uuid::from_u128(1)),
            PetitionId(Uuid::from_u128(2)),
        );
        let secrets = PetitionSecrets::generate(&mut random);
        let wrapped = secrets.wrap(&instance, petition, &mut random);
        let again = PetitionSecrets::unwrap(&instance, petition, &wrapped).unwrap();
        let hash = |secrets: &PetitionSecrets, kind| secrets.fingerprint(kind, "ana@example.org");
        assert_eq!(hash(&secrets, "email"), hash(&again, "email"));
        assert_ne!(hash(&secrets, "email"), hash(&again, "name"));
        assert!(PetitionSecrets::unwrap(&instance, other, &wrapped).is_err());
        assert!(
            PetitionSecrets::unwrap(&InstanceKey::generate(&mut random), petition, &wrapped)
                .is_err()
        );
    }
}
