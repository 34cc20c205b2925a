//! What a batch changes in the tallies, added up before it is written.
//!
//! The maps are sorted, so that two transactions lock the same rows in the same order.

use crate::tallies::Difference;
use chrono::{DateTime, Utc};
use redress_model::clock::hour_of;
use redress_model::home::Location;
use redress_model::id::PetitionId;
use redress_model::tally::Tally;
use std::collections::{BTreeMap, BTreeSet};

/// A home's row: the running total of one district, or of those without one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HomeMove {
    /// What is counted.
    pub tally: Tally,
    /// Counted elsewhere, under this government.
    pub over: i64,
}

/// Petition, home's key, district's key.
pub type HomeKey = (PetitionId, String, String);

/// The changes of one transaction.
#[derive(Debug, Default)]
pub struct TallyMoves {
    /// The running total of each petition, and how many wait.
    pub petitions: BTreeMap<PetitionId, (Tally, i64)>,
    /// The hours of each petition.
    pub petition_hours: BTreeMap<(PetitionId, DateTime<Utc>), Tally>,
    /// The running total of each district of each home.
    pub homes: BTreeMap<HomeKey, HomeMove>,
    /// The hours of each district of each home.
    pub home_hours: BTreeMap<(HomeKey, DateTime<Utc>), Tally>,
}

impl TallyMoves {
    /// Whether there is nothing to write: whatever moves, moves in a petition.
    pub fn is_empty(&self) -> bool {
        self.petitions.is_empty()
    }

    /// A signature waits from now on (1) or no longer (-1).
    pub fn wait(&mut self, petition: PetitionId, by: i64) {
        self.petitions.entry(petition).or_default().1 += by;
    }

    /// A signature counts from now on.
    pub fn add(
        &mut self,
        petition: PetitionId,
        location: &Location,
        is_paper: bool,
        at: DateTime<Utc>,
    ) {
        self.shift(
            petition,
            location,
            Tally::one(location.is_self_asserted, is_paper),
            at,
        );
    }

    /// A signature counts no longer: a negative entry in the hour in which that happens.
    pub fn subtract(
        &mut self,
        petition: PetitionId,
        location: &Location,
        is_paper: bool,
        at: DateTime<Utc>,
    ) {
        self.shift(
            petition,
            location,
            -Tally::one(location.is_self_asserted, is_paper),
            at,
        );
    }

    fn shift(
        &mut self,
        petition: PetitionId,
        location: &Location,
        tally: Tally,
        at: DateTime<Utc>,
    ) {
        let hour = hour_of(at);
        let home = (
            petition,
            location.home.as_key().to_owned(),
            location.district_key().to_owned(),
        );
        self.petitions.entry(petition).or_default().0 += tally;
        *self.petition_hours.entry((petition, hour)).or_default() += tally;
        self.homes.entry(home.clone()).or_default().tally += tally;
        *self.home_hours.entry((home, hour)).or_default() += tally;
        let others: BTreeSet<&str> = location
            .governments_over
            .iter()
            .map(redress_model::geoid::Geoid::as_str)
            .filter(|geoid| *geoid != location.home.as_key())
            .collect();
        for geoid in others {
            let key = (petition, geoid.to_owned(), String::new());
            self.homes.entry(key).or_default().over += tally.counted;
        }
    }
}

/// Compares stored counts with counted ones, name by name.
pub fn differences(
    stored: &BTreeMap<String, i64>,
    recounted: &BTreeMap<String, i64>,
) -> Vec<Difference> {
    let names: BTreeSet<&String> = stored.keys().chain(recounted.keys()).collect();
    names
        .into_iter()
        .map(|name| Difference {
            what: name.clone(),
            stored: stored.get(name).copied().unwrap_or_default(),
            recounted: recounted.get(name).copied().unwrap_or_default(),
        })
        .filter(|difference| difference.stored != difference.recounted)
        .collect()
}
