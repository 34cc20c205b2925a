//! `redress civics build`.

use crate::failure::{Failure, Outcome};
use crate::output::{self, Globals};
use clap::Args;
use redress_civics::build::build;
use std::path::PathBuf;

/// Build a pack from a manifest of civic sources
#[derive(Args)]
pub struct Build {
    /// The manifest, a TOML file that names the sources
    manifest: PathBuf,
    /// Pack to write; replaced whole when the build has succeeded
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Build {
    /// Builds and prints the report.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let progress = globals.progress();
        let built = build(&self.manifest, &self.out, &mut |what| progress.say(what));
        progress.end();
        let report = built?;
        if globals.json {
            output::print(&serde_json::to_string_pretty(&report).map_err(Failure::failed)?);
        } else if !globals.quiet {
            output::print(&report.to_string());
        }
        Ok(())
    }
}
