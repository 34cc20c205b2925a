//! What each provider's calls are checked with.

use super::certificate;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use redress_model::delivery::hook::Provider;
use thiserror::Error;

/// Why a key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum HookKeyError {
    /// It is empty.
    #[error("it is empty")]
    Empty,
    /// It is no certificate.
    #[error("it holds no certificate (PEM) with an RSA key")]
    Certificate,
    /// It is no topic.
    #[error("a topic is named like arn:aws:sns:us-east-1:123456789012:bounces")]
    Topic,
    /// It is no public key.
    #[error("it is no public key as SendGrid shows it (base64 of an ECDSA key)")]
    PublicKey,
}

/// The keys of those providers that are set up.
#[derive(Default)]
pub struct HookKeys {
    /// Amazon SES, through SNS.
    pub ses: Option<SesKeys>,
    /// Postmark.
    pub postmark: Option<PostmarkSecret>,
    /// Mailgun.
    pub mailgun: Option<MailgunKey>,
    /// Twilio SendGrid.
    pub sendgrid: Option<SendgridKey>,
}

impl HookKeys {
    /// Whether a provider is set up.
    pub(super) fn has(&self, provider: Provider) -> bool {
        match provider {
            Provider::Ses => self.ses.is_some(),
            Provider::Postmark => self.postmark.is_some(),
            Provider::Mailgun => self.mailgun.is_some(),
            Provider::Sendgrid => self.sendgrid.is_some(),
        }
    }
}

/// The topic whose notifications are believed, and the public keys of the certificates with which SNS signs. The certificates come
/// from a file: nothing is fetched.
pub struct SesKeys {
    pub(super) topic: String,
    pub(super) keys: Vec<Vec<u8>>,
}

impl SesKeys {
    /// Reads a topic's ARN and one or more certificates (PEM).
    pub fn parse(topic: &str, pem: &str) -> Result<Self, HookKeyError> {
        let topic = topic.trim();
        let is_topic = topic.starts_with("arn:aws") && topic.split(':').nth(2) == Some("sns");
        if !is_topic {
            return Err(HookKeyError::Topic);
        }
        let keys = certificate::public_keys(pem).ok_or(HookKeyError::Certificate)?;
        Ok(Self {
            topic: topic.to_owned(),
            keys,
        })
    }
}

/// What Postmark's calls say of themselves: the password of basic authentication, or a header.
pub struct PostmarkSecret(pub(super) String);

impl PostmarkSecret {
    /// Reads it: one line.
    pub fn parse(text: &str) -> Result<Self, HookKeyError> {
        one_line(text).map(Self)
    }
}

/// Mailgun's key for signing webhooks.
pub struct MailgunKey(pub(super) String);

impl MailgunKey {
    /// Reads it: one line.
    pub fn parse(text: &str) -> Result<Self, HookKeyError> {
        one_line(text).map(Self)
    }
}

/// SendGrid's public key, as its page shows it.
pub struct SendgridKey(pub(super) Vec<u8>);

impl SendgridKey {
    /// Reads it: base64 of a `SubjectPublicKeyInfo` (RFC 5480), with or without the lines of PEM around it.
    pub fn parse(text: &str) -> Result<Self, HookKeyError> {
        let lines = text.lines().filter(|line| !line.starts_with("-----"));
        let bare: String = lines
            .flat_map(str::chars)
            .filter(|it| !it.is_whitespace())
            .collect();
        if bare.is_empty() {
            return Err(HookKeyError::Empty);
        }
        let bytes = STANDARD.decode(bare).map_err(|_| HookKeyError::PublicKey)?;
        let is_p256 = bytes.len() == 91 && bytes.starts_with(&[0x30, 0x59, 0x30, 0x13]);
        is_p256
            .then_some(Self(bytes))
            .ok_or(HookKeyError::PublicKey)
    }
}

fn one_line(text: &str) -> Result<String, HookKeyError> {
    let line = text.lines().next().unwrap_or_default().trim();
    if line.is_empty() {
        return Err(HookKeyError::Empty);
    }
    Ok(line.to_owned())
}
