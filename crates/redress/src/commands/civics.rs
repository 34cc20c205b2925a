//! `redress civics`: packs, and what they answer.

mod address;
mod build;
mod coverage;
mod fetch;
mod opinions;
mod parse;
mod reresolve;
mod resolve;
mod sample;
mod show;

use crate::failure::Outcome;
use crate::output::Globals;
use clap::Subcommand;

/// Civic commands.
#[derive(Subcommand)]
pub enum Civics {
    /// Download the Census Bureau's TIGER/Line files of a state or of some counties
    Fetch(fetch::Fetch),
    /// Write a made-up county whose answers are known, in the Census Bureau's formats
    Sample(sample::Sample),
    /// Build a pack from a manifest of civic sources
    Build(build::Build),
    /// Show what a pack holds and where it comes from
    Show(show::Show),
    /// Say which governments, district and officials answer for an address
    Resolve(resolve::Resolve),
    /// Take addresses apart, without a pack
    Parse(parse::Parse),
    /// Say what a new pack changes of stored signatures, and change it
    ///
    /// Signatures that keep their address, of petitions that are not archived, and that another pack resolved, are resolved by this one for the
    /// day of their signing. Without --apply nothing is changed. With it every change is written, page by page, with the counts that it moves;
    /// batches stay as they were frozen. A second run finds nothing to do, and a server may run meanwhile.
    Reresolve(reresolve::Reresolve),
    /// List where signatures are and officials, contacts or district maps are not
    Coverage(coverage::Coverage),
}

impl Civics {
    /// Does it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        match self {
            Self::Fetch(command) => command.run(globals),
            Self::Sample(command) => command.run(globals),
            Self::Build(command) => command.run(globals),
            Self::Show(command) => command.run(globals),
            Self::Resolve(command) => command.run(globals),
            Self::Parse(command) => command.run(globals),
            Self::Reresolve(command) => command.run(globals),
            Self::Coverage(command) => command.run(globals),
        }
    }
}
