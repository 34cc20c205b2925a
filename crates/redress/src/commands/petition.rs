//! `redress petition`.

mod create;
mod import_paper;
mod show;
mod state;

pub use create::{default_sender, parse_geoid, parse_slug};

use crate::failure::{Failure, Outcome};
use crate::output::Globals;
use anyhow::anyhow;
use clap::Subcommand;
use redress_model::petition::Petition as Stored;
use redress_model::petition::state::PetitionState;
use redress_model::slug::Slug;
use redress_storage::Store;

/// Petition commands.
#[derive(Subcommand)]
pub enum Petition {
    /// Make a petition
    Create(Box<create::Create>),
    /// List petitions
    List(show::List),
    /// Show one petition
    Show(show::Show),
    /// Open a petition for signing
    Open(state::Change),
    /// Stop signing for now
    Pause(state::Change),
    /// End signing; links in mails confirm for another day
    Close(state::Change),
    /// Put a petition away
    Archive(state::Change),
    ImportPaper(Box<import_paper::ImportPaper>),
}

impl Petition {
    /// Does it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        match self {
            Self::Create(command) => command.run(globals),
            Self::List(command) => command.run(globals),
            Self::Show(command) => command.run(globals),
            Self::Open(command) => command.run(PetitionState::Open, globals),
            Self::Pause(command) => command.run(PetitionState::Paused, globals),
            Self::Close(command) => command.run(PetitionState::Closed, globals),
            Self::ImportPaper(command) => command.run(globals),
            Self::Archive(command) => command.run(PetitionState::Archived, globals),
        }
    }
}

/// A petition by its slug; not being there is bad input.
pub async fn find(store: &Store, slug: &Slug) -> Result<Stored, Failure> {
    store
        .petitions
        .find_petition_by_slug(slug)
        .await
        .map_err(Failure::failed)?
        .ok_or_else(|| {
            Failure::input(anyhow!(
                "there is no petition {slug}; `redress petition list` shows them"
            ))
        })
}
