//! What the configuration says about signatures.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Selectors and key files; without keys nothing is signed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DkimSettings {
    /// The domain of signatures: that of the sender's addresses or one above it. Empty: that of the addresses.
    pub domain: String,
    /// Where in the DNS the ed25519 key's record is.
    pub ed25519_selector: String,
    /// The ed25519 key, PKCS#8 in PEM, which its owner alone may read.
    pub ed25519_key_file: PathBuf,
    /// Where in the DNS the RSA key's record is.
    pub rsa_selector: String,
    /// The RSA key, PKCS#8 in PEM, at least 2,048 bits.
    pub rsa_key_file: PathBuf,
}

impl DkimSettings {
    /// Whether nothing is signed.
    pub fn is_off(&self) -> bool {
        *self == Self::default()
    }
}
