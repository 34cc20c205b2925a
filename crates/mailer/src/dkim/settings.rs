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
    /// Which signatures mails to signers carry. Letters to officials carry one of each key.
    pub mails: MailSignatures,
}

/// The signatures of mails to signers, of which there are many more than letters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailSignatures {
    /// The cheap one; RSA where there is no such key. To servers that do not know ed25519 such a mail counts as unsigned.
    #[default]
    Ed25519,
    /// The one that every server knows.
    Rsa,
    /// Both, as letters have them.
    Both,
}

impl DkimSettings {
    /// Whether nothing is signed.
    pub fn is_off(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mails_are_signed_with_the_cheap_key_unless_another_word_is_set() {
        for (text, mails) in [
            ("{}", MailSignatures::Ed25519),
            (r#"{"mails":"ed25519"}"#, MailSignatures::Ed25519),
            (r#"{"mails":"rsa"}"#, MailSignatures::Rsa),
            (r#"{"mails":"both"}"#, MailSignatures::Both),
        ] {
            let settings: DkimSettings = serde_json::from_str(text).unwrap();
            assert_eq!(settings.mails, mails, "{text}");
        }
        assert!(serde_json::from_str::<DkimSettings>(r#"{"mails":"none"}"#).is_err());
    }
}
