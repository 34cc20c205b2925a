//! `redress load-mail`.

use crate::carrier;
use crate::failure::{Failure, Outcome};
use crate::machine::SystemClock;
use crate::output::{self, Globals};
use anyhow::anyhow;
use clap::Args;
use redress_letters::mime::{Head, Mailbox, assemble};
use redress_mailer::dkim::{Rule, Signer};
use redress_mailer::settings::{MailerSettings, TransportSettings};
use redress_mailer::transport::{Ending, NoFence, Outgoing, Transport};
use redress_model::clock::Clock;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;
use tokio::task::JoinSet;

/// The domain of the made-up sender.
const DOMAIN: &str = "petition.example";

/// Send made-up letters to a relay that throws them away, and say how many went in a second
///
/// Nothing is stored: each letter is rendered, signed with the keys that `mailer.dkim` names, and sent. For `benches/mailing/run`.
#[derive(Args)]
pub struct LoadMail {
    /// The relay's port on this machine
    #[arg(long, value_name = "P")]
    port: u16,
    /// How many sessions at once
    #[arg(long, value_name = "N", default_value_t = 16)]
    sessions: usize,
    /// How many letters in all
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    messages: usize,
    /// How large each is, in bytes, without its headers
    #[arg(long, value_name = "N", default_value_t = 10_240)]
    bytes: usize,
}

/// What all sessions share.
struct Work {
    transport: Transport,
    signer: Option<Signer>,
    text: String,
    next: AtomicUsize,
    most: usize,
}

impl LoadMail {
    /// Does it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let runtime = tokio::runtime::Runtime::new().map_err(Failure::failed)?;
        runtime.block_on(self.load(globals))
    }

    async fn load(&self, globals: &Globals) -> Outcome {
        let mut relay = globals.config.mailer.relay();
        // No option names another machine: nothing leaves this one.
        "127.0.0.1".clone_into(&mut relay.host);
        relay.port = self.port;
        relay.messages_per_connection = u32::MAX;
        let settings = MailerSettings {
            transport: TransportSettings::Smtp(relay),
            ..globals.config.mailer.settings()
        };
        let signer = Signer::open(&settings.dkim, DOMAIN, Rule::default());
        let line = format!("{}\n", "We ask you to forbid it.".repeat(3));
        let work = Arc::new(Work {
            transport: Transport::open(&settings, DOMAIN)
                .await
                .map_err(carrier::failure)?,
            signer: signer.map_err(Failure::input)?,
            text: line.repeat(self.bytes / line.len() + 1)[..self.bytes].to_owned(),
            next: AtomicUsize::new(0),
            most: self.messages,
        });
        let begun = Instant::now();
        let mut sessions = JoinSet::new();
        for _ in 0..self.sessions {
            let work = Arc::clone(&work);
            sessions.spawn(async move { work.session().await });
        }
        while let Some(joined) = sessions.join_next().await {
            joined.map_err(Failure::failed)??;
        }
        let seconds = begun.elapsed().as_secs_f64();
        work.transport.rest().await;
        let rate = self.messages as f64 / seconds;
        let told = json!({"messages": self.messages, "seconds": seconds, "per_second": rate});
        output::print(&told.to_string());
        Ok(())
    }
}

impl Work {
    async fn session(&self) -> Result<(), Failure> {
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= self.most {
                return Ok(());
            }
            let bytes = self.letter(number)?;
            let message = Outgoing {
                sender: "bounce@petition.example",
                recipient: "mayor@city.example",
                bytes: &bytes,
                envelope_id: None,
            };
            let ending = self.transport.send(&message, &NoFence).await;
            if !matches!(ending, Ending::Accepted(_)) {
                return Err(Failure::failed(anyhow!(
                    "letter {number} was not taken: {ending:?}"
                )));
            }
        }
    }

    fn letter(&self, number: usize) -> Result<Vec<u8>, Failure> {
        let mailbox = |name: &str, email: &str| Mailbox {
            name: name.to_owned(),
            email: email.to_owned(),
        };
        let date = SystemClock.now();
        let head = Head {
            from: mailbox("Open Doors Coalition", "letters@petition.example"),
            reply_to: Some(mailbox("Open Doors Coalition", "hello@opendoors.example")),
            to: mailbox("Elena Ruiz", "mayor@city.example"),
            date,
            message_id: format!("{number}@{DOMAIN}"),
            references: Vec::new(),
            list_id: Some(format!("forbid-it.letters.{DOMAIN}")),
            list_unsubscribe: None,
            extra: Vec::new(),
        };
        let seed = number.to_be_bytes();
        let mut bytes = assemble(&head, "Forbid it", &self.text, "<p>Forbid it", &[], &seed)
            .map_err(Failure::failed)?;
        if let Some(signer) = &self.signer {
            let lines = signer.sign_letter(&bytes, date).map_err(Failure::failed)?;
            bytes.splice(..0, lines.bytes());
        }
        Ok(bytes)
    }
}
