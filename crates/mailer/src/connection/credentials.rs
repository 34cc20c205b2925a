//! Who logs in at a server, and that the password never goes there in clear.

use super::is_loopback;
use crate::error::MailerError;
use crate::settings::{Password, TlsMode};
use std::path::Path;

/// What a section of the settings says of a login.
pub(crate) struct Login<'a> {
    /// The section's name, for what is said about its mistakes.
    pub(crate) section: &'static str,
    /// The variable of the environment in which the password may stand.
    pub(crate) variable: &'static str,
    /// At which server.
    pub(crate) host: &'a str,
    /// How the way there is encrypted.
    pub(crate) tls: TlsMode,
    /// Who; empty for nobody.
    pub(crate) user: &'a str,
    /// The file of the password.
    pub(crate) password_file: &'a Path,
    /// The password, where no file is named.
    pub(crate) password: &'a Password,
}

/// Who logs in.
pub(crate) struct Credentials {
    user: String,
    password: Password,
}

impl Credentials {
    /// What the settings say; `None` where nobody logs in. Fails where the password would go in clear to another machine, or is
    /// missing.
    pub(crate) fn open(login: &Login<'_>) -> Result<Option<Self>, MailerError> {
        let (section, path) = (login.section, login.password_file);
        let is_without_file = path.as_os_str().is_empty();
        if login.user.is_empty() {
            return if is_without_file {
                Ok(None)
            } else {
                Err(MailerError::Login(format!(
                    "{section}.password_file is set, and {section}.user is not: set both, or none"
                )))
            };
        }
        let is_checked = matches!(login.tls, TlsMode::Starttls | TlsMode::Tls);
        if !is_checked && !is_loopback(login.host) {
            return Err(MailerError::Login(format!(
                "{section}.user: a password never goes to another machine in clear; set {section}.tls to starttls or tls"
            )));
        }
        let password = if is_without_file {
            login.password.clone()
        } else {
            let text = std::fs::read_to_string(path).map_err(|error| MailerError::Password {
                path: path.to_owned(),
                error,
            })?;
            Password::new(&text)
        };
        if password.is_empty() {
            return Err(MailerError::Login(format!(
                "{section}.user is set, and there is no password: name {section}.password_file, or set {}",
                login.variable
            )));
        }
        Ok(Some(Self {
            user: login.user.to_owned(),
            password,
        }))
    }

    /// The user's name.
    pub(crate) fn user(&self) -> &str {
        &self.user
    }

    /// The password, to be said to the server and nobody else.
    pub(crate) fn password(&self) -> &str {
        self.password.reveal()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(
        host: &str,
        tls: TlsMode,
        user: &str,
        password: &str,
        file: &str,
    ) -> Result<Option<Credentials>, MailerError> {
        Credentials::open(&Login {
            section: "mailer.smtp",
            variable: "REDRESS_SMTP_PASSWORD",
            host,
            tls,
            user,
            password_file: Path::new(file),
            password: &Password::new(password),
        })
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
            let opened = opened(host, tls, "open-doors", "open sesame", "");
            assert_eq!(opened.is_ok(), is_taken, "{host} {tls:?}");
        }
    }

    #[test]
    fn half_a_login_is_refused_and_none_is_none() {
        let local = |user, password, file| opened("localhost", TlsMode::None, user, password, file);
        assert!(matches!(local("", "", ""), Ok(None)));
        let said = local("open-doors", "", "").err().unwrap().to_string();
        assert!(
            said.contains("mailer.smtp.password_file") && said.contains("REDRESS_SMTP_PASSWORD"),
            "{said}"
        );
        assert!(local("open-doors", "", "/nowhere/password").is_err());
        assert!(local("", "", "/nowhere/password").is_err());
    }

    #[test]
    fn a_file_is_believed_before_the_environment() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "open sesame\n").unwrap();
        let path = file.path().to_str().unwrap();
        let credentials = opened("localhost", TlsMode::None, "open-doors", "other", path);
        let credentials = credentials.unwrap().unwrap();
        assert_eq!(
            (credentials.user(), credentials.password()),
            ("open-doors", "open sesame")
        );
    }
}
