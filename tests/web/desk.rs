//! Letters that were delivered, as officials, signers and everybody read of them.

mod closed;
mod freezing;
mod mailed;
mod pages;
mod reading;
mod receipts;
mod record;
mod seats;
mod verifying;
