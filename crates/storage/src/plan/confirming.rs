//! Confirming a batch of signatures.
//!
//! The steps of a backend, in one transaction: lock the households, read where each signature
//! stands, read the totals, make the slots firm, confirm the rows, write the moves.

use crate::moves::TallyMoves;
use crate::signatures::{ConfirmOutcome, Confirmation};
use chrono::{DateTime, Utc};
use redress_model::fingerprint::Fingerprint;
use redress_model::home::Location;
use redress_model::id::{PetitionId, SignatureId};
use redress_model::petition::state::PetitionState;
use redress_model::signature::state::SignatureState;
use redress_model::signature::{Origin, RejectionReason};
use std::collections::{BTreeSet, HashMap};

/// Where a signature stands, as far as its counting goes.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Which.
    pub id: SignatureId,
    /// Of what.
    pub petition_id: PetitionId,
    /// Its household.
    pub email_key: Fingerprint,
    /// Its state.
    pub state: SignatureState,
    /// Whether it is in the total.
    pub is_counted: bool,
    /// Why it was rejected.
    pub rejection: Option<RejectionReason>,
    /// Where it is counted.
    pub location: Location,
    /// How it came in.
    pub origin: Origin,
    /// Its links' epoch.
    pub epoch: i32,
    /// "You are number N".
    pub number: Option<i64>,
    /// Until when its link confirms.
    pub confirm_by_at: DateTime<Utc>,
    /// When it was confirmed.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// When it was first frozen.
    pub frozen_at: Option<DateTime<Utc>>,
    /// Where its petition stands.
    pub petition_state: PetitionState,
    /// When that was closed.
    pub petition_closed_at: Option<DateTime<Utc>>,
}

impl Standing {
    /// Whether it came on paper.
    pub fn is_paper(&self) -> bool {
        self.origin == Origin::Paper
    }
}

/// A batch of confirmations on its way.
pub struct Confirming {
    outcomes: Vec<ConfirmOutcome>,
    chosen: Vec<(Standing, DateTime<Utc>, i64)>,
    moves: TallyMoves,
}

impl Confirming {
    /// Petitions whose totals are needed.
    pub fn petitions(standings: &HashMap<SignatureId, Standing>) -> BTreeSet<PetitionId> {
        standings
            .values()
            .map(|standing| standing.petition_id)
            .collect()
    }

    /// Decides about each, from where it stands and from each petition's total before this batch.
    pub fn new(
        confirmations: &[Confirmation],
        standings: &HashMap<SignatureId, Standing>,
        mut totals: HashMap<PetitionId, i64>,
    ) -> Self {
        let mut confirming = Self {
            outcomes: Vec::new(),
            chosen: Vec::new(),
            moves: TallyMoves::default(),
        };
        let mut numbers: HashMap<SignatureId, i64> = HashMap::new();
        for confirmation in confirmations {
            let outcome = match (
                standings.get(&confirmation.id),
                numbers.get(&confirmation.id),
            ) {
                (None, _) => ConfirmOutcome::Unknown,
                (Some(_), Some(&number)) => ConfirmOutcome::Already { number },
                (Some(standing), None) => {
                    if let Some(outcome) = refusal(standing, confirmation) {
                        outcome
                    } else {
                        let total = totals.entry(standing.petition_id).or_default();
                        *total += 1;
                        numbers.insert(standing.id, *total);
                        confirming.choose(standing, confirmation.at, *total);
                        ConfirmOutcome::Confirmed { number: *total }
                    }
                }
            };
            confirming.outcomes.push(outcome);
        }
        confirming
            .chosen
            .sort_by_key(|(standing, _, _)| standing.id);
        confirming
    }

    fn choose(&mut self, standing: &Standing, at: DateTime<Utc>, number: i64) {
        self.moves.wait(standing.petition_id, -1);
        self.moves.add(
            standing.petition_id,
            &standing.location,
            standing.is_paper(),
            at,
        );
        self.chosen.push((standing.clone(), at, number));
    }

    /// What to confirm, when, under which number, in the order of ids.
    pub fn chosen(&self) -> &[(Standing, DateTime<Utc>, i64)] {
        &self.chosen
    }

    /// What changes in the tallies.
    pub fn moves(&self) -> &TallyMoves {
        &self.moves
    }

    /// The outcomes, in the order of the batch.
    pub fn finish(self) -> Vec<ConfirmOutcome> {
        self.outcomes
    }
}

fn refusal(standing: &Standing, confirmation: &Confirmation) -> Option<ConfirmOutcome> {
    match standing.state {
        SignatureState::Confirmed => Some(ConfirmOutcome::Already {
            number: standing.number.unwrap_or_default(),
        }),
        SignatureState::Rejected if standing.rejection == Some(RejectionReason::Replaced) => {
            Some(ConfirmOutcome::Replaced)
        }
        SignatureState::Pending => {
            if !standing
                .petition_state
                .takes_confirmations(standing.petition_closed_at, confirmation.at)
            {
                Some(ConfirmOutcome::Closed)
            } else if confirmation.at > standing.confirm_by_at
                || confirmation.epoch != standing.epoch
            {
                Some(ConfirmOutcome::Late)
            } else {
                None
            }
        }
        ended => Some(ConfirmOutcome::Ended(ended)),
    }
}
