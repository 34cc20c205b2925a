//! Letters and mails, from signatures to servers that fail.

#![expect(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

mod answers;
mod freezing;
mod killing;
mod mails;
mod pacing;
mod returns;
mod sending;
mod signing;
mod stage;
