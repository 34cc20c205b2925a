//! Deciding which new answers are written, and what they move.

use super::Standing;
use crate::moves::TallyMoves;
use crate::reresolutions::Reresolved;
use chrono::{DateTime, Utc};
use redress_model::id::SignatureId;
use redress_model::signature::state::SignatureState;
use std::collections::{HashMap, HashSet};

/// New answers of one transaction whose signatures stand where they were read. A backend writes
/// [`Reresolving::chosen`], each where its pack is still the one that was read, and then the
/// [`Reresolving::moves`] of those that it wrote.
pub struct Reresolving<'a> {
    chosen: Vec<(&'a Reresolved, &'a Standing)>,
}

impl<'a> Reresolving<'a> {
    /// Decides about each, from where it stands now.
    pub fn new(again: &'a [Reresolved], standings: &'a HashMap<SignatureId, Standing>) -> Self {
        let mut seen = HashSet::new();
        let mut chosen: Vec<_> = again
            .iter()
            .filter_map(|one| Some((one, standings.get(&one.id)?)))
            .filter(|(one, standing)| {
                standing.state != SignatureState::Erased
                    && standing.state == one.state
                    && standing.location == one.from
            })
            .filter(|(one, _)| seen.insert(one.id))
            .collect();
        chosen.sort_by_key(|(one, _)| one.id);
        Self { chosen }
    }

    /// What to write, in the order of ids.
    pub fn chosen(&self) -> impl Iterator<Item = &'a Reresolved> {
        self.chosen.iter().map(|(one, _)| *one)
    }

    /// What changes in the tallies by those that were written.
    pub fn moves(&self, written: &HashSet<SignatureId>, at: DateTime<Utc>) -> TallyMoves {
        let mut moves = TallyMoves::default();
        for (one, standing) in &self.chosen {
            if standing.is_counted && one.to != one.from && written.contains(&one.id) {
                let (petition, is_paper) = (standing.petition_id, standing.is_paper());
                moves.subtract(petition, &one.from, is_paper, at);
                moves.add(petition, &one.to, is_paper, at);
            }
        }
        moves
    }
}
