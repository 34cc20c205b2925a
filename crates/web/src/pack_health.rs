//! How the packs in use are: for whoever watches over the server.

use serde::Serialize;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What reading a whole pack came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PackCheck {
    /// It was not read whole yet.
    Pending,
    /// Every section agrees with its checksum.
    Sound,
    /// A section does not: answers that need it say `pack_damaged`.
    Damaged,
}

/// One pack in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PackState {
    /// Its id.
    pub id: String,
    /// How it is.
    pub check: PackCheck,
}

/// What is known of packs, by id.
#[derive(Debug, Default)]
pub(crate) struct PackHealth(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    checks: HashMap<String, PackCheck>,
    is_refused: bool,
}

impl PackHealth {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what a check came to.
    pub(crate) fn record(&self, id: &str, check: PackCheck) {
        self.known().checks.insert(id.to_owned(), check);
    }

    /// A file that was put in the place of a pack is no good, or is again.
    pub(crate) fn set_refused(&self, is_refused: bool) {
        self.known().is_refused = is_refused;
    }

    /// Whether the file at the place of a pack in use was refused.
    pub(crate) fn is_refused(&self) -> bool {
        self.known().is_refused
    }

    /// How some packs are.
    pub(crate) fn of(&self, ids: Vec<String>) -> Vec<PackState> {
        let known = self.known();
        let state = |id: String| {
            let check = known.checks.get(&id).copied();
            let check = check.unwrap_or(PackCheck::Pending);
            PackState { id, check }
        };
        ids.into_iter().map(state).collect()
    }
}
