//! Logging in to a relay (RFC 4954), with PLAIN (RFC 4616) or LOGIN.

use super::hello::Extensions;
use crate::connection::{Credentials, Login};
use crate::settings::RelaySettings;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A way to log in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mechanism {
    /// Both at once.
    Plain,
    /// One after the other, for servers from before PLAIN.
    Login,
}

/// What a relay's settings say of a login.
pub(super) fn login_of(settings: &RelaySettings) -> Login<'_> {
    Login {
        section: "mailer.smtp",
        variable: "REDRESS_SMTP_PASSWORD",
        host: &settings.host,
        tls: settings.tls,
        user: &settings.user,
        password_file: &settings.password_file,
        password: &settings.password,
    }
}

impl Credentials {
    /// What PLAIN says.
    pub(super) fn both(&self) -> String {
        STANDARD.encode(format!("\0{}\0{}", self.user(), self.password()))
    }

    /// What LOGIN says first and then.
    pub(super) fn one_by_one(&self) -> [String; 2] {
        [
            STANDARD.encode(self.user()),
            STANDARD.encode(self.password()),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Password;

    #[test]
    fn both_ways_say_what_the_rfc_shows() {
        // RFC 4616, section 4.
        let settings = RelaySettings {
            user: "tim".into(),
            password: Password::new("tanstaaftanstaaf"),
            ..RelaySettings::default()
        };
        let credentials = Credentials::open(&login_of(&settings)).unwrap().unwrap();
        assert_eq!(credentials.both(), "AHRpbQB0YW5zdGFhZnRhbnN0YWFm");
        assert_eq!(credentials.one_by_one()[0], "dGlt");
    }
}
