//! What a pack would change of a petition, or has changed: numbers by kind, and from where to where.

use super::Change;
use redress_model::home::Location;
use redress_storage::signatures::Signature;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Number {
    /// Signatures in any state but erased.
    pub signatures: u64,
    /// Of these, those that are in the total.
    pub counted: u64,
}

impl Number {
    fn add(&mut self, is_counted: bool) {
        self.signatures += 1;
        self.counted += u64::from(is_counted);
    }
}

/// Where signatures are counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Spot {
    /// A GEOID, `outside` or `unlocated`.
    pub home: String,
    /// The district's label; empty for none.
    pub district: String,
}

impl Spot {
    fn of(location: &Location) -> Self {
        Self {
            home: location.home.as_key().to_owned(),
            district: location.district_key().to_owned(),
        }
    }
}

/// Signatures that go the same way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// Why.
    pub change: Change,
    /// Where they were counted.
    pub from: Spot,
    /// Where they are counted by the new answer.
    pub to: Spot,
    /// How many.
    #[serde(flatten)]
    pub number: Number,
}

/// The report of one petition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The id of what the packs that were asked hold together.
    pub pack: String,
    /// Signatures that keep their address or their block and were resolved by another pack.
    pub examined: u64,
    /// How many by kind of change; kinds without any are there too.
    pub changes: BTreeMap<Change, Number>,
    /// From where to where, most signatures first; those that stay are left out, but for those that need a look.
    pub moves: Vec<Move>,
    /// Signatures whose sealed fields do not open.
    pub unreadable: u64,
    /// Signatures that somebody else changed at the same time: asked again the next time.
    pub changed_meanwhile: u64,
}

impl Report {
    /// How many signatures a change is written for, or would be.
    pub fn changed(&self) -> u64 {
        let kinds = self.changes.iter();
        kinds
            .filter(|(change, _)| change.is_written())
            .map(|(_, number)| number.signatures)
            .sum()
    }
}

/// A report on its way.
#[derive(Debug, Default)]
pub(super) struct Counting {
    changes: BTreeMap<Change, Number>,
    moves: BTreeMap<(Change, Spot, Spot), Number>,
    /// Signatures whose sealed fields do not open.
    pub unreadable: u64,
    /// Signatures that somebody else changed at the same time.
    pub changed_meanwhile: u64,
}

impl Counting {
    /// Forgets what every pass meets again.
    pub(super) fn begin_pass(&mut self) {
        (self.unreadable, self.changed_meanwhile) = (0, 0);
        self.changes.remove(&Change::NeedsALook);
        self.moves
            .retain(|(change, _, _), _| *change != Change::NeedsALook);
    }

    pub(super) fn add(&mut self, change: Change, was: &Signature, to: &Location) {
        let number = self.changes.entry(change).or_default();
        number.add(was.is_counted);
        if change != Change::Unchanged {
            let way = (change, Spot::of(&was.location), Spot::of(to));
            self.moves.entry(way).or_default().add(was.is_counted);
        }
    }

    pub(super) fn finish(self, pack: String) -> Report {
        let kinds = Change::ALL.map(|change| {
            let number = self.changes.get(&change).copied();
            (change, number.unwrap_or_default())
        });
        let mut moves: Vec<Move> = self
            .moves
            .into_iter()
            .map(|((change, from, to), number)| Move {
                change,
                from,
                to,
                number,
            })
            .collect();
        moves.sort_by_key(|one| std::cmp::Reverse(one.number.signatures));
        Report {
            pack,
            examined: kinds.iter().map(|(_, number)| number.signatures).sum(),
            changes: kinds.into(),
            moves,
            unreadable: self.unreadable,
            changed_meanwhile: self.changed_meanwhile,
        }
    }
}
