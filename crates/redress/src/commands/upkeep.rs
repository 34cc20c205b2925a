//! `redress upkeep`.

use crate::carrier;
use crate::failure::Outcome;
use crate::instance::{Database, Instance, KeyFile, run};
use crate::life::told_to_stop;
use crate::output::{self, Globals};
use crate::upkeep;
use clap::Args;
use serde_json::json;

/// Run the timers: reminders, thresholds, expiry
#[derive(Args)]
pub struct Upkeep {
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    key_file: KeyFile,
    /// One round, then end
    #[arg(long)]
    once: bool,
}

impl Upkeep {
    /// Runs them until it is told to stop.
    pub fn run(&self, globals: &Globals) -> Outcome {
        run(async {
            let instance = self.database.open(&globals.config).await?;
            let kept = self.keep(&instance, globals).await;
            instance.close().await;
            kept
        })
    }

    async fn keep(&self, instance: &Instance, globals: &Globals) -> Outcome {
        let vault = instance.vault(&self.key_file, &globals.config)?;
        let settings = globals.config.mailer.settings();
        let mailer = carrier::mailer(instance, vault, settings).await?;
        let config = &globals.config.upkeep;
        if !self.once {
            if !globals.quiet {
                output::print("ready");
            }
            upkeep::run(&instance.store, &mailer, config, told_to_stop()).await;
            return Ok(());
        }
        let round = upkeep::round(&instance.store, &mailer, config).await?;
        if globals.json {
            output::print(&json!(round).to_string());
        } else if !globals.quiet {
            output::print(&format!(
                "expired {}, reminded {}, sessions ended {}, batches frozen {}, deliveries moved {}, signatures forgotten {}, attachments dropped {}, counts of arrivals and salts erased {}",
                round.expired,
                round.reminded,
                round.sessions,
                round.frozen,
                round.moved,
                round.forgotten,
                round.attachments,
                round.arrivals
            ));
        }
        Ok(())
    }
}
