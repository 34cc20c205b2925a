//! `redress account create`.

use super::{parse_email, password};
use crate::commands::petition::parse_slug;
use crate::failure::{Failure, Outcome};
use crate::instance::{Database, run};
use crate::machine::{SystemClock, random};
use crate::output::{self, Globals};
use anyhow::anyhow;
use clap::Args;
use redress_model::clock::Clock;
use redress_model::email::Email;
use redress_model::id::AccountId;
use redress_model::role::MemberRole;
use redress_model::slug::Slug;
use redress_storage::accounts::{Account, DEFAULT_ORGANIZATION};
use redress_storage::audit::{Actor, Deed};
use redress_storage::{Constraint, StorageError};
use serde_json::json;

/// Make an account and give it a role
#[derive(Args)]
pub struct Create {
    #[command(flatten)]
    database: Database,
    /// To log in with
    #[arg(long, value_parser = parse_email)]
    email: Email,
    /// owner, editor, reviewer, analyst or deliverer
    #[arg(long, value_parser = parse_role)]
    role: MemberRole,
    /// Where it has that role
    #[arg(long, value_name = "SLUG", default_value = DEFAULT_ORGANIZATION, value_parser = parse_slug)]
    organization: Slug,
    /// Read the password from standard input instead of making one
    #[arg(long)]
    password_stdin: bool,
}

fn parse_role(text: &str) -> Result<MemberRole, String> {
    text.parse()
        .map_err(|_| "write owner, editor, reviewer, analyst or deliverer".to_owned())
}

impl Create {
    /// Makes it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let password = password::obtain(self.password_stdin)?;
        let password_hash = password::hash(&password)?;
        run(async {
            let instance = self.database.open(&globals.config).await?;
            let accounts = &instance.store.accounts;
            let organization = accounts
                .find_organization(&self.organization)
                .await
                .map_err(Failure::failed)?;
            let organization = organization.ok_or_else(|| {
                Failure::input(anyhow!("there is no organization {}", self.organization))
            })?;
            let at = SystemClock.now();
            let id = AccountId::new(&SystemClock, &mut random());
            let account = Account {
                id,
                email: self.email.clone(),
                password_hash,
                disabled_at: None,
                created_at: at,
            };
            let deed = Deed {
                actor: Actor::CommandLine,
                action: "account.create",
                subject: id.to_string(),
                details: json!({"role": self.role.as_str()}),
                at,
            };
            let recorded = accounts
                .record_account(&account, organization.id, self.role, &deed)
                .await;
            instance.close().await;
            recorded.map_err(|error| match error {
                StorageError::Refused(Constraint::AccountEmail) => Failure::input(anyhow!("there is an account with that e-mail already; `redress account reset` sets a new password")),
                error => Failure::failed(error),
            })
        })?;
        if password.is_new {
            // Shown once: only its hash is kept.
            output::print(&if globals.json {
                json!({"password": password.text}).to_string()
            } else {
                format!("password {}", password.text)
            });
        }
        Ok(())
    }
}
