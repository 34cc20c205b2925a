//! A relay, spoken to over SMTP (RFC 5321).
//!
//! The client is our own. lettre's connection writes body and dot in one call, gives no moment between them at which the intent
//! could be committed, bounds only the connect by time, and does not tell a failure before the dot from one after it: the two
//! things on which no letter going twice, and none being lost, depend. What is left of SMTP towards one relay is small.

mod dots;
mod hello;
mod login;
mod session;
mod wire;

pub(super) use session::{Opening, Session};

use super::{Ending, Fence, Outgoing};
use crate::connection::{Credentials, Encryption, is_loopback};
use crate::error::MailerError;
use crate::reply::class::Class;
use crate::settings::{RelaySettings, Timeouts, TlsMode};
use login::login_of;
use redress_model::delivery::AttemptStage;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// A relay, with the connections to it that wait for the next message.
pub struct Relay {
    settings: RelaySettings,
    timeouts: Timeouts,
    encryption: Encryption,
    credentials: Option<Credentials>,
    idle: Mutex<Vec<Session>>,
}

impl Relay {
    /// A relay that is not spoken to yet. Fails when a certificate or the password does not read, or would go in clear.
    pub fn new(
        mut settings: RelaySettings,
        timeouts: Timeouts,
        domain: &str,
    ) -> Result<Self, MailerError> {
        if settings.hello.is_empty() {
            domain.clone_into(&mut settings.hello);
        }
        if settings.profile.traits().needs_encryption
            && !matches!(settings.tls, TlsMode::Starttls | TlsMode::Tls)
            && !is_loopback(&settings.host)
        {
            return Err(MailerError::Settings(
                "mailer.smtp.tls: this profile is of a service on another machine; set starttls or tls",
            ));
        }
        let encryption = Encryption::new(&settings.host, settings.tls, &settings.ca_file)?;
        let credentials = Credentials::open(&login_of(&settings))?;
        Ok(Self {
            settings,
            timeouts,
            encryption,
            credentials,
            idle: Mutex::default(),
        })
    }

    /// Carries one message, over a connection that is open already if there is one.
    pub async fn send(&self, message: &Outgoing<'_>, fence: &dyn Fence) -> Ending {
        let largest = self.settings.largest().unwrap_or(usize::MAX);
        if message.bytes.len() > largest {
            let why = "the message is larger than the relay takes";
            return Ending::refused_here(AttemptStage::Sender, Class::TooLarge, why);
        }
        let until = Instant::now() + Duration::from_millis(self.timeouts.before_body);
        while let Some(mut session) = self.take() {
            // A server may have hung up in the meantime.
            let ending = session.send(message, fence, until).await;
            if is_tired(&ending) {
                continue;
            }
            self.keep(session);
            return ending;
        }
        let opening = Opening {
            settings: &self.settings,
            timeouts: self.timeouts,
            encryption: &self.encryption,
            credentials: self.credentials.as_ref(),
        };
        match Session::open(&opening, until).await {
            Ok(mut session) => {
                let ending = session.send(message, fence, until).await;
                self.keep(session);
                ending
            }
            Err(ending) => ending,
        }
    }

    /// Says goodbye to connections that wait.
    pub async fn rest(&self) {
        while let Some(session) = self.take() {
            session.quit().await;
        }
    }

    fn take(&self) -> Option<Session> {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
    }

    fn keep(&self, session: Session) {
        if session.is_usable(self.settings.messages_per_connection) {
            self.idle
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(session);
        }
    }
}

/// Whether an old connection came to its end at the first word of a new message: a new one is tried at once.
pub(super) fn is_tired(ending: &Ending) -> bool {
    match ending {
        Ending::Broken { stage, .. } => *stage == AttemptStage::Sender,
        Ending::Refused { stage, reply, .. } => *stage == AttemptStage::Sender && reply.code == 421,
        _ => false,
    }
}
