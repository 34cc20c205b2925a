//! Whether a petition is under attack, as all processes see it together and this one saw last.

use crate::failure::Failure;
use crate::state::AppState;
use chrono::{DateTime, Duration, Utc};
use redress_model::abuse::limits::step_of;
use redress_model::abuse::proof::{BEFORE, COOL_DOWN, ProofMode, RUSH, is_rush};
use redress_model::id::PetitionId;
use redress_storage::proofs::ProofRule;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What another process saw or set is known here after so long.
const FRESH: Duration = Duration::seconds(2);
/// Arrivals are counted so often.
const COUNTED: Duration = Duration::seconds(15);
/// An attack that goes on is written down so often.
const WRITTEN: Duration = Duration::minutes(1);

/// What was seen, by petition.
#[derive(Default)]
pub(crate) struct Watches(Mutex<HashMap<PetitionId, Watch>>);

#[derive(Clone, Copy, Default)]
struct Watch {
    /// When the rule was read, and which.
    read: Option<(DateTime<Utc>, ProofRule)>,
    /// When arrivals were last counted.
    counted_at: Option<DateTime<Utc>>,
    /// How many came the day before, as counted within a step.
    before: Option<(DateTime<Utc>, u64)>,
    /// How many were turned away here since an instant, and in the stretch before it.
    refused: Option<(DateTime<Utc>, [u64; 2])>,
}

impl Watch {
    /// The refusals of this stretch of [`RUSH`] and the one before.
    fn refused_at(&self, at: DateTime<Utc>) -> (DateTime<Utc>, [u64; 2]) {
        match self.refused {
            Some((since, counts)) if at - since < RUSH => (since, counts),
            Some((since, [now, _])) if at - since < RUSH * 2 => (since + RUSH, [0, now]),
            _ => (at, [0, 0]),
        }
    }
}

impl Watches {
    pub(super) async fn is_asking(
        &self,
        state: &AppState,
        petition: PetitionId,
    ) -> Result<bool, Failure> {
        let now = state.now();
        let watch = self.lock().get(&petition).copied().unwrap_or_default();
        if let Some((read_at, rule)) = watch.read
            && now - read_at < FRESH
        {
            return Ok(rule.is_asking(now));
        }
        let mut rule = state.store().proofs.find_proof_rule(petition).await?;
        let is_due = watch.counted_at.is_none_or(|at| now - at >= COUNTED);
        if rule.mode == ProofMode::Automatic && is_due {
            rule.until_at = self.count(state, petition, watch, rule.until_at).await?;
        }
        self.lock().entry(petition).or_default().read = Some((now, rule));
        Ok(rule.is_asking(now))
    }

    /// Counts who came of late; until when the attack lasts, if it is one.
    async fn count(
        &self,
        state: &AppState,
        petition: PetitionId,
        watch: Watch,
        until_at: Option<DateTime<Utc>>,
    ) -> Result<Option<DateTime<Utc>>, Failure> {
        let (now, proofs) = (state.now(), &state.store().proofs);
        let came = proofs.count_arrivals(petition, now - RUSH, now).await?;
        let step = step_of(now);
        let known = watch.before.filter(|(counted_in, _)| *counted_in == step);
        let before = if let Some((_, before)) = known {
            before
        } else {
            let since = now - RUSH - BEFORE;
            proofs.count_arrivals(petition, since, now - RUSH).await?
        };
        {
            let mut watches = self.lock();
            let watch = watches.entry(petition).or_default();
            watch.counted_at = Some(now);
            watch.before = Some((step, before));
        }
        let (_, [lately, earlier]) = watch.refused_at(now);
        if !is_rush(came + lately + earlier, before) {
            return Ok(until_at);
        }
        let until = now + COOL_DOWN;
        if until_at.is_none_or(|known| until - known >= WRITTEN) {
            proofs.extend_attack(petition, until).await?;
        }
        Ok(until_at.max(Some(until)))
    }

    /// Somebody was turned away: a flood that proof holds off is still a flood.
    pub(super) fn record_refusal(&self, petition: PetitionId, at: DateTime<Utc>) {
        let mut watches = self.lock();
        let watch = watches.entry(petition).or_default();
        let (since, [now, before]) = watch.refused_at(at);
        watch.refused = Some((since, [now + 1, before]));
    }

    /// What an organizer set holds here at once.
    pub(crate) fn forget(&self, petition: PetitionId) {
        self.lock().remove(&petition);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PetitionId, Watch>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
