//! `redress mailer`.

use crate::carrier;
use crate::failure::{Failure, Outcome};
use crate::instance::{Database, Instance, KeyFile, run};
use crate::life::told_to_stop;
use crate::output::{self, Globals};
use anyhow::anyhow;
use clap::{Args, ValueEnum};
use redress_mailer::carrying::Drained;
use redress_mailer::settings::{MailerSettings, TlsMode, TransportSettings};
use serde_json::{Map, Value, json};

/// Send letters to officials and mail to signers
#[derive(Args)]
pub struct Mailer {
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    key_file: KeyFile,
    /// The relay's name or address
    #[arg(long, value_name = "H")]
    smtp_host: Option<String>,
    /// Its port
    #[arg(long, value_name = "P")]
    smtp_port: Option<u16>,
    /// How the way to it is encrypted
    #[arg(long, value_enum)]
    smtp_tls: Option<Tls>,
    /// Send all that is due, whatever the hour and the pace, and end
    #[arg(long)]
    drain: bool,
}

/// How the way to a relay is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Tls {
    /// Not at all: a relay on this machine.
    None,
    /// After STARTTLS.
    Starttls,
    /// After STARTTLS where that is offered, whoever's the certificate is.
    Opportunistic,
    /// From the first byte.
    #[value(name = "tls")]
    Implicit,
}

impl Mailer {
    /// Sends until it is told to stop, or, draining, until nothing is due.
    pub fn run(&self, globals: &Globals) -> Outcome {
        run(async {
            let instance = self.database.open_sparing(&globals.config).await?;
            let carried = Box::pin(self.carry(&instance, globals)).await;
            instance.close().await;
            carried
        })
    }

    async fn carry(&self, instance: &Instance, globals: &Globals) -> Outcome {
        let vault = instance.vault(&self.key_file, &globals.config)?;
        let mailer = carrier::mailer(instance, vault, self.settings(globals)).await?;
        if self.drain {
            let drained = mailer.drain().await.map_err(carrier::failure)?;
            tell(&drained, globals);
            let letters = &drained.letters;
            let untried = letters.untried + letters.returned + letters.lost + letters.left;
            return if untried == 0 {
                Ok(())
            } else {
                Err(Failure::failed(anyhow!(
                    "{untried} letters could not be tried: the relay did not answer or let us in, servers block us (the console says which), or another process has them"
                )))
            };
        }
        if !globals.quiet {
            output::print("ready");
        }
        let carried = Box::pin(mailer.run(told_to_stop()))
            .await
            .map_err(carrier::failure)?;
        tell(&carried, globals);
        Ok(())
    }

    /// What the configuration says, and flags over it. A flag about the relay means the relay.
    fn settings(&self, globals: &Globals) -> MailerSettings {
        let config = &globals.config.mailer;
        let mut settings = config.settings();
        if self.smtp_host.is_some() || self.smtp_port.is_some() || self.smtp_tls.is_some() {
            let mut relay = config.relay();
            if let Some(host) = &self.smtp_host {
                relay.host.clone_from(host);
            }
            relay.port = self.smtp_port.unwrap_or(relay.port);
            relay.tls = self.smtp_tls.map_or(relay.tls, |tls| match tls {
                Tls::None => TlsMode::None,
                Tls::Starttls => TlsMode::Starttls,
                Tls::Opportunistic => TlsMode::Opportunistic,
                Tls::Implicit => TlsMode::Tls,
            });
            settings.transport = TransportSettings::Smtp(relay);
        }
        settings
    }
}

fn tell(drained: &Drained, globals: &Globals) {
    let (letters, mails) = (&drained.letters, &drained.mails);
    if globals.json {
        let states: Map<String, Value> = letters
            .states
            .iter()
            .map(|(state, count)| (state.to_string(), json!(count)))
            .collect();
        let told = json!({
            "letters": states,
            "untried": letters.untried,
            "mails": {"sent": mails.sent, "deferred": mails.deferred, "unneeded": mails.unneeded, "dropped": mails.dropped},
        });
        output::print(&told.to_string());
    } else if !globals.quiet {
        let states: Vec<String> = letters
            .states
            .iter()
            .map(|(state, count)| format!("{state} {count}"))
            .collect();
        let states = if states.is_empty() {
            "none".to_owned()
        } else {
            states.join(", ")
        };
        output::print(&format!(
            "letters: {states}\nmails: sent {}, deferred {}, unneeded {}, dropped {}",
            mails.sent, mails.deferred, mails.unneeded, mails.dropped
        ));
    }
}
