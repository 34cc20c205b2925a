//! Sweeps: signatures rejected by condition, counted first, and put back if it was a mistake.

use crate::coded::worded_enum;

worded_enum! {
    /// Where a sweep stands.
    SweepState, UnknownSweepState {
        /// Being counted; nothing is changed yet.
        Counting = "counting",
        /// Counted; waits for a word.
        Counted = "counted",
        /// Rejecting.
        Running = "running",
        /// Stopped by a person; what was rejected until then stays so.
        Cancelled = "cancelled",
        /// All were rejected.
        Done = "done",
        /// Putting back.
        Undoing = "undoing",
        /// What was rejected is back.
        Undone = "undone",
    }
}

use SweepState::{Cancelled, Counted, Counting, Done, Running, Undoing, Undone};

/// Every step that is allowed.
pub const TRANSITIONS: &[(SweepState, SweepState)] = &[
    (Counting, Counted),
    (Counting, Cancelled),
    (Counted, Running),
    (Counted, Cancelled),
    (Running, Done),
    (Running, Cancelled),
    (Done, Undoing),
    // What was rejected before it was stopped is put back.
    (Cancelled, Undoing),
    (Undoing, Undone),
];

impl SweepState {
    /// Whether the step is in the table.
    pub fn may_become(self, next: Self) -> bool {
        TRANSITIONS.contains(&(self, next))
    }

    /// Whether a worker has something to do.
    pub fn is_working(self) -> bool {
        matches!(self, Counting | Running | Undoing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_rejected_that_was_not_counted_first() {
        let before: Vec<_> = TRANSITIONS
            .iter()
            .filter(|(_, next)| *next == Running)
            .collect();
        assert_eq!(before, [&(Counted, Running)]);
        assert!(SweepState::ALL.iter().all(|&next| !Undone.may_become(next)));
    }
}
