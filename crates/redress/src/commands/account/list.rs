//! `redress account list`.

use crate::failure::{Failure, Outcome};
use crate::instance::{Database, run};
use crate::output::{self, Globals};
use clap::Args;
use serde_json::{Value, json};

/// Accounts asked for at a time.
const PAGE: u32 = 200;

/// List accounts and their roles
#[derive(Args)]
pub struct List {
    #[command(flatten)]
    database: Database,
}

impl List {
    /// Prints them.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let listed = run(async {
            let instance = self.database.open(&globals.config).await?;
            let accounts = &instance.store.accounts;
            let (mut listed, mut after) = (Vec::new(), None);
            loop {
                let page = accounts
                    .list_accounts(after, PAGE)
                    .await
                    .map_err(Failure::failed)?;
                let Some(last) = page.last() else { break };
                after = Some(last.id);
                for account in &page {
                    let memberships = accounts
                        .list_memberships(account.id)
                        .await
                        .map_err(Failure::failed)?;
                    let roles: Vec<Value> = memberships.iter().map(|membership| json!({"organization": membership.organization.slug.as_str(), "role": membership.role.as_str()})).collect();
                    listed.push(json!({"email": account.email.as_str(), "roles": roles, "disabled_at": account.disabled_at, "created_at": account.created_at}));
                }
            }
            instance.close().await;
            Ok(listed)
        })?;
        if globals.json {
            output::print(&Value::Array(listed).to_string());
            return Ok(());
        }
        let line = |account: &Value| {
            let roles: Vec<String> = account["roles"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|role| {
                    format!(
                        "{} of {}",
                        role["role"].as_str().unwrap_or(""),
                        role["organization"].as_str().unwrap_or("")
                    )
                })
                .collect();
            let closed = if account["disabled_at"].is_null() {
                ""
            } else {
                " (disabled)"
            };
            format!(
                "{}  {}{closed}",
                account["email"].as_str().unwrap_or(""),
                roles.join(", ")
            )
        };
        output::print(&listed.iter().map(line).collect::<Vec<_>>().join("\n"));
        Ok(())
    }
}
