//! `redress account`.

mod create;
mod list;
mod password;
mod reset;

use crate::failure::{Failure, Outcome};
use crate::output::Globals;
use anyhow::anyhow;
use clap::Subcommand;
use redress_model::email::Email;
use redress_storage::Store;
use redress_storage::accounts::Account as Stored;

/// Organizers' accounts.
#[derive(Subcommand)]
pub enum Account {
    /// Make an account and give it a role
    Create(create::Create),
    /// Set a new password; every session ends
    Reset(reset::Reset),
    /// Close an account; every session ends
    Disable(reset::Disable),
    /// List accounts and their roles
    List(list::List),
}

impl Account {
    /// Does it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        match self {
            Self::Create(command) => command.run(globals),
            Self::Reset(command) => command.run(globals),
            Self::Disable(command) => command.run(globals),
            Self::List(command) => command.run(globals),
        }
    }
}

/// Reads an e-mail address for the command line.
/// Reads an e-mail for the command line.
pub fn parse_email(text: &str) -> Result<Email, String> {
    Email::parse(text).map_err(|error| error.to_string())
}

/// An account by its e-mail; not being there is bad input.
async fn find(store: &Store, email: &Email) -> Result<Stored, Failure> {
    let found = store
        .accounts
        .find_account_by_email(email)
        .await
        .map_err(Failure::failed)?;
    found.ok_or_else(|| {
        Failure::input(anyhow!(
            "there is no account with that e-mail; `redress account list` shows them"
        ))
    })
}
