//! Paper: typed lines through the rules of the form, each with its verdict.
//!
//! A file of lines is judged first ([`PaperImport::judge`]), which writes nothing: what is wrong with a line, who has signed
//! already, where a line is counted, and what a border leaves open. Then it is imported ([`PaperImport::import`]) through the
//! intake, as paper. A line is known again by its signer and by the reference of its sheet, so a file that is imported twice adds
//! nothing, not even a person who was erased in between. Verdicts hold references, places and reasons, and nothing of a person.

mod draft;
mod judging;
mod report;
mod sheet_file;
mod verdict;

pub use report::PaperReport;
pub use sheet_file::{LARGEST, PaperFile, PaperFileError};
pub use verdict::{LineVerdict, Verdict};

use crate::abuse;
use crate::civics::Civics;
use draft::{Draft, Drafting};
use judging::Judge;
use rand::CryptoRng;
use redress_model::clock::Clock;
use redress_model::petition::Petition;
use redress_model::petition::state::PetitionState;
use redress_storage::audit::{Actor, Deed};
use redress_storage::intake::{Intake, IntakeError};
use redress_storage::secrets::Vault;
use redress_storage::signatures::NewSignature;
use redress_storage::{StorageError, Store};
use serde_json::{Value, json};
use thiserror::Error;

/// Lines handed to the intake at a time.
const PAGE: usize = 512;

/// Why a file is not imported.
#[derive(Debug, Error)]
pub enum PaperError {
    /// A draft is not signed yet, and what is archived not any more.
    #[error(
        "the petition is {}: paper is typed in while it is open, paused or closed",
        .0.as_str()
    )]
    State(PetitionState),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The intake gave no outcome. What was saved is known again at the next import.
    #[error(transparent)]
    Intake(#[from] IntakeError),
}

/// Typed lines on their way.
pub struct PaperImport<'a> {
    /// Where they are stored.
    pub store: &'a Store,
    /// The petitions' keys.
    pub vault: &'a Vault,
    /// The map.
    pub civics: &'a Civics,
    /// What time it is.
    pub clock: &'a dyn Clock,
}

impl PaperImport<'_> {
    /// Says what would become of each line, and writes nothing.
    pub async fn judge(
        &self,
        petition: &Petition,
        file: &PaperFile,
        random: &mut (dyn CryptoRng + Send),
    ) -> Result<PaperReport, PaperError> {
        let (verdicts, _) = self.judged(petition, file, random).await?;
        Ok(PaperReport::new(verdicts, false))
    }

    /// Saves every line that passes. One that is cut short goes on where it was.
    pub async fn import(
        &self,
        petition: &Petition,
        file: &PaperFile,
        intake: &Intake,
        actor: Actor,
        random: &mut (dyn CryptoRng + Send),
    ) -> Result<PaperReport, PaperError> {
        let (mut verdicts, new) = self.judged(petition, file, random).await?;
        let deed = |action, details: Value| Deed {
            actor,
            action,
            subject: petition.slug.to_string(),
            details,
            at: self.clock.now(),
        };
        // Before the first line is saved: an import that is cut short is in the log too.
        let begun = deed(
            "petition.import_paper",
            json!({"lines": verdicts.len(), "sheets": file.sheets()}),
        );
        self.store.audit.record_deed(&begun).await?;
        let mut new = new.into_iter().peekable();
        while new.peek().is_some() {
            let (lines, page): (Vec<usize>, Vec<NewSignature>) = new.by_ref().take(PAGE).unzip();
            let outcomes = intake.sign_all(page).await?;
            for (line, outcome) in lines.into_iter().zip(outcomes) {
                verdicts[line].settle(&outcome);
            }
        }
        let report = PaperReport::new(verdicts, true);
        let done = deed("petition.paper_imported", report.numbers());
        self.store.audit.record_deed(&done).await?;
        Ok(report)
    }

    /// The verdicts, and those to save with the number of their verdict.
    async fn judged(
        &self,
        petition: &Petition,
        file: &PaperFile,
        random: &mut (dyn CryptoRng + Send),
    ) -> Result<(Vec<LineVerdict>, Vec<(usize, NewSignature)>), PaperError> {
        if matches!(
            petition.state,
            PetitionState::Draft | PetitionState::Archived
        ) {
            return Err(PaperError::State(petition.state));
        }
        let secrets = self.vault.petition(petition.id).await?;
        let in_force = abuse::read(self.store, self.vault, petition.id).await?;
        let drafting = Drafting {
            petition,
            secrets: &secrets,
            rules: &in_force.guard.rules,
            civics: self.civics,
            clock: self.clock,
        };
        let mut drafts: Vec<Draft> = Vec::with_capacity(file.lines.len());
        for page in file.lines.chunks(PAGE) {
            drafts.extend(page.iter().map(|line| drafting.draft(line, random)));
            tokio::task::yield_now().await;
        }
        let mut judge = Judge::new(self.store, petition.id, &drafts).await?;
        let mut verdicts = Vec::with_capacity(drafts.len());
        let mut new = Vec::new();
        for (line, draft) in file.lines.iter().zip(drafts) {
            let verdict = judge.judge(line, &draft);
            if let (Draft::Ready(ready), true) = (draft, verdict.is_counted()) {
                new.push((verdicts.len(), ready.new));
            }
            verdicts.push(verdict);
        }
        Ok((verdicts, new))
    }
}
