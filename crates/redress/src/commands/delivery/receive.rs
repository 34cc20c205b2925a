//! `redress delivery receive`.

use crate::carrier;
use crate::failure::{Failure, Outcome};
use crate::instance::{Database, KeyFile, run};
use crate::output::{self, Globals};
use anyhow::anyhow;
use clap::Args;
use redress_mailer::Mailer;
use redress_mailer::receiving::{PickedUp, Taken};
use serde_json::{Map, Value, json};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Take in what came back: messages in files, all that wait in a Maildir, or what is new in a mailbox
#[derive(Args)]
pub struct Receive {
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    key_file: KeyFile,
    /// Files that hold one message each
    #[arg(
        value_name = "FILE",
        required_unless_present_any = ["maildir", "imap"],
        conflicts_with_all = ["maildir", "imap"]
    )]
    files: Vec<PathBuf>,
    /// A Maildir: what waits in `new` is taken and moved to `cur`
    #[arg(long, value_name = "DIR", conflicts_with = "imap")]
    maildir: Option<PathBuf>,
    /// The mailbox of `mailer.coming.imap`: what came since it was last read is taken, and stays in it as it is
    #[arg(long)]
    imap: bool,
}

impl Receive {
    /// One pass.
    pub fn run(&self, globals: &Globals) -> Outcome {
        run(async {
            let instance = self.database.open(&globals.config).await?;
            let vault = instance.vault(&self.key_file, &globals.config)?;
            let settings = globals.config.mailer.settings();
            let mailer = carrier::mailer(&instance, vault, settings).await?;
            let picked = match &self.maildir {
                Some(directory) => pick_up(&mailer, directory).await,
                None if self.imap => mailer.read_mailbox_once().await.map_err(carrier::failure),
                None => self.take_files(&mailer, globals).await,
            };
            instance.close().await;
            tell(&picked?, globals);
            Ok(())
        })
    }

    async fn take_files(&self, mailer: &Mailer, globals: &Globals) -> Result<PickedUp, Failure> {
        let mut picked = PickedUp::default();
        for path in &self.files {
            let bytes = std::fs::read(path).map_err(|error| Failure::unreadable(path, &error))?;
            let taken = mailer.receive(bytes, &[]).await.map_err(carrier::failure)?;
            picked.add(taken);
            if !globals.quiet && !globals.json {
                output::print(&format!("{}: {}", path.display(), told(taken)));
            }
        }
        Ok(picked)
    }
}

async fn pick_up(mailer: &Mailer, directory: &Path) -> Result<PickedUp, Failure> {
    if !directory.join("new").is_dir() {
        return Err(Failure::input(anyhow!(
            "{} is no Maildir: it has no folder `new`",
            directory.display()
        )));
    }
    mailer
        .pick_up_once(directory)
        .await
        .map_err(carrier::failure)
}

fn told(taken: Taken) -> String {
    match taken {
        Taken::Recorded {
            delivery,
            kind,
            state,
        } => format!("{kind}, delivery {delivery} is {state}"),
        Taken::Repeated => "known already".to_owned(),
        Taken::Stray(reason) => reason.to_string(),
        Taken::Poisoned => "cannot be read".to_owned(),
    }
}

fn tell(picked: &PickedUp, globals: &Globals) {
    let (recorded, repeated, aside) = (picked.recorded, picked.repeated, picked.aside);
    if globals.json {
        let strays: Map<String, Value> = picked
            .strays
            .iter()
            .map(|(reason, count)| (reason.to_string(), json!(count)))
            .collect();
        let told = json!({
            "recorded": recorded,
            "repeated": repeated,
            "strays": strays,
            "aside": aside,
        });
        output::print(&told.to_string());
    } else if !globals.quiet {
        let mut strays = String::new();
        for (reason, count) in &picked.strays {
            let _ = write!(strays, ", {reason} {count}");
        }
        output::print(&format!(
            "recorded {recorded}, known already {repeated}{strays}, aside {aside}"
        ));
    }
}
