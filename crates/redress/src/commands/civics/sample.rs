//! `redress civics sample`.

use crate::failure::{Failure, Outcome};
use crate::output::{self, Globals};
use clap::Args;
use redress_civics::sample::{Plan, write, write_towns};
use std::path::PathBuf;

/// Write a made-up county whose answers are known
#[derive(Args)]
pub struct Sample {
    /// Folder to write to; made when absent
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Names, numbers and offsets vary with it; the same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many counties, each of about 6,000 range sides
    #[arg(long, default_value_t = 1)]
    scale: u32,
    /// Of the other fictional state, where townships govern throughout as towns do in New England
    #[arg(long)]
    towns: bool,
}

impl Sample {
    /// Writes it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let progress = globals.progress();
        let write = if self.towns { write_towns } else { write };
        let plan = Plan {
            seed: self.seed,
            scale: self.scale,
        };
        let written = write(&self.out, plan, &mut |done, of| {
            progress.reach(u64::from(done), u64::from(of), "counties");
        });
        progress.end();
        let written = written.map_err(Failure::input)?;
        if globals.json {
            let summary = serde_json::json!({"counties": written.counties, "range_sides": written.range_sides, "truths": written.truths, "posts": written.posts, "files": written.files.len()});
            output::print(&summary.to_string());
        } else if !globals.quiet {
            let counties = if written.counties == 1 {
                "county"
            } else {
                "counties"
            };
            output::print(&format!(
                "{} {counties}, {} range sides, {} posts, {} addresses with known answers\nbuild it: redress civics build {} --out {}",
                written.counties,
                written.range_sides,
                written.posts,
                written.truths,
                self.out.join("sources.toml").display(),
                self.out.with_extension("pack").display(),
            ));
        }
        Ok(())
    }
}
