//! Which mailbox is read, and with what it is opened.

use crate::connection::{Credentials, Encryption, Login};
use crate::error::MailerError;
use crate::settings::{ImapSettings, TlsMode};
use std::time::Duration;

/// How long the other side may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// For the answer to a command.
    pub(super) command: Duration,
    /// For a message.
    pub(super) message: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            command: Duration::from_mins(1),
            message: Duration::from_mins(10),
        }
    }
}

/// A mailbox, and who may open it.
pub(super) struct Account {
    pub(super) settings: ImapSettings,
    pub(super) encryption: Encryption,
    pub(super) credentials: Credentials,
    pub(super) patience: Patience,
}

impl Account {
    /// What the settings say. Fails where the password is missing or would go in clear to another machine, where certificates do not
    /// read, and where nothing is named that could be opened.
    pub(super) fn open(settings: &ImapSettings) -> Result<Self, MailerError> {
        if settings.tls == TlsMode::Opportunistic {
            return Err(MailerError::Settings(
                "mailer.coming.imap.tls: a mailbox is read over a way that is checked, or on this machine; set tls, starttls or none",
            ));
        }
        if settings.folder.is_empty() || settings.folder.contains(char::is_control) {
            return Err(MailerError::Settings(
                "mailer.coming.imap.folder is no folder's name",
            ));
        }
        let credentials = Credentials::open(&Login {
            section: "mailer.coming.imap",
            variable: "REDRESS_IMAP_PASSWORD",
            host: &settings.host,
            tls: settings.tls,
            user: &settings.user,
            password_file: &settings.password_file,
            password: &settings.password,
        })?;
        let credentials = credentials.ok_or(MailerError::Settings(
            "mailer.coming.imap.user: name who logs in at mailer.coming.imap.host",
        ))?;
        Ok(Self {
            encryption: Encryption::new(&settings.host, settings.tls, &settings.ca_file)?,
            settings: settings.clone(),
            credentials,
            patience: Patience::default(),
        })
    }

    /// The name under which it is kept how far the mailbox was read.
    pub(super) fn cursor_name(&self) -> String {
        let ImapSettings {
            host,
            port,
            user,
            folder,
            ..
        } = &self.settings;
        format!("imap:{host}:{port}:{user}:{folder}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Password;

    #[test]
    fn settings_that_open_no_mailbox_are_refused_before_anybody_is_spoken_to() {
        let right = ImapSettings {
            host: "mail.example".into(),
            user: "answers".into(),
            password: Password::new("open sesame"),
            ..ImapSettings::default()
        };
        let opened = Account::open(&right).unwrap();
        assert_eq!(opened.cursor_name(), "imap:mail.example:993:answers:INBOX");
        let changes: [fn(&mut ImapSettings); 8] = [
            |settings| settings.tls = TlsMode::None,
            |settings| settings.tls = TlsMode::Opportunistic,
            |settings| settings.user.clear(),
            |settings| settings.password = Password::default(),
            |settings| settings.password_file = "/nowhere/password".into(),
            |settings| settings.ca_file = "/nowhere/ca.pem".into(),
            |settings| settings.folder.clear(),
            |settings| settings.folder = "INBOX\r\nA2 LOGOUT".into(),
        ];
        for change in changes {
            let mut wrong = right.clone();
            change(&mut wrong);
            assert!(Account::open(&wrong).is_err(), "{wrong:?}");
        }
        let local = ImapSettings {
            host: "localhost".into(),
            tls: TlsMode::None,
            ..right
        };
        assert!(Account::open(&local).is_ok());
    }
}
