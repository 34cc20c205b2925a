//! Stored signatures, resolved again by the packs in use.
//!
//! A signature says which pack resolved it. A newer pack is asked again: about its address where that is kept, about the side of its
//! block where it is not; for the day of its signing, since a district map of that day is the one that it was signed under. What would change is reported, and changed
//! when somebody approves; only a signature that nothing matched is filled in without asking. Nothing of a person leaves this
//! room: a report holds homes, districts and numbers.

mod change;
mod report;

pub use change::Change;
use report::Counting;
pub use report::{Move, Number, Report, Spot};

use crate::civics::Civics;
use crate::dates;
use crate::signing::home::{locate, question};
use change::again;
use chrono::NaiveDate;
use rand::CryptoRng;
use redress_civics::parse::Input;
use redress_model::clock::Clock;
use redress_model::home::{District, Home};
use redress_model::petition::Petition;
use redress_model::petition::state::PetitionState;
use redress_model::resolution::Resolution;
use redress_storage::reresolutions::{OutdatedFilter, Reresolved, Resealed};
use redress_storage::secrets::{Opened, PetitionSecrets, SecretError, Vault};
use redress_storage::signatures::Signature;
use redress_storage::{StorageError, StorageResult, Store};

/// Signatures read, and written, in one transaction.
const PAGE: u32 = 500;

/// How often signatures are read again that were changed while they were resolved.
const PASSES: usize = 3;

/// How much is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// Nothing is written.
    Compare,
    /// Every change is written.
    Apply,
    /// What nothing matched is written, if something matches now.
    FillIn,
}

/// Resolves a petition's signatures again.
pub struct Reresolver<'a> {
    /// Where they are stored.
    pub store: &'a Store,
    /// Their keys.
    pub vault: &'a Vault,
    /// The packs to ask.
    pub civics: &'a Civics,
    /// What time it is.
    pub clock: &'a dyn Clock,
    /// The day to resolve for; the day of each signing when left out.
    pub on: Option<NaiveDate>,
    /// Chance, for what is sealed anew.
    pub random: &'a (dyn Fn() -> Box<dyn CryptoRng + Send> + Sync),
}

