//! Providers' keys, made for the moment, and what is signed with them.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKey, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use rcgen::CertificateParams;
use redress_web::{HookKeys, MailgunKey, PostmarkSecret, SendgridKey, SesKeys};
use serde_json::{Value, json};
use sha2::Sha256;
use std::fmt::Write;

/// Postmark's.
pub const SECRET: &str = "a long secret";
/// Mailgun's.
const SIGNING_KEY: &str = "key-0123456789abcdef";

/// What stands before a P-256 point in a `SubjectPublicKeyInfo` (RFC 5480).
const P256: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// SNS with one topic.
pub struct Sns {
    key: RsaKey,
    pub topic: String,
}

impl Sns {
    pub fn new() -> Self {
        Self {
            key: RsaKey::generate(KeySize::Rsa2048).expect("a key"),
            topic: "arn:aws:sns:us-east-1:123456789012:letters".into(),
        }
    }

    /// Its certificate.
    fn pem(&self) -> String {
        let der: Pkcs8V1Der<'_> = self.key.as_der().expect("DER");
        let key = rcgen::KeyPair::try_from(der.as_ref()).expect("a key");
        let names = vec!["sns.example".to_owned()];
        let params = CertificateParams::new(names).expect("a name");
        params.self_signed(&key).expect("a certificate").pem()
    }

    /// A notification with a message, signed.
    pub fn notify(&self, message: &Value) -> Value {
        let mut envelope = json!({
            "Type": "Notification", "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
            "TopicArn": self.topic, "Message": message.to_string(),
            "Timestamp": "2026-03-02T10:30:00.000Z", "SignatureVersion": "2",
            "SigningCertURL": "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-1.pem",
            "UnsubscribeURL": "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe",
        });
        self.sign(&mut envelope);
        envelope
    }

    /// Signs it, in the second version.
    pub fn sign(&self, envelope: &mut Value) {
        let names = [
            "Message",
            "MessageId",
            "SubscribeURL",
            "Subject",
            "Timestamp",
            "Token",
            "TopicArn",
            "Type",
        ];
        let said = names.iter().fold(String::new(), |mut said, name| {
            if let Some(value) = envelope[*name].as_str() {
                let _ = write!(said, "{name}\n{value}\n");
            }
            said
        });
        let mut signature = vec![0; self.key.public_modulus_len()];
        let random = SystemRandom::new();
        self.key
            .sign(&RSA_PKCS1_SHA256, &random, said.as_bytes(), &mut signature)
            .expect("signed");
        envelope["Signature"] = Value::from(STANDARD.encode(signature));
    }
}

/// Everybody's.
pub struct Keys {
    pub sns: Sns,
    sendgrid: EcdsaKeyPair,
}

impl Keys {
    pub fn new() -> Self {
        Self {
            sns: Sns::new(),
            sendgrid: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key"),
        }
    }

    /// What a server is told of them.
    pub fn public(&self) -> HookKeys {
        let sns = &self.sns;
        let point = self.sendgrid.public_key().as_ref();
        let shown = STANDARD.encode([&P256[..], point].concat());
        HookKeys {
            ses: Some(SesKeys::parse(&sns.topic, &sns.pem()).expect("a certificate")),
            postmark: Some(PostmarkSecret::parse(&format!("{SECRET}\n")).expect("a secret")),
            mailgun: Some(MailgunKey::parse(SIGNING_KEY).expect("a key")),
            sendgrid: Some(SendgridKey::parse(&shown).expect("a key")),
        }
    }

    /// Mailgun's call about an event.
    pub fn mailgun(event: &Value, seconds: i64, token: &str) -> Value {
        let mut mac = Hmac::<Sha256>::new_from_slice(SIGNING_KEY.as_bytes()).expect("a key");
        mac.update(seconds.to_string().as_bytes());
        mac.update(token.as_bytes());
        let bytes = mac.finalize().into_bytes();
        let signature = bytes.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        json!({
            "signature": { "timestamp": seconds.to_string(), "token": token, "signature": signature },
            "event-data": event,
        })
    }

    /// The headers of SendGrid's call.
    pub fn sendgrid(&self, timestamp: &str, body: &str) -> [(&'static str, String); 2] {
        let said = format!("{timestamp}{body}");
        let random = SystemRandom::new();
        let signature = self.sendgrid.sign(&random, said.as_bytes());
        let signature = STANDARD.encode(signature.expect("signed").as_ref());
        [
            ("x-twilio-email-event-webhook-signature", signature),
            (
                "x-twilio-email-event-webhook-timestamp",
                timestamp.to_owned(),
            ),
        ]
    }
}

/// Basic authentication.
pub fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}
