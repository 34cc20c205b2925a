//! What happens when things break while people sign and letters go: processes that are killed, a database that goes away, a full disk, clocks that
//! step, floods. Each test provokes one fault, whole programs before real databases, and counts exactly what is left.
//!
//! In the suite each takes seconds; `tests/faults/run` gives each its long form and prints its figures (docs/faults.md).

#![expect(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

mod clocks;
mod cluster;
mod collisions;
mod crowd;
mod database_away;
mod flood;
mod full_disk;
mod ground;
mod killing;
mod letters;
mod sweeping;
mod traces;
