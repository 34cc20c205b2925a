//! Who is who: one person under several spellings, two people under one.
//!
//! A list's own id decides where there is one. Otherwise names are compared within one jurisdiction, with
//! care: what differs only as lists differ (accents, order, an initial, a `Jr.` that one of them leaves out) is
//! one person; what may as well be a brother is told to a person and left apart.

mod compare;
mod identify;
mod name;
mod nickname;
mod posts;

pub use identify::Doubt;
pub(super) use identify::identify;
pub(super) use posts::may_be_held_together;

#[cfg(test)]
pub(super) use compare::{Likeness, compare};
#[cfg(test)]
pub(super) use name::PersonName;
