//! Letters that were delivered, as officials, signers and everybody read of them.

mod answering;
mod closed;
mod freezing;
mod joining;
mod mailed;
mod pages;
mod reading;
mod receipts;
mod record;
pub mod seats;
mod verifying;
