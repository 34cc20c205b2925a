//! What calls of providers of mail are checked with, from the files that the configuration names.

use crate::config::HooksConfig;
use crate::failure::Failure;
use anyhow::anyhow;
use redress_web::{HookKeyError, HookKeys, MailgunKey, PostmarkSecret, SendgridKey, SesKeys};
use std::path::Path;

/// Reads the keys of those providers for which a file is named; the others are not there.
pub fn keys(config: &HooksConfig) -> Result<HookKeys, Failure> {
    let ses = &config.ses;
    let ses_keys = |pem: &str| SesKeys::parse(&ses.topic, pem);
    Ok(HookKeys {
        ses: read("hooks.ses", &ses.certificate_file, ses_keys)?,
        postmark: read(
            "hooks.postmark.secret_file",
            &config.postmark.secret_file,
            PostmarkSecret::parse,
        )?,
        mailgun: read(
            "hooks.mailgun.key_file",
            &config.mailgun.key_file,
            MailgunKey::parse,
        )?,
        sendgrid: read(
            "hooks.sendgrid.key_file",
            &config.sendgrid.key_file,
            SendgridKey::parse,
        )?,
    })
}

fn read<T>(
    key: &str,
    path: &Path,
    parse: impl FnOnce(&str) -> Result<T, HookKeyError>,
) -> Result<Option<T>, Failure> {
    if path.as_os_str().is_empty() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(path).map_err(|error| Failure::unreadable(path, &error))?;
    let parsed = parse(&text)
        .map_err(|error| Failure::input(anyhow!("{key}: {}: {error}", path.display())))?;
    Ok(Some(parsed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn said(config: &HooksConfig) -> String {
        match keys(config) {
            Ok(_) => String::new(),
            Err(failure) => failure.to_string(),
        }
    }

    #[test]
    fn nobody_is_believed_until_a_file_is_named() {
        let keys = keys(&HooksConfig::default()).unwrap();
        assert!(keys.ses.is_none() && keys.postmark.is_none());
        assert!(keys.mailgun.is_none() && keys.sendgrid.is_none());
    }

    #[test]
    fn a_file_that_holds_no_key_stops_the_start_and_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| -> PathBuf {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let mut config = HooksConfig::default();
        config.sendgrid.key_file = file("sendgrid", "bm8ga2V5\n");
        let told = said(&config);
        assert!(
            told.contains("hooks.sendgrid.key_file") && told.contains("no public key"),
            "{told}"
        );
        let mut config = HooksConfig::default();
        config.mailgun.key_file = file("mailgun", "\n");
        assert!(said(&config).contains("it is empty"));
        let mut config = HooksConfig::default();
        config.ses.topic = "bounces".into();
        config.ses.certificate_file = file("sns.pem", "no certificate");
        assert!(said(&config).contains("a topic is named like"));
        config.ses.topic = "arn:aws:sns:us-east-1:123456789012:bounces".into();
        assert!(said(&config).contains("no certificate"));
        let mut config = HooksConfig::default();
        config.postmark.secret_file = folder.path().join("absent");
        assert!(said(&config).contains("absent"));
    }
}
