//! `redress account reset` and `disable`.

use super::{find, parse_email, password};
use crate::failure::{Failure, Outcome};
use crate::instance::{Database, run};
use crate::machine::SystemClock;
use crate::output::{self, Globals};
use clap::Args;
use redress_model::clock::Clock;
use redress_model::email::Email;
use redress_storage::audit::{Actor, Deed};
use serde_json::json;

/// Set a new password; every session ends
#[derive(Args)]
pub struct Reset {
    #[command(flatten)]
    database: Database,
    /// Whose
    #[arg(long, value_parser = parse_email)]
    email: Email,
    /// Read the password from standard input instead of making one
    #[arg(long)]
    password_stdin: bool,
}

/// Close an account; every session ends
#[derive(Args)]
pub struct Disable {
    #[command(flatten)]
    database: Database,
    /// Whose
    #[arg(long, value_parser = parse_email)]
    email: Email,
}

impl Reset {
    /// Sets it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let password = password::obtain(self.password_stdin)?;
        let password_hash = password::hash(&password)?;
        run(async {
            let instance = self.database.open(&globals.config).await?;
            let account = find(&instance.store, &self.email).await?;
            let deed = Deed {
                actor: Actor::CommandLine,
                action: "account.reset",
                subject: account.id.to_string(),
                details: json!({}),
                at: SystemClock.now(),
            };
            let recorded = instance
                .store
                .accounts
                .record_password(account.id, &password_hash, &deed)
                .await;
            instance.close().await;
            recorded.map_err(Failure::failed)
        })?;
        if password.is_new {
            output::print(&if globals.json {
                json!({"password": password.text}).to_string()
            } else {
                format!("password {}", password.text)
            });
        }
        Ok(())
    }
}

impl Disable {
    /// Closes it; harmless when it is closed.
    pub fn run(&self, globals: &Globals) -> Outcome {
        run(async {
            let instance = self.database.open(&globals.config).await?;
            let account = find(&instance.store, &self.email).await?;
            if account.disabled_at.is_none() {
                let deed = Deed {
                    actor: Actor::CommandLine,
                    action: "account.disable",
                    subject: account.id.to_string(),
                    details: json!({}),
                    at: SystemClock.now(),
                };
                instance
                    .store
                    .accounts
                    .disable_account(account.id, &deed)
                    .await
                    .map_err(Failure::failed)?;
            }
            instance.close().await;
            Ok(())
        })?;
        if !globals.quiet && !globals.json {
            output::print("disabled");
        }
        Ok(())
    }
}
