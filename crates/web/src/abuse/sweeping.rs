//! The worker of sweeps: goes through a petition's signatures page by page, where the last one stopped.

use super::condition::{Condition, Matcher, Reader};
use super::finding;
use super::guards::read as read_rules;
use crate::state::AppState;
use chrono::Duration;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use redress_model::abuse::sweep::SweepState;
use redress_model::id::SignatureId;
use redress_model::signature::state::SignatureState;
use redress_storage::audit::{Actor, Deed};
use redress_storage::secrets::{PetitionSecrets, SealedField};
use redress_storage::sweeps::{Sweep, SweepPage};
use redress_storage::{StorageError, StorageResult};
use serde_json::json;
use std::sync::Arc;

/// Signatures of one transaction.
const PAGE: u32 = 200;

/// Another worker takes up a sweep that nobody moved for so long.
const LEASE: Duration = Duration::seconds(15);

/// Works on one sweep until it is over, was stopped, or its lease ends. `false` when none has work.
pub async fn work_off_sweep(state: &AppState) -> StorageResult<bool> {
    let now = state.now();
    let sweeps = &state.store().sweeps;
    let Some(mut sweep) = sweeps.claim_sweep(now, now + LEASE).await? else {
        return Ok(false);
    };
    if sweep.state == SweepState::Undoing {
        let mut random = ChaCha20Rng::from_rng(&mut *state.random());
        while sweeps
            .put_back_swept(sweep.id, PAGE, state.now(), &mut random)
            .await?
        {}
        return Ok(true);
    }
    let (secrets, matcher) = match prepare(state, &sweep).await {
        Ok(ready) => ready,
        // The petition's key is gone, or another version wrote the condition: it would never go on.
        Err(StorageError::Secret(_) | StorageError::Unreadable { .. }) => {
            return give_up(state, &sweep).await;
        }
        Err(error) => return Err(error),
    };
    while state.now() < now + LEASE {
        let step = step(state, &secrets, (&sweep, &matcher)).await?;
        let page = step.page(&sweep);
        if !sweeps.write_sweep_page(&sweep, &page, state.now()).await? || step.is_last {
            break;
        }
        sweep.reached = page.to;
    }
    Ok(true)
}

/// What a sweep is after.
pub(crate) fn open_condition(secrets: &PetitionSecrets, sweep: &Sweep) -> StorageResult<Condition> {
    let opened = secrets.open(SealedField::Condition, sweep.id, &sweep.sealed_condition)?;
    serde_json::from_slice(&opened).map_err(|_| unreadable())
}

fn unreadable() -> StorageError {
    StorageError::unreadable("condition of a sweep", "another shape")
}

/// Cancels a sweep that cannot be read.
async fn give_up(state: &AppState, sweep: &Sweep) -> StorageResult<bool> {
    let deed = Deed {
        actor: Actor::Upkeep,
        action: "sweep.cancel",
        subject: sweep.petition_id.to_string(),
        details: json!({ "sweep": sweep.id.to_string() }),
        at: state.now(),
    };
    let sweeps = &state.store().sweeps;
    let changed = sweeps.change_sweep(sweep.id, sweep.state, SweepState::Cancelled, &deed);
    match changed.await {
        Ok(()) | Err(StorageError::Stale(_)) => Ok(true),
        Err(error) => Err(error),
    }
}

async fn prepare(
    state: &AppState,
    sweep: &Sweep,
) -> StorageResult<(Arc<PetitionSecrets>, Matcher)> {
    let secrets = state.vault().petition(sweep.petition_id).await?;
    let condition = open_condition(&secrets, sweep)?;
    let petition = state
        .store()
        .petitions
        .find_petition(sweep.petition_id)
        .await?;
    let petition = petition.ok_or(StorageError::Missing("petition"))?;
    let in_force = read_rules(state.store(), state.vault(), sweep.petition_id).await?;
    let reader = Reader {
        petition: sweep.petition_id,
        secrets: &secrets,
        rules: &in_force.guard.rules,
        zone: petition.terms.time_zone.parse().unwrap_or(chrono_tz::UTC),
    };
    let matcher = condition.read(&reader).map_err(|_| unreadable())?;
    Ok((secrets, matcher))
}

/// A page, looked through.
struct Step {
    to: Option<SignatureId>,
    looked_at: u32,
    matches: Vec<SignatureId>,
    is_last: bool,
}

impl Step {
    fn page(&self, sweep: &Sweep) -> SweepPage<'_> {
        SweepPage {
            from: sweep.reached,
            to: self.to.or(sweep.reached),
            looked_at: self.looked_at,
            matches: &self.matches,
            is_last: self.is_last,
        }
    }
}

async fn step(
    state: &AppState,
    secrets: &PetitionSecrets,
    (sweep, matcher): (&Sweep, &Matcher),
) -> StorageResult<Step> {
    // Ids sort by time: what was signed after the sweep was asked for is not its concern.
    let filter = matcher.filter_until(SignatureId(sweep.id.0));
    let after = sweep.reached.or(matcher.after());
    let signatures = &state.store().signatures;
    let page = signatures.list_signatures(&filter, after, PAGE).await?;
    let stands = |state| matches!(state, SignatureState::Pending | SignatureState::Confirmed);
    let meant = page.iter().filter(|signature| {
        stands(signature.state)
            && finding::is_meant(matcher, finding::open(secrets, signature).as_ref())
    });
    let looked_at = u32::try_from(page.len()).unwrap_or(u32::MAX);
    Ok(Step {
        to: page.last().map(|signature| signature.id),
        looked_at,
        matches: meant.map(|signature| signature.id).collect(),
        is_last: looked_at < PAGE,
    })
}
