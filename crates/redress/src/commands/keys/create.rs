//! `redress keys create`.

use crate::failure::{Failure, Outcome};
use crate::instance::create_key;
use crate::output::{self, Globals};
use anyhow::anyhow;
use clap::Args;
use std::path::PathBuf;

/// Write a new instance key to a file that is not there yet, readable by its owner alone
#[derive(Args)]
pub struct Create {
    /// The file
    file: PathBuf,
}

impl Create {
    /// Does it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let file = &self.file;
        if !create_key(file)? {
            return Err(Failure::input(anyhow!(
                "{} is there already: a key is never written over",
                file.display()
            )));
        }
        if !globals.quiet && !globals.json {
            output::print(&format!(
                "{} written: keep it apart from the database and its backups",
                file.display()
            ));
        }
        Ok(())
    }
}
