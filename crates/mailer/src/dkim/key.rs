//! Keys that sign.

use super::DkimError;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rand::CryptoRng;
use sha2::{Digest, Sha256};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

/// Which kind of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// Small and fast; not every server knows it yet.
    Ed25519,
    /// What every server knows.
    Rsa,
}

impl KeyKind {
    /// As `a=` says it.
    pub fn algorithm(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519-sha256",
            Self::Rsa => "rsa-sha256",
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::Rsa => "RSA",
        }
    }
}

/// A private key. It is never printed.
pub struct SigningKey(Kept);

enum Kept {
    Ed25519(Ed25519KeyPair),
    Rsa(Box<RsaKeyPair>),
}

impl SigningKey {
    /// Reads a key file. Fails when others may read it too, or when it holds something else.
    pub fn read(path: &Path, kind: KeyKind) -> Result<Self, DkimError> {
        let unreadable = |error| DkimError::Unreadable {
            path: path.to_owned(),
            error,
        };
        let mode = std::fs::metadata(path)
            .map_err(unreadable)?
            .permissions()
            .mode()
            & 0o777;
        if mode & 0o077 != 0 {
            return Err(DkimError::Open {
                path: path.to_owned(),
                mode,
            });
        }
        let pem = std::fs::read(path).map_err(unreadable)?;
        let key = Self::from_pem(&pem).filter(|key| key.kind() == kind);
        key.ok_or_else(|| DkimError::Foreign {
            path: path.to_owned(),
            expected: kind.as_str(),
        })
    }

    /// Reads a key of either kind; `None` for everything else, and for RSA keys of less than 2,048 bits.
    pub fn from_pem(pem: &[u8]) -> Option<Self> {
        match PrivateKeyDer::from_pem_slice(pem).ok()? {
            PrivateKeyDer::Pkcs8(der) => Self::from_pkcs8(der.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(der) => {
                let key = RsaKeyPair::from_der(der.secret_pkcs1_der()).ok()?;
                Some(Self(Kept::Rsa(Box::new(key))))
            }
            _ => None,
        }
    }

    fn from_pkcs8(der: &[u8]) -> Option<Self> {
        if let Ok(key) = Ed25519KeyPair::from_pkcs8(der) {
            return Some(Self(Kept::Ed25519(key)));
        }
        let key = RsaKeyPair::from_pkcs8(der).ok()?;
        Some(Self(Kept::Rsa(Box::new(key))))
    }

    /// A new ed25519 key, as PEM.
    pub fn new_ed25519(random: &mut dyn CryptoRng) -> Result<String, DkimError> {
        let mut seed = [0; 32];
        random.fill_bytes(&mut seed);
        let key = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| DkimError::Unusable)?;
        let der = key.to_pkcs8v1().map_err(|_| DkimError::Unusable)?;
        Ok(pem(der.as_ref()))
    }

    /// A new RSA key of 2,048, 3,072 or 4,096 bits, as PEM. The library takes its own randomness for it.
    pub fn new_rsa(bits: u32) -> Result<String, DkimError> {
        let size = match bits {
            2_048 => KeySize::Rsa2048,
            3_072 => KeySize::Rsa3072,
            4_096 => KeySize::Rsa4096,
            _ => return Err(DkimError::Unusable),
        };
        let key = RsaKeyPair::generate(size).map_err(|_| DkimError::Unusable)?;
        let der: Pkcs8V1Der<'_> = key.as_der().map_err(|_| DkimError::Unusable)?;
        Ok(pem(der.as_ref()))
    }

    /// Its kind.
    pub fn kind(&self) -> KeyKind {
        match self.0 {
            Kept::Ed25519(_) => KeyKind::Ed25519,
            Kept::Rsa(_) => KeyKind::Rsa,
        }
    }

    /// The public half as records hold it: 32 bytes (RFC 8463, section 4), or an RSA key with its algorithm (RFC 6376, section 3.6.1).
    pub fn public_bytes(&self) -> Vec<u8> {
        match &self.0 {
            Kept::Ed25519(key) => key.public_key().as_ref().to_vec(),
            Kept::Rsa(key) => {
                let der: Result<PublicKeyX509Der<'_>, _> = key.public_key().as_der();
                // A key that was read is written again.
                der.map(|der| der.as_ref().to_vec()).unwrap_or_default()
            }
        }
    }

    /// Signs what is to be hashed. The same input has the same signature, with either kind.
    pub fn sign(&self, input: &[u8]) -> Result<Vec<u8>, DkimError> {
        match &self.0 {
            // RFC 8463, section 3: the hash is what is signed.
            Kept::Ed25519(key) => key
                .try_sign(&Sha256::digest(input))
                .map(|signature| signature.as_ref().to_vec())
                .map_err(|_| DkimError::Unusable),
            Kept::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                // This padding takes no randomness (RFC 8017, section 8.2).
                key.sign(
                    &RSA_PKCS1_SHA256,
                    &SystemRandom::new(),
                    input,
                    &mut signature,
                )
                .map_err(|_| DkimError::Unusable)?;
                Ok(signature)
            }
        }
    }
}

/// PKCS#8 as PEM (RFC 7468).
pub fn pem(der: &[u8]) -> String {
    let body = STANDARD.encode(der);
    let mut lines = String::from("-----BEGIN PRIVATE KEY-----\n");
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(64));
        lines.push_str(line);
        lines.push('\n');
        rest = more;
    }
    lines.push_str("-----END PRIVATE KEY-----\n");
    lines
}
