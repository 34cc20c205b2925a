//! Amazon SNS: a notification with the signature of SNS over its parts.
//!
//! <https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html>

use super::keys::SesKeys;
use super::{Carried, Refused};
use aws_lc_rs::signature::{
    RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

/// What is signed of a notification, and of what concerns the subscription; absent ones are left out.
const OF_NOTIFICATION: [&str; 6] = [
    "Message",
    "MessageId",
    "Subject",
    "Timestamp",
    "TopicArn",
    "Type",
];
const OF_SUBSCRIPTION: [&str; 7] = [
    "Message",
    "MessageId",
    "SubscribeURL",
    "Timestamp",
    "Token",
    "TopicArn",
    "Type",
];

/// The message inside a notification whose signature holds, for the topic that is believed: anybody can have SNS sign for a topic of
/// their own.
pub(super) fn check(keys: &SesKeys, body: &[u8]) -> Result<Carried, Refused> {
    let Ok(Value::Object(envelope)) = serde_json::from_slice(body) else {
        return Err(Refused::Unsigned);
    };
    let text = |name: &str| envelope.get(name).and_then(Value::as_str);
    let (Some(kind), Some(signature)) = (text("Type"), text("Signature")) else {
        return Err(Refused::Unsigned);
    };
    let parts: &[&str] = match kind {
        "Notification" => &OF_NOTIFICATION,
        "SubscriptionConfirmation" | "UnsubscribeConfirmation" => &OF_SUBSCRIPTION,
        _ => return Err(Refused::Forged),
    };
    let is_topic = text("TopicArn") == Some(keys.topic.as_str());
    let is_place = text("SigningCertURL").is_some_and(is_of_sns);
    let signature = STANDARD.decode(signature).map_err(|_| Refused::Forged)?;
    let said = said(&envelope, parts);
    let holds = |key: &Vec<u8>| match text("SignatureVersion") {
        Some("1") => {
            let algorithm = &RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY;
            UnparsedPublicKey::new(algorithm, key)
                .verify(said.as_bytes(), &signature)
                .is_ok()
        }
        Some("2") => {
            let algorithm = &RSA_PKCS1_2048_8192_SHA256;
            UnparsedPublicKey::new(algorithm, key)
                .verify(said.as_bytes(), &signature)
                .is_ok()
        }
        _ => false,
    };
    if !is_topic || !is_place || !keys.keys.iter().any(holds) {
        return Err(Refused::Forged);
    }
    if kind != "Notification" {
        // A person opens the address, or does not: nothing is fetched by itself.
        let url = text("SubscribeURL").filter(|url| is_of_sns(url));
        tracing::warn!(
            hook.kind = kind,
            hook.subscribe_url = url.unwrap_or_default(),
            "SNS asks about the subscription"
        );
        return Ok(Carried::Notice);
    }
    let message = text("Message").unwrap_or_default();
    match serde_json::from_str(message) {
        Ok(message) => Ok(Carried::Body(message)),
        // `Successfully validated SNS topic for Amazon SES event publishing.`
        Err(_) => Ok(Carried::Notice),
    }
}

/// Names and values, each on a line.
fn said(envelope: &Map<String, Value>, parts: &[&str]) -> String {
    let mut said = String::new();
    for name in parts {
        if let Some(value) = envelope.get(*name).and_then(Value::as_str) {
            said.push_str(name);
            said.push('\n');
            said.push_str(value);
            said.push('\n');
        }
    }
    said
}

/// Whether an address is one of SNS itself, over HTTPS.
fn is_of_sns(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://") else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.strip_suffix(".cn").unwrap_or(host);
    let region = host
        .strip_prefix("sns.")
        .and_then(|rest| rest.strip_suffix(".amazonaws.com"));
    region.is_some_and(|region| {
        let is_letter = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
        !region.is_empty() && region.bytes().all(is_letter)
    })
}

#[cfg(test)]
mod tests {
    use super::is_of_sns;

    #[test]
    fn an_address_of_sns_is_told_from_one_that_looks_like_it() {
        for (url, is_its) in [
            (
                "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-1.pem",
                true,
            ),
            ("https://sns.cn-north-1.amazonaws.com.cn/a.pem", true),
            ("http://sns.us-east-1.amazonaws.com/a.pem", false),
            (
                "https://sns.us-east-1.amazonaws.com.evil.example/a.pem",
                false,
            ),
            ("https://sns.evil.example/.amazonaws.com", false),
            ("https://a:b%40sns.us-east-1.amazonaws.com/", false),
            ("https://sns.us-east-1.amazonaws.com:8443/", false),
            ("https://sns..amazonaws.com/", false),
        ] {
            assert_eq!(is_of_sns(url), is_its, "{url}");
        }
    }
}
