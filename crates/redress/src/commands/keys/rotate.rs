//! `redress keys rotate`.

use crate::failure::{Failure, Outcome};
use crate::instance::{Database, Instance, KeyFile, lock_key, replace_key, run};
use crate::machine::{SystemClock, random};
use crate::output::{self, Globals};
use anyhow::anyhow;
use clap::Args;
use redress_model::clock::Clock;
use redress_storage::audit::{Actor, Deed};
use redress_storage::secrets::Vault;
use serde_json::{Value, json};

/// Put a new instance key in front of the old ones, and seal every petition's key with it
///
/// The key file holds a ring: the new key comes first, older ones stay below it, so that links in mails already sent stay good.
/// A rotation that was cut short is finished by the next one, which then makes no further key. Restart servers and mailers
/// afterwards; until then they go on with the ring that they know. With --forget-old the older keys are taken off instead: what
/// they signed (links in mails and letters) ends.
#[derive(Args)]
pub struct Rotate {
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    key_file: KeyFile,
    /// Take the older keys off the ring, once nothing is sealed by them
    #[arg(long)]
    forget_old: bool,
}

/// What was done.
struct Done {
    new_key: bool,
    sealed: usize,
    older: usize,
}

impl Rotate {
    /// Does it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let done = run(async {
            let instance = self.database.open(&globals.config).await?;
            let done = self.rotate(&instance, globals).await;
            instance.close().await;
            done
        })?;
        if globals.json {
            let shown =
                json!({"new_key": done.new_key, "sealed": done.sealed, "older": done.older});
            output::print(&shown.to_string());
        } else if !globals.quiet {
            output::print(&self.told(&done));
        }
        Ok(())
    }

    async fn rotate(&self, instance: &Instance, globals: &Globals) -> Result<Done, Failure> {
        let path = instance.key_path(&self.key_file, &globals.config)?;
        // Of two rotations at once, one would lose the other's key.
        let _held = lock_key(&path)?;
        let vault = instance.vault(&self.key_file, &globals.config)?;
        let waiting = vault.count_older().await.map_err(Failure::failed)?;
        let ring = vault.instance_key();
        if self.forget_old {
            if waiting > 0 {
                return Err(Failure::failed(anyhow!(
                    "{waiting} petitions' keys are still sealed by an older key: run `redress keys rotate` first"
                )));
            }
            replace_key(&path, &ring.without_older())?;
            let forgotten = ring.older();
            record(instance, "keys.forget_old", json!({"keys": forgotten})).await?;
            return Ok(Done {
                new_key: false,
                sealed: 0,
                older: 0,
            });
        }
        let new_key = waiting == 0;
        let ring = if new_key {
            ring.with_new(&mut random()).ok_or_else(|| {
                Failure::failed(anyhow!(
                    "{} holds as many keys as a ring can: take the older ones off with --forget-old",
                    path.display()
                ))
            })?
        } else {
            ring.clone()
        };
        // On the ring before anything is sealed with it: a crash in between leaves a key too many, never one too few.
        replace_key(&path, &ring)?;
        let older = ring.older();
        let vault = Vault::new(ring, instance.store.keys.clone());
        let sealed = vault.rotate(&mut random()).await.map_err(Failure::failed)?;
        let details = json!({"new_key": new_key, "petitions": sealed});
        record(instance, "keys.rotate", details).await?;
        Ok(Done {
            new_key,
            sealed,
            older,
        })
    }

    fn told(&self, done: &Done) -> String {
        if self.forget_old {
            return "the current key is alone on the ring: links that older ones signed have ended"
                .to_owned();
        }
        let what = if done.new_key {
            "a new key is in front"
        } else {
            "the last rotation is finished"
        };
        format!(
            "{what}; {} petitions' keys are sealed with it; {} older keys stay on the ring for links that they signed. Restart servers and mailers, and back the key file up.",
            done.sealed, done.older
        )
    }
}

async fn record(instance: &Instance, action: &'static str, details: Value) -> Result<(), Failure> {
    let deed = Deed {
        actor: Actor::CommandLine,
        action,
        subject: "instance".to_owned(),
        details,
        at: SystemClock.now(),
    };
    let recorded = instance.store.audit.record_deed(&deed).await;
    recorded.map_err(Failure::failed)
}
