//! Letters and mails, from signatures to servers that fail.

#![expect(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

mod answers;
mod direct;
mod freezing;
mod imap;
mod joining;
mod killing;
mod large;
mod mails;
mod pacing;
mod postfix;
mod recipients;
mod returns;
mod sending;
mod signing;
mod stage;
