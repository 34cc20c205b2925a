//! What a server does with stored signatures when it has a new pack: fills in what nothing matched, says what else would change,
//! and changes it when an organizer approves.

use crate::failure::Failure;
use crate::machine::{self, SystemClock};
use redress_model::clock::Clock;
use redress_model::id::PetitionId;
use redress_model::petition::Petition;
use redress_model::petition::state::PetitionState;
use redress_storage::audit::{Actor, Deed};
use redress_storage::reresolutions::{ReresolutionReport, ReresolutionRequest};
use redress_storage::secrets::Vault;
use redress_storage::{StorageResult, Store};
use redress_web::reresolution::{Report, Reresolver};
use redress_web::{AppState, Civics};
use serde_json::{Map, Value};
use std::convert::Infallible;
use std::time::Duration;
use tokio::time::Instant;

/// How often wishes and packs are looked at.
const GLANCE: Duration = Duration::from_secs(2);

/// How often everything is looked through though the pack is the same: another server may answer from an older one.
const BETWEEN_ROUNDS: Duration = Duration::from_hours(1);

/// Petitions asked for at a time.
const PAGE: u32 = 200;

/// Rounds for as long as the server runs. One that fails is told of and tried again.
pub async fn run(store: &Store, vault: &Vault, state: &AppState) -> Infallible {
    let mut done: Option<(Vec<String>, Instant)> = None;
    loop {
        let civics = state.civics();
        let packs = civics.pack_ids();
        let is_due = done
            .as_ref()
            .is_none_or(|(known, at)| *known != packs || at.elapsed() >= BETWEEN_ROUNDS);
        let room = Room {
            store,
            vault,
            civics: &civics,
        };
        if is_due {
            match room.round().await {
                Ok(()) => done = Some((packs, Instant::now())),
                Err(error) => eprintln!("redress: resolving: {}", Failure::failed(error)),
            }
        }
        if let Err(error) = room.answer_requests().await {
            eprintln!("redress: resolving: {}", Failure::failed(error));
        }
        tokio::time::sleep(GLANCE).await;
    }
}

/// Every petition that is not archived, or the one that is asked for.
pub async fn list_petitions(store: &Store) -> StorageResult<Vec<Petition>> {
    let states = [
        PetitionState::Draft,
        PetitionState::Open,
        PetitionState::Paused,
        PetitionState::Closed,
    ];
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let petitions = &store.petitions;
        let page = petitions.list_petitions(None, &states, after, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(all);
        };
        after = Some(last.id);
        all.extend(page);
    }
}

/// What was changed, for the audit log: numbers alone.
pub fn deed(actor: Actor, petition: &Petition, report: &Report) -> Deed {
    let mut details = Map::new();
    details.insert("pack".to_owned(), report.pack.clone().into());
    for (change, number) in &report.changes {
        details.insert(change.as_str().to_owned(), number.signatures.into());
    }
    Deed {
        actor,
        action: "civics.reresolve",
        subject: petition.slug.to_string(),
        details: Value::Object(details),
        at: SystemClock.now(),
    }
}

/// What a round works with; the pack stays the same until it ends.
struct Room<'a> {
    store: &'a Store,
    vault: &'a Vault,
    civics: &'a Civics,
}

impl Room<'_> {
    fn reresolver(&self) -> Reresolver<'_> {
        Reresolver {
            store: self.store,
            vault: self.vault,
            civics: self.civics,
            clock: &SystemClock,
            on: None,
            random: &|| Box::new(machine::random()),
        }
    }

    async fn round(&self) -> StorageResult<()> {
        for petition in list_petitions(self.store).await? {
            let filled = self.reresolver().fill_in(&petition).await?;
            if filled.changed() > 0 {
                let deed = deed(Actor::Upkeep, &petition, &filled);
                self.store.audit.record_deed(&deed).await?;
                eprintln!(
                    "redress: resolving: {} signatures of {} were filled in",
                    filled.changed(),
                    petition.slug
                );
            }
            self.compare(&petition).await?;
        }
        Ok(())
    }

    /// Keeps what would change, for the console.
    async fn compare(&self, petition: &Petition) -> StorageResult<()> {
        let report = self.reresolver().compare(petition).await?;
        self.keep(petition.id, &report).await
    }

    async fn keep(&self, petition: PetitionId, report: &Report) -> StorageResult<()> {
        let kept = ReresolutionReport {
            pack: report.pack.clone(),
            // Numbers and words always have a JSON form.
            report: serde_json::to_string(report).unwrap_or_default(),
            made_at: SystemClock.now(),
        };
        let storage = &self.store.reresolutions;
        storage.record_reresolution_report(petition, &kept).await
    }

    async fn answer_requests(&self) -> StorageResult<()> {
        let storage = &self.store.reresolutions;
        for request in storage.list_reresolution_requests().await? {
            let petition = self
                .store
                .petitions
                .find_petition(request.petition_id)
                .await?;
            if let Some(petition) = petition {
                self.answer(&petition, &request).await?;
            }
            storage.finish_reresolution_request(&request).await?;
        }
        Ok(())
    }

    /// Changes what was approved only if it is this pack's report that was read.
    async fn answer(
        &self,
        petition: &Petition,
        request: &ReresolutionRequest,
    ) -> StorageResult<()> {
        if request.applies && request.pack == self.civics.pack_id() {
            let report = self.reresolver().apply(petition).await?;
            let deed = deed(Actor::Upkeep, petition, &report);
            self.store.audit.record_deed(&deed).await?;
        }
        self.compare(petition).await
    }
}
