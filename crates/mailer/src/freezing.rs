//! Freezing: from what has been signed since the last letter to batches, lists and letters, all in one transaction.
//!
//! What is frozen is composed from what was read, and storage refuses it when a member has changed meanwhile or another
//! process froze first; then all is read again.

mod addressee;
mod compose;
mod contacts;
mod gather;
mod joint;
mod ledger;
mod preview;
mod printed;
mod smaller;
mod view;
mod wished;
mod wording;

pub use ledger::manifest_of;
pub use preview::PreviewLetter;

use crate::error::MailerError;
use crate::mailer::Mailer;
use redress_model::geoid::Geoid;
use redress_model::id::PetitionId;
use redress_model::petition::Petition;
use redress_storage::audit::{Actor, Deed};
use redress_storage::{Constraint, StorageError};

/// How often freezing begins anew when others come first.
const TRIES: u32 = 5;

impl Mailer {
    /// Freezes what one jurisdiction has signed since its last letter, however little. Gives back the numbers of the batches:
    /// none when nothing is new. A petition on autopilot has them approved at once, if it names its sender.
    pub async fn freeze(
        &self,
        petition: PetitionId,
        geoid: &Geoid,
    ) -> Result<Vec<u32>, MailerError> {
        let petition = self.petition(petition).await?;
        for _ in 0..TRIES {
            let Some(gathered) = self.gather(&petition, geoid).await? else {
                return Ok(Vec::new());
            };
            let frozen = self.compose(&petition, &gathered).await?;
            let numbers: Vec<u32> = frozen.iter().map(|one| one.batch.number).collect();
            let deed = self.deed(
                "batch.freeze",
                petition.slug.as_str(),
                serde_json::json!({ "geoid": geoid.as_str(), "batches": numbers }),
            );
            match self.store().batches.freeze_batches(&frozen, &deed).await {
                Ok(()) => {
                    tracing::info!(petition.id = %petition.id, place.geoid = %geoid, batch.count = numbers.len(), "a place was frozen");
                    self.approve_by_itself(&petition, &frozen).await?;
                    return Ok(numbers);
                }
                Err(error) if is_overtaken(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(MailerError::Contended)
    }

    /// Freezes every jurisdiction of a petition with something new, however little. Gives back the batches' numbers.
    pub async fn freeze_all(&self, petition: PetitionId) -> Result<Vec<u32>, MailerError> {
        self.freeze_from(petition, 1).await
    }

    /// Freezes the jurisdictions whose new signatures have reached the petition's threshold. Gives back the batches' numbers.
    pub async fn freeze_due(&self, petition: PetitionId) -> Result<Vec<u32>, MailerError> {
        let threshold = self.petition(petition).await?.terms.threshold;
        self.freeze_from(petition, u64::from(threshold)).await
    }

    /// Freezes what organizers asked for, oldest first. Gives back the batches' numbers with their petitions. A request for a petition that
    /// is gone is done.
    pub async fn serve_requests(&self) -> Result<Vec<(PetitionId, u32)>, MailerError> {
        let mut frozen = Vec::new();
        for (number, petition, geoid) in self.store().batches.list_freeze_requests().await? {
            let numbers = match &geoid {
                Some(geoid) => self.freeze(petition, geoid).await,
                None => self.freeze_all(petition).await,
            };
            match numbers {
                Ok(numbers) => frozen.extend(numbers.into_iter().map(|number| (petition, number))),
                Err(MailerError::Storage(StorageError::Missing(_))) => {}
                // The request stays, and the next one is not kept waiting by it.
                Err(error) => {
                    tracing::error!(petition.id = %petition, error = %error, "a request to freeze waits");
                    continue;
                }
            }
            self.store().batches.finish_freeze_request(number).await?;
        }
        Ok(frozen)
    }

    async fn freeze_from(
        &self,
        petition: PetitionId,
        threshold: u64,
    ) -> Result<Vec<u32>, MailerError> {
        let mut numbers = Vec::new();
        for (geoid, count) in self.store().batches.count_unbatched(petition).await? {
            if count >= threshold.max(1) {
                numbers.extend(self.freeze(petition, &geoid).await?);
            }
        }
        Ok(numbers)
    }

    async fn approve_by_itself(
        &self,
        petition: &Petition,
        frozen: &[redress_storage::batches::FrozenBatch],
    ) -> Result<(), MailerError> {
        if !petition.terms.is_on_autopilot || petition.terms.sender.is_none() {
            return Ok(());
        }
        for one in frozen {
            let details = serde_json::json!({ "batch": one.batch.number, "autopilot": true });
            let deed = self.deed("delivery.approve", petition.slug.as_str(), details);
            match self
                .store()
                .batches
                .approve_batch(one.batch.id, &deed)
                .await
            {
                // A person was faster.
                Ok(()) | Err(StorageError::Stale(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    pub(crate) async fn petition(&self, id: PetitionId) -> Result<Petition, MailerError> {
        let found = self.store().petitions.find_petition(id).await?;
        Ok(found.ok_or(StorageError::Missing("petition"))?)
    }

    pub(crate) fn deed(
        &self,
        action: &'static str,
        subject: &str,
        details: serde_json::Value,
    ) -> Deed {
        Deed {
            actor: Actor::Upkeep,
            action,
            subject: subject.to_owned(),
            details,
            at: self.now(),
        }
    }
}

fn is_overtaken(error: &StorageError) -> bool {
    matches!(
        error,
        StorageError::Stale(_)
            | StorageError::Busy(_)
            | StorageError::Refused(
                Constraint::BatchNumber | Constraint::BatchLetter | Constraint::BatchMember
            )
    )
}
