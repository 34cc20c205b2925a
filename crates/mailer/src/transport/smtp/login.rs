//! Logging in to a relay (RFC 4954), with PLAIN (RFC 4616) or LOGIN.

use super::hello::Extensions;
use crate::error::MailerError;
use crate::settings::{Password, RelaySettings, TlsMode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::net::IpAddr;

/// Who logs in.
pub(super) struct Credentials {
    user: String,
    password: Password,
}

/// A way to log in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mechanism {
    /// Both at once.
    Plain,
    /// One after the other, for servers from before PLAIN.
    Login,
}

impl Credentials {
    /// What the settings say; `None` where nobody logs in. Fails where the password would go in clear to another machine, or is missing.
    pub(super) fn open(settings: &RelaySettings) -> Result<Option<Self>, MailerError> {
        if settings.user.is_empty() {
            return if settings.password_file.as_os_str().is_empty() {
                Ok(None)
            } else {
                Err(MailerError::Settings(
                    "mailer.smtp.password_file is set, and mailer.smtp.user is not: set both, or none",
                ))
            };
        }
        let is_checked = matches!(settings.tls, TlsMode::Starttls | TlsMode::Tls);
        if !is_checked && !is_loopback(&settings.host) {
            return Err(MailerError::Settings(
                "mailer.smtp.user: a password never goes to another machine in clear; set mailer.smtp.tls to starttls or tls",
            ));
        }
        let password = if settings.password_file.as_os_str().is_empty() {
            settings.password.clone()
        } else {
            let path = &settings.password_file;
            let text = std::fs::read_to_string(path).map_err(|error| MailerError::Password {
                path: path.clone(),
                error,
            })?;
            Password::new(&text)
        };
        if password.is_empty() {
            return Err(MailerError::Settings(
                "mailer.smtp.user is set, and there is no password: name mailer.smtp.password_file, or set REDRESS_SMTP_PASSWORD",
            ));
        }
        Ok(Some(Self {
            user: settings.user.clone(),
            password,
        }))
    }

    /// What PLAIN says.
    pub(super) fn both(&self) -> String {
        STANDARD.encode(format!("\0{}\0{}", self.user, self.password.reveal()))
    }

    /// What LOGIN says first and then.
    pub(super) fn one_by_one(&self) -> [String; 2] {
        [
            STANDARD.encode(&self.user),
            STANDARD.encode(self.password.reveal()),
        ]
    }
}

impl Mechanism {
    /// What the relay offers and we know.
    pub(super) fn choose(extensions: Extensions) -> Option<Self> {
        if extensions.has_plain {
            Some(Self::Plain)
        } else {
            extensions.has_login.then_some(Self::Login)
        }
    }
}

/// Whether a host is this machine.
pub(super) fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(host: &str, tls: TlsMode) -> RelaySettings {
        RelaySettings {
            host: host.into(),
            tls,
            user: "open-doors".into(),
            password: Password::new("open sesame"),
            ..RelaySettings::default()
        }
    }

    #[test]
    fn a_password_never_goes_to_another_machine_in_clear() {
        for (host, tls, is_taken) in [
            ("relay.example", TlsMode::None, false),
            ("relay.example", TlsMode::Opportunistic, false),
            ("relay.example", TlsMode::Starttls, true),
            ("relay.example", TlsMode::Tls, true),
            ("127.0.0.1", TlsMode::None, true),
            ("::1", TlsMode::None, true),
            ("localhost", TlsMode::None, true),
            ("192.0.2.7", TlsMode::None, false),
        ] {
            let opened = Credentials::open(&settings(host, tls));
            assert_eq!(opened.is_ok(), is_taken, "{host} {tls:?}");
        }
    }

    #[test]
    fn half_a_login_is_refused_and_none_is_none() {
        assert!(matches!(
            Credentials::open(&RelaySettings::default()),
            Ok(None)
        ));
        let mut half = settings("localhost", TlsMode::None);
        half.password = Password::default();
        assert!(Credentials::open(&half).is_err());
        half.password_file = "/nowhere/password".into();
        assert!(Credentials::open(&half).is_err());
        half.user.clear();
        assert!(Credentials::open(&half).is_err());
    }

    #[test]
    fn both_ways_say_what_the_rfc_shows() {
        // RFC 4616, section 4.
        let credentials = Credentials {
            user: "tim".into(),
            password: Password::new("tanstaaftanstaaf"),
        };
        assert_eq!(credentials.both(), "AHRpbQB0YW5zdGFhZnRhbnN0YWFm");
        assert_eq!(credentials.one_by_one()[0], "dGlt");
    }
}
