//! What holds off abuse of one petition: limits, and lists of whom they spare and whom they shut out.
//!
//! Everything here is text that an organizer edits while people sign. A text with a bad line is refused whole
//! ([`guard::LineError`]), so that no half of an edit is ever in force.

pub mod disposable;
pub mod domain_pattern;
pub mod guard;
pub mod limits;
pub mod name_pattern;
pub mod network;
pub mod proof;
pub mod rehearsal;
pub mod roster;
pub mod sweep;
