//! `redress keys destroy`.

use crate::commands::petition::{find, parse_slug};
use crate::failure::{Failure, Outcome};
use crate::instance::{Database, Instance, run};
use crate::machine::SystemClock;
use crate::output::{self, Globals};
use anyhow::anyhow;
use clap::Args;
use redress_model::clock::Clock;
use redress_model::petition::Petition;
use redress_model::petition::state::PetitionState;
use redress_model::slug::Slug;
use redress_storage::audit::{Actor, Deed};
use redress_storage::keys::KeyStore;
use redress_storage_sqlite::KeyFile;
use serde_json::{Value, json};
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

/// Destroy a petition's key: nobody reads or links its signers again, in backups neither
///
/// The petition is archived, its key is removed from the key store and from every key backup that `secrets.key_backups` of the
/// configuration names. Names, e-mails, addresses, comments and frozen lists do not open any more; counts and the public
/// record stay. This cannot be undone. Key backups that lie elsewhere have to be destroyed by hand.
#[derive(Args)]
pub struct Destroy {
    #[command(flatten)]
    database: Database,
    /// Whose key
    #[arg(long, value_name = "SLUG", value_parser = parse_slug)]
    petition: Slug,
    /// Do not ask to type the petition's slug
    #[arg(long)]
    yes: bool,
}

impl Destroy {
    /// Does it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let backups: Vec<PathBuf> = globals
            .config
            .secrets
            .key_backups
            .iter()
            .map(PathBuf::from)
            .collect();
        // A mistyped name would leave a backup behind for good.
        if let Some(missing) = backups.iter().find(|path| !path.is_file()) {
            return Err(Failure::input(anyhow!(
                "secrets.key_backups: {} is no file: mount it or mend the name; nothing was destroyed",
                missing.display()
            )));
        }
        run(async {
            let instance = self.database.open(&globals.config).await?;
            let done = self.destroy(&instance, &backups, globals).await;
            instance.close().await;
            done
        })
    }

    async fn destroy(
        &self,
        instance: &Instance,
        backups: &[PathBuf],
        globals: &Globals,
    ) -> Outcome {
        let petition = find(&instance.store, &self.petition).await?;
        if petition.state == PetitionState::Open || petition.state == PetitionState::Paused {
            return Err(Failure::input(anyhow!(
                "{} is {}: close it first, so that nobody signs while its key goes",
                petition.slug,
                petition.state.as_str()
            )));
        }
        if !self.yes {
            self.confirm()?;
        }
        archive(instance, &petition).await?;
        let keys = &instance.store.keys;
        let destroyed = keys.destroy_key(petition.id).await;
        let destroyed = destroyed.map_err(Failure::failed)?;
        let (mut in_backups, mut left) = (0, Vec::new());
        for path in backups {
            match destroy_in(path, &petition).await {
                Ok(was_there) => in_backups += usize::from(was_there),
                Err(error) => left.push(format!("{}: {error}", path.display())),
            }
        }
        let details = json!({"key_store": destroyed, "backups": in_backups, "left": left.len()});
        let deed = deed("keys.destroy", &petition, details);
        let recorded = instance.store.audit.record_deed(&deed).await;
        recorded.map_err(Failure::failed)?;
        if !left.is_empty() {
            return Err(Failure::failed(anyhow!(
                "the key is still in {}; mend that and run it again",
                left.join("; ")
            )));
        }
        if globals.json {
            let shown = json!({"petition": petition.slug.as_str(), "key_store": destroyed, "backups": in_backups});
            output::print(&shown.to_string());
        } else if !globals.quiet {
            let store = if destroyed {
                "the key store"
            } else {
                "the key store (it was gone before)"
            };
            output::print(&format!(
                "the key of {} is destroyed in {store} and in {in_backups} of {} key backups; servers forget it within a minute",
                petition.slug,
                backups.len()
            ));
        }
        Ok(())
    }

    /// Whoever destroys types whose key it is.
    fn confirm(&self) -> Outcome {
        eprint!(
            "Nobody will read the signers of {slug} again. Type {slug} to destroy its key: ",
            slug = self.petition
        );
        let _ = std::io::stderr().flush();
        let mut typed = String::new();
        let read = std::io::stdin().lock().read_line(&mut typed);
        if read.is_ok() && typed.trim() == self.petition.as_str() {
            return Ok(());
        }
        Err(Failure::input(anyhow!(
            "that is not {}: nothing was destroyed (--yes does not ask)",
            self.petition
        )))
    }
}

async fn archive(instance: &Instance, petition: &Petition) -> Outcome {
    if petition.state == PetitionState::Archived {
        return Ok(());
    }
    let deed = deed("petition.archive", petition, json!({}));
    let petitions = &instance.store.petitions;
    petitions
        .change_petition_state(petition.id, petition.state, PetitionState::Archived, &deed)
        .await
        .map_err(Failure::failed)
}

async fn destroy_in(path: &Path, petition: &Petition) -> Result<bool, Failure> {
    let backup = KeyFile::new(path.to_owned());
    backup
        .destroy_key(petition.id)
        .await
        .map_err(Failure::failed)
}

fn deed(action: &'static str, petition: &Petition, details: Value) -> Deed {
    Deed {
        actor: Actor::CommandLine,
        action,
        subject: petition.slug.to_string(),
        details,
        at: SystemClock.now(),
    }
}