impl Reresolver<'_> {
    /// Says what would change, and changes nothing.
    pub async fn compare(&self, petition: &Petition) -> StorageResult<Report> {
        self.run(petition, Extent::Compare).await
    }

    /// Changes it, page by page; what is cut short goes on where it was.
    pub async fn apply(&self, petition: &Petition) -> StorageResult<Report> {
        self.run(petition, Extent::Apply).await
    }

    /// Locates what nothing matched before.
    pub async fn fill_in(&self, petition: &Petition) -> StorageResult<Report> {
        self.run(petition, Extent::FillIn).await
    }

    async fn run(&self, petition: &Petition, extent: Extent) -> StorageResult<Report> {
        let (pack, mut counting) = (self.civics.pack_id(), Counting::default());
        if petition.state == PetitionState::Archived {
            return Ok(counting.finish(pack));
        }
        let secrets = match self.vault.petition(petition.id).await {
            Ok(secrets) => secrets,
            // Whoever destroyed the key wanted nobody to read an address again.
            Err(StorageError::Secret(SecretError::Destroyed)) => {
                return Ok(counting.finish(pack));
            }
            Err(error) => return Err(error),
        };
        for _ in 0..PASSES {
            counting.begin_pass();
            self.pass(petition, extent, &secrets, &mut counting).await?;
            if counting.changed_meanwhile == 0 {
                break;
            }
        }
        Ok(counting.finish(pack))
    }

    /// Walks through what is out of date.
    async fn pass(
        &self,
        petition: &Petition,
        extent: Extent,
        secrets: &PetitionSecrets,
        counting: &mut Counting,
    ) -> StorageResult<()> {
        let filter = OutdatedFilter {
            petition_id: petition.id,
            packs: self.civics.pack_ids(),
            is_unmatched: extent == Extent::FillIn,
        };
        let storage = &self.store.reresolutions;
        let mut after = None;
        loop {
            let page = storage.list_outdated(&filter, after, PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = Some(last.id);
            let mut answers = Vec::with_capacity(page.len());
            for signature in &page {
                match self.answer(petition, signature, secrets, extent) {
                    Some(answer) => answers.push((signature, answer)),
                    None => counting.unreadable += 1,
                }
            }
            let written = if extent == Extent::Compare {
                None
            } else {
                let again: Vec<Reresolved> = answers
                    .iter()
                    .filter_map(|(_, (_, again))| again.clone())
                    .collect();
                let written = storage.record_resolutions(&again, self.clock.now()).await?;
                Some(written)
            };
            for (signature, (change, again)) in answers {
                match (&written, &again) {
                    (Some(written), Some(_)) if !written.contains(&signature.id) => {
                        counting.changed_meanwhile += 1;
                    }
                    (_, Some(again)) => counting.add(change, signature, &again.to),
                    (_, None) => counting.add(change, signature, &signature.location),
                }
            }
            tokio::task::yield_now().await;
        }
    }

    /// The new answer for a signature, without a word to write where somebody has to look; `None` where its sealed fields do not open.
    fn answer(
        &self,
        petition: &Petition,
        signature: &Signature,
        secrets: &PetitionSecrets,
        extent: Extent,
    ) -> Option<(Change, Option<Reresolved>)> {
        let opened = secrets.open_personal(signature.id, signature.sealed.as_ref()?);
        let opened = opened.ok()?;
        let Some(resolution) = self.resolve(petition, signature, &opened) else {
            return Some((Change::NeedsALook, None));
        };
        let is_there =
            |geoid: &str, district: Option<&District>| self.civics.has_district(geoid, district);
        let (mut change, mut to) = again(&signature.location, &resolution, &is_there);
        if extent == Extent::FillIn && change != Change::FilledIn {
            (change, to) = (Change::Unchanged, signature.location.clone());
        }
        let is_agreed = opened
            .address
            .as_ref()
            .is_some_and(|address| address.is_agreed);
        let is_kept = petition.terms.keeps_address && is_agreed;
        let drops_address = !is_kept && to.home != Home::NotLocated;
        let level = resolution.level.as_str();
        let mut again = Reresolved::new(signature, to, level, &resolution.pack, drops_address);
        if extent != Extent::Compare {
            again.resealed = self.reseal(signature, &opened, &resolution, secrets);
        }
        Some((change, Some(again)))
    }

    /// The answer for its address, or else for its block; `None` where the block does not say.
    fn resolve(
        &self,
        petition: &Petition,
        signature: &Signature,
        opened: &Opened,
    ) -> Option<Resolution> {
        let on = self
            .on
            .unwrap_or_else(|| dates::date_of(signature.signed_at, petition));
        let Some(address) = &opened.address else {
            return self
                .civics
                .resolve_block(opened.signer.block.as_deref()?, on);
        };
        let input = Input {
            street: &address.street,
            unit: address.unit.as_deref().unwrap_or_default(),
            city: &opened.signer.city,
            state: &opened.signer.state,
            zip: &opened.signer.zip,
        };
        Some(self.civics.resolve_place(&input, on))
    }

    /// The block as the new pack has it where the address says it, and what the receipt asks by the new answer.
    fn reseal(
        &self,
        signature: &Signature,
        opened: &Opened,
        resolution: &Resolution,
        secrets: &PetitionSecrets,
    ) -> Option<Resealed> {
        let mut signer = opened.signer.clone();
        if opened.address.is_some() {
            signer.block = self.civics.block_of(resolution).or(signer.block);
        }
        signer.question = question(resolution);
        (signer != opened.signer).then(|| Resealed {
            has_block: signer.block.is_some(),
            signer: secrets.seal_signer(signature.id, &signer, (self.random)().as_mut()),
        })
    }
}
